/** What each part of a cycle costs at each of several levels. */
export interface LevelCosts {
  /** Rising. */
  readonly levels: readonly number[]
  readonly parts: number
  /** `parts` rows of one finite cost a level. */
  readonly cost: Float64Array
}

/** A way through a cycle: the index of each part's level, what it costs, and how often it changes. */
export interface Schedule {
  readonly choice: Uint32Array
  readonly cost: number
  /** Parts whose level differs from the part before; the last part comes before the first. */
  readonly changes: number
}

/**
 * The cheapest choice of a level for each part of a cycle with at most `mostChanges` changes; of equally cheap ones that
 * with the fewest changes, of those again the one that is lowest where it begins. Exact, by dynamic programming over the
 * parts, levels and changes made so far, once for each level to begin with.
 */
export function cheapestSchedule(costs: LevelCosts, mostChanges: number): Schedule {
  const free = bestOf(costs, (first) => freely(costs, first))
  if (free.changes <= mostChanges) return free
  return bestOf(costs, (first) => bounded(costs, first, mostChanges))
}

function bestOf({ levels }: LevelCosts, from: (first: number) => Schedule | undefined): Schedule {
  let best: Schedule | undefined
  for (const first of levels.keys()) {
    const found = from(first)
    if (found === undefined) continue
    const isBetter =
      best === undefined || found.cost < best.cost || (found.cost === best.cost && found.changes < best.changes)
    if (isBetter) best = found
  }
  return best!
}

/** The best schedule that begins with a level, however many changes it takes. */
function freely({ levels, parts, cost }: LevelCosts, first: number): Schedule {
  const width = levels.length
  let at = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  let made = new Float64Array(width)
  at[first] = cost[first]!
  const cameFrom = new Uint32Array(parts * width)
  for (let part = 1; part < parts; part += 1) {
    const cheapest = leastOf(at, made)
    const next = new Float64Array(width)
    const nextMade = new Float64Array(width)
    for (let level = 0; level < width; level += 1) {
      const stays = at[level]! < at[cheapest]! || (at[level] === at[cheapest] && made[level]! <= made[cheapest]! + 1)
      const source = stays ? level : cheapest
      next[level] = at[source]! + cost[part * width + level]!
      nextMade[level] = made[source]! + (stays ? 0 : 1)
      cameFrom[part * width + level] = source
    }
    at = next
    made = nextMade
  }
  const closed = made.map((changes, level) => changes + (level === first ? 0 : 1))
  const last = leastOf(at, closed)
  const choice = new Uint32Array(parts)
  for (let part = parts - 1, level = last; part >= 0; part -= 1) {
    choice[part] = level
    level = cameFrom[part * width + level]!
  }
  return { choice, cost: at[last]!, changes: closed[last]! }
}

/** The level that costs least, of several the one with the fewest changes. */
function leastOf(at: Float64Array, made: Float64Array): number {
  let best = 0
  for (let level = 1; level < at.length; level += 1) {
    if (at[level]! < at[best]! || (at[level] === at[best] && made[level]! < made[best]!)) best = level
  }
  return best
}

/** The best schedule that begins with a level and changes at most so often; undefined when there is none. */
function bounded({ levels, parts, cost }: LevelCosts, first: number, most: number): Schedule | undefined {
  const width = levels.length
  const layer = (most + 1) * width
  let at = new Float64Array(layer).fill(Number.POSITIVE_INFINITY)
  at[first] = cost[first]!
  const cameFrom = new Uint32Array(parts * layer)
  for (let part = 1; part < parts; part += 1) {
    const next = new Float64Array(layer)
    for (let made = 0; made <= most; made += 1) {
      const changing = made === 0 ? -1 : leastIn(at, (made - 1) * width, width)
      for (let level = 0; level < width; level += 1) {
        const state = made * width + level
        const source = changing >= 0 && at[changing]! < at[state]! ? changing : state
        next[state] = at[source]! + cost[part * width + level]!
        cameFrom[part * layer + state] = source
      }
    }
    at = next
  }
  // Unreachable and too changeable ends cost Infinity.
  const closed = at.map((_, state) => Math.floor(state / width) + (state % width === first ? 0 : 1))
  const last = leastOf(
    at.map((price, state) => (closed[state]! <= most ? price : Number.POSITIVE_INFINITY)),
    closed,
  )
  if (closed[last]! > most || at[last] === Number.POSITIVE_INFINITY) return undefined
  const choice = new Uint32Array(parts)
  for (let part = parts - 1, state = last; part >= 0; part -= 1) {
    choice[part] = state % width
    state = cameFrom[part * layer + state]!
  }
  return { choice, cost: at[last]!, changes: changesIn(choice) }
}

function leastIn(at: Float64Array, from: number, count: number): number {
  let best = from
  for (let state = from + 1; state < from + count; state += 1) if (at[state]! < at[best]!) best = state
  return best
}

/** How often a cyclic choice changes. */
export function changesIn(choice: ArrayLike<number>): number {
  let changes = 0
  for (let part = 0; part < choice.length; part += 1) {
    if (choice[part] !== choice[(part === 0 ? choice.length : part) - 1]) changes += 1
  }
  return changes
}
