/** One request to a cache: of which app, at what time. */
export interface Request {
  readonly app: number
  readonly now: number
}

/** What a plain cache may rank an app by when it was just used. */
export interface Use {
  readonly app: number
  /** Requests since the app was last fetched, that one included. */
  readonly uses: number
  /** The highest rank that was evicted so far. */
  readonly clock: number
  /** The number of the request. */
  readonly turn: number
}

/**
 * The misses of a cache that evicts the lowest rank, of equal ranks the least recently used; a rank is given at every
 * use. Sizes and the capacity are whole numbers.
 */
export function plainCache(
  requests: readonly Request[],
  sizes: readonly number[],
  capacity: number,
  rank: (use: Use) => number,
): number[] {
  const misses = sizes.map(() => 0)
  const uses = sizes.map(() => 0)
  const held = new Map<number, number>()
  let clock = 0
  for (const [turn, { app }] of requests.entries()) {
    if (!held.has(app)) misses[app]! += 1
    const needed = held.has(app) ? 0 : sizes[app]!
    while (used(held, sizes) + needed > capacity) {
      const lowest = Math.min(...held.values())
      const victim = [...held.keys()].find((each) => held.get(each) === lowest)!
      clock = Math.max(clock, lowest)
      uses[victim] = 0
      held.delete(victim)
    }
    uses[app]! += 1
    // Deleted first, so that the map is in the order of the latest use.
    held.delete(app)
    held.set(app, rank({ app, uses: uses[app]!, clock, turn }))
  }
  return misses
}

/** The misses of Landlord as its paper states it, with credits that rent lowers. */
export function landlordCache(
  requests: readonly Request[],
  sizes: readonly number[],
  capacity: number,
  costs: readonly number[],
): number[] {
  const misses = sizes.map(() => 0)
  const credit = new Map<number, number>()
  for (const { app } of requests) {
    if (!credit.has(app)) {
      misses[app]! += 1
      while (used(credit, sizes) + sizes[app]! > capacity) {
        const rent = Math.min(...[...credit].map(([each, left]) => left / sizes[each]!))
        for (const [each, left] of credit) credit.set(each, left - rent * sizes[each]!)
        credit.delete([...credit.keys()].find((each) => credit.get(each) === 0)!)
      }
    }
    credit.delete(app)
    credit.set(app, costs[app]!)
  }
  return misses
}

/** The misses of a cache that evicts the least recently used. */
export function lruCache(requests: readonly Request[], sizes: readonly number[], capacity: number): number[] {
  const misses = sizes.map(() => 0)
  const held = new Set<number>()
  for (const { app } of requests) {
    if (!held.delete(app)) misses[app]! += 1
    while (used(held, sizes) + sizes[app]! > capacity) held.delete([...held.keys()][0]!)
    held.add(app)
  }
  return misses
}

function used(held: Set<number> | Map<number, unknown>, sizes: readonly number[]): number {
  return [...held.keys()].reduce((sum, app) => sum + sizes[app]!, 0)
}
