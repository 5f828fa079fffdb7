/**
 * The fewest cold starts, or their least cost, for each amount of idle memory: point by point, idle memory rising and cold
 * starts falling. Idle memory in MB x ms.
 */
export interface Frontier {
  readonly idle: Float64Array
  readonly cold: Float64Array
  /** Whether what lies between two points can be had or bounded by a straight line; else nothing better than the lower. */
  readonly between: 'line' | 'step'
}

/** The least number of cold starts at that idle memory. */
export function coldAt({ idle, cold, between }: Frontier, budget: number): number {
  const at = lastUpTo(idle, budget)
  if (at < 0) return Number.POSITIVE_INFINITY
  if (between === 'step' || at === idle.length - 1) return cold[at]!
  const part = (budget - idle[at]!) / (idle[at + 1]! - idle[at]!)
  return cold[at]! + part * (cold[at + 1]! - cold[at]!)
}

/** The last place whose value is at most `limit`; -1 where none is. */
function lastUpTo(rising: Float64Array, limit: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rising[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** At most so many points of a frontier, first and last among them, evenly spaced by cold starts. */
export function thinned(frontier: Frontier, most: number): Frontier {
  const { idle, cold } = frontier
  if (idle.length <= most) return frontier
  const keep: number[] = []
  const step = (cold[0]! - cold.at(-1)!) / (most - 1)
  for (let at = 0; at < idle.length; at += 1) {
    if (at === idle.length - 1 || keep.length === 0 || cold[keep.at(-1)!]! - cold[at]! >= step) keep.push(at)
  }
  return {
    idle: Float64Array.from(keep, (at) => idle[at]!),
    cold: Float64Array.from(keep, (at) => cold[at]!),
    between: 'step',
  }
}

/** One step along an app's own frontier: so much more idle memory for so many fewer cold starts. */
export interface Step {
  readonly idle: number
  readonly saved: number
}

/**
 * The frontier of choices that apps make each for itself: each app's steps must have falling savings per idle memory
 * (a convex hull), and the best step of all apps is always taken next. Exact at its points; between them nobody is below the
 * line.
 */
export function frontierOfSteps(cold: number, idle: number, steps: readonly Step[]): Frontier {
  const inOrder = steps.toSorted((one, other) => one.idle * other.saved - other.idle * one.saved)
  const idles = new Float64Array(inOrder.length + 1)
  const colds = new Float64Array(inOrder.length + 1)
  idles[0] = idle
  colds[0] = cold
  for (const [at, step] of inOrder.entries()) {
    idles[at + 1] = idles[at]! + step.idle
    colds[at + 1] = colds[at]! - step.saved
  }
  return { idle: idles, cold: colds, between: 'line' }
}

/** The steps along the lower left convex hull of points whose idle memory rises, from the first point on. */
export function hullSteps(idle: readonly number[], cold: readonly number[]): Step[] {
  const hull: number[] = []
  for (let at = 0; at < idle.length; at += 1) {
    if (hull.length > 0 && cold[at]! >= cold[hull.at(-1)!]!) continue
    while (hull.length > 1) {
      const [one, two] = [hull.at(-2)!, hull.at(-1)!]
      const before = (cold[one]! - cold[two]!) * (idle[at]! - idle[two]!)
      const after = (cold[two]! - cold[at]!) * (idle[two]! - idle[one]!)
      if (before > after) break
      hull.pop()
    }
    hull.push(at)
  }
  return hull.slice(1).map((at, index) => {
    const from = hull[index]!
    return { idle: idle[at]! - idle[from]!, saved: cold[from]! - cold[at]! }
  })
}
