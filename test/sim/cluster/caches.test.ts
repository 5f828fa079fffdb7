import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evictions } from '../../../src/sim/evictions/index.ts'
import { type Apps, forever, oneNode, runCluster, traceWith } from './cluster-scenario.ts'
import { landlordCache, lruCache, plainCache, type Request, type Use } from './plain-cache.ts'
import { examples } from '../../examples.ts'

/*
 * With executions that take no time, on one node and under no keep-alive policy, an eviction order is the replacement
 * policy of a cache, and cold starts are its misses.
 */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
const HORIZON = 60_000

/** Times between requests, in ms: 0 for two at once. */
const steps = fc.array(fc.tuple(fc.constantFrom(...NAMES.keys()), fc.integer({ min: 0, max: 2 })), {
  minLength: 1,
  maxLength: 80,
})
const sizes = fc.array(fc.constantFrom(1, 2, 3, 4), { minLength: NAMES.length, maxLength: NAMES.length })
const powers = fc.array(fc.constantFrom(1, 2, 4), { minLength: NAMES.length, maxLength: NAMES.length })
const costs = fc.array(fc.constantFrom(4, 8, 12, 16), { minLength: NAMES.length, maxLength: NAMES.length })
const capacity = fc.integer({ min: 4, max: 16 })

/** Requests in the order of the driver: by time, and by app at equal times. */
function requestsOf(given: readonly (readonly [number, number])[]): Request[] {
  let now = 0
  const requests = given.map(([app, step]) => ({ app, now: (now += step) }))
  return requests.toSorted((one, other) => one.now - other.now || one.app - other.app)
}

/** Requests so far apart that every load ends before the next. */
function farApart(given: readonly (readonly [number, number])[]): Request[] {
  return given.map(([app], turn) => ({ app, now: 100 * turn }))
}

/** Cold starts of each app, by name. */
function misses(
  requests: readonly Request[],
  apps: Apps,
  capacityMb: number,
  eviction: string,
  coldStart: 'trace' | 0 = 0,
): number[] {
  const executions = requests.map(({ app, now }) => [now, 0, NAMES[app]!] as const)
  const trace = traceWith(apps, executions, HORIZON)
  const ledger = runCluster(trace, forever, { nodes: oneNode(capacityMb), eviction, coldStart })
  const found = new Map(Array.from(ledger.coldStarts, (count, row) => [trace.apps.name.at(row), count]))
  return NAMES.map((name) => found.get(name) ?? 0)
}

function appsOf(mb: readonly number[], loadingMs: readonly number[] = []): Apps {
  return Object.fromEntries(NAMES.map((name, app) => [name, [mb[app]!, loadingMs[app] ?? 0]]))
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

describe('lru', () => {
  it('misses just when a plain LRU cache does, also where sizes are unequal', () => {
    fc.assert(
      fc.property(steps, sizes, capacity, (given, mb, room) => {
        const requests = requestsOf(given)
        expect(misses(requests, appsOf(mb), room, 'lru')).toEqual(lruCache(requests, mb, room))
      }),
      { numRuns: examples(300) },
    )
  })
})

describe('landlord', () => {
  it('misses just when credits that rent lowers say so', () => {
    fc.assert(
      fc.property(steps, powers, costs, capacity, (given, mb, loadingMs, room) => {
        const requests = farApart(given)
        const found = misses(requests, appsOf(mb, loadingMs), room, 'landlord', 'trace')
        expect(found).toEqual(landlordCache(requests, mb, room, loadingMs))
      }),
      { numRuns: examples(300) },
    )
  })
})

type RankOf = (mb: readonly number[], ms: readonly number[], all: readonly Request[]) => (use: Use) => number

/** Orders whose rank has nothing to do with loading times. */
const FREE_RANKS: Record<string, RankOf> = {
  lru:
    () =>
    ({ turn }) =>
      turn,
  lfu:
    () =>
    ({ uses }) =>
      uses,
  size:
    (mb) =>
    ({ app }) =>
      -mb[app]!,
  'faascache-size':
    (mb) =>
    ({ app, uses, clock }) =>
      clock + uses / mb[app]!,
  'soonest-to-expire': () => () => 0,
  belady:
    (_mb, _ms, all) =>
    ({ app, turn }) => {
      const next = all.findIndex((request, index) => index > turn && request.app === app)
      return next === -1 ? Number.NEGATIVE_INFINITY : -next
    },
}

const COSTLY_RANKS: Record<string, RankOf> = {
  'greedy-dual':
    (mb, ms) =>
    ({ app, uses, clock }) =>
      clock + (uses * ms[app]!) / mb[app]!,
  'faascache-freq':
    (_mb, ms) =>
    ({ app, uses, clock }) =>
      clock + uses * ms[app]!,
}

describe('an order by rank', () => {
  for (const [id, rankOf] of Object.entries(FREE_RANKS)) {
    it(`such as ${id} misses just when a plain cache does that evicts the lowest rank`, () => {
      fc.assert(
        fc.property(steps, sizes, capacity, (given, mb, room) => {
          const requests = requestsOf(given)
          const found = misses(requests, appsOf(mb), room, id)
          expect(found).toEqual(plainCache(requests, mb, room, rankOf(mb, [], requests)))
        }),
        { numRuns: examples(100) },
      )
    })
  }

  for (const [id, rankOf] of Object.entries(COSTLY_RANKS)) {
    it(`such as ${id} misses just when a plain cache does that evicts the lowest rank`, () => {
      fc.assert(
        fc.property(steps, sizes, costs, capacity, (given, mb, loadingMs, room) => {
          const requests = farApart(given)
          const found = misses(requests, appsOf(mb, loadingMs), room, id, 'trace')
          expect(found).toEqual(plainCache(requests, mb, room, rankOf(mb, loadingMs, requests)))
        }),
        { numRuns: examples(100) },
      )
    })
  }
})

describe('belady', () => {
  it('never misses more often than any other order where apps are equally large', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (given, room) => {
        const requests = requestsOf(given)
        const apps = appsOf(NAMES.map(() => 1))
        const least = total(misses(requests, apps, room, 'belady'))
        for (const { id } of evictions.all) {
          expect(total(misses(requests, apps, room, id)), id).toBeGreaterThanOrEqual(least)
        }
      }),
      { numRuns: examples(100) },
    )
  })
})
