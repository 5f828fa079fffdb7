import { UserError } from './user-error.ts'

/** What every plug-in says of itself. */
export interface Described {
  readonly id: string
  /** One sentence. */
  readonly summary: string
}

/** The typed list of one kind of plug-in: choices, help and validation all come from it. */
export interface Registry<T extends Described> {
  readonly kind: string
  readonly all: readonly T[]
  readonly ids: readonly string[]
  /** The plug-in of that id. Throws a {@link UserError} at `where` that names the nearest id. */
  get(id: string, where: string): T
}

/**
 * Makes the list of one kind of plug-in, `kind` being the word for one of them (`policy`, `trace format`). `besides` is a
 * sentence on what may be named that is not in the list.
 */
export function registry<T extends Described>(kind: string, all: readonly T[], besides?: string): Registry<T> {
  const byId = new Map(all.map((plugin) => [plugin.id, plugin]))
  if (byId.size !== all.length) throw new Error(`two plug-ins of the kind "${kind}" share an id`)
  const ids = [...byId.keys()]
  return {
    kind,
    all,
    ids,
    get(id, where) {
      const found = byId.get(id)
      if (found !== undefined) return found
      const near = nearest(id, ids)
      const there = [`There are: ${ids.join(', ')}.`, ...(besides === undefined ? [] : [besides])].join(' ')
      const hint = near === undefined ? there : `Did you mean "${near}"?`
      throw new UserError({ where, problem: `no ${kind} called ${JSON.stringify(id)}`, hint })
    },
  }
}

/**
 * The candidate that a misspelt word most likely meant, or whose beginning it did (`hybird` for `hybrid-histogram`);
 * undefined when none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const small = word.toLowerCase()
  const most = small.length < 4 ? 1 : Math.max(2, Math.floor(small.length / 3))
  let best: string | undefined
  let bestDistance = most + 1
  for (const candidate of candidates) {
    const whole = candidate.toLowerCase()
    // A beginning is the weaker likeness: half a letter worse than the same distance from the whole.
    const beginning =
      small.length < 4 ? Number.POSITIVE_INFINITY : editDistance(small, whole.slice(0, small.length)) + 0.5
    const distance = Math.min(editDistance(small, whole), beginning)
    if (distance >= bestDistance) continue
    best = candidate
    bestDistance = distance
  }
  return best
}

/** Letters to insert, drop, replace or swap with their neighbour to make `b` of `a` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const above = rows[row - 1]!
      const replace = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = isSwapped ? rows[row - 2]![column - 2]! + 1 : replace
      current.push(Math.min(replace, swap, above[column]! + 1, current[column - 1]! + 1))
    }
    rows.push(current)
  }
  return rows[a.length]![b.length]!
}
