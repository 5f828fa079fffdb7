import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { type MissCurve, missesAt } from '../../../src/sim/curve/miss-curve.ts'
import { CLUSTER_MODEL, type Model, PAPER_MODEL, SPREADS } from '../../../src/sim/model.ts'
import { lruCurve } from '../../../src/sim/curve/reuse-distance.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { arrivalsInTime } from '../../../src/trace/arrivals/arrivals-in-time.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { byFunction } from '../../../src/trace/by-function.ts'
import type { Trace } from '../../../src/trace/trace.ts'

/** What the curve assumes, as options of a cluster's model; the durations of `countsOf` are 0. */
const EQUAL_CONDITIONS = { concurrency: Number.POSITIVE_INFINITY, coldStart: 0, eviction: 'lru' } as const
const EVENTS = { unit: 'app', memory: 'trace', spread: 'minute' } as const

/** One invocation a millisecond, each of the app named by a letter; `memoryMb` by letter. */
function sequence(letters: string, memoryMb: Readonly<Record<string, number>>): Trace {
  const builder = new TraceBuilder({ id: 'sequence', format: 'events' })
  for (const [now, letter] of [...letters].entries()) builder.addEvent(builder.functionRow('', letter, 'f'), now, 0)
  for (const [letter, mb] of Object.entries(memoryMb)) builder.addMemory('', letter, mb, 1)
  return builder.build(letters.length, { files: [], defects: [] })
}

function curveOf(trace: Trace, options: Partial<Parameters<typeof lruCurve>[0]['model']> = {}, seed = 1): MissCurve {
  return lruCurve({ trace, model: { ...EVENTS, ...options }, seed })
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}

/** An LRU cache as it is told in ten lines: sizes and memory in units of 1/64 MB. */
function lruMisses(apps: readonly number[], size: (app: number) => number, memory: number): number {
  const latestLast = new Set<number>()
  let used = 0
  let misses = 0
  for (const app of apps) {
    if (latestLast.delete(app)) used -= size(app)
    else misses += 1
    for (const oldest of latestLast) if (used + size(app) > memory && latestLast.delete(oldest)) used -= size(oldest)
    if (used + size(app) <= memory && latestLast.add(app)) used += size(app)
  }
  return misses
}

/** The apps of single invocations in time order. */
function invocationsOf(trace: Trace, spread: (typeof SPREADS)[number], seed: number): number[] {
  const arrivals = arrivalsInTime(trace, spread, seed)
  const apps: number[] = []
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1) {
      for (let count = arrivals.block.count[row]!; count > 0; count -= 1) apps.push(arrivals.block.app[row]!)
    }
  }
  return apps
}

const HOUR_OF_MINUTES = 60
const cell = fc.tuple(
  fc.integer({ min: 0, max: HOUR_OF_MINUTES - 1 }),
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.constantFrom('f', 'g'),
)
// Memory that is and that is not a whole number of units.
const memory = fc.oneof(fc.integer({ min: 1, max: 900 }), fc.double({ min: 0.001, max: 500, noNaN: true }))
const cells = fc.array(cell, { minLength: 1, maxLength: 120 })

function countsOf(rows: readonly (readonly [number, number, string, string])[], mb: readonly number[]): Trace {
  const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
  for (const [minute, count, app, fn] of rows) {
    const row = builder.functionRow('', app, fn)
    builder.addCount(row, minute, count)
    builder.addMemory('', app, mb[app.charCodeAt(0) - 97]!, 1)
  }
  const trace = builder.build(HOUR_OF_MINUTES * 60_000, { files: [], defects: [] })
  // A builder takes a duration of 0 for a rounded one, and makes it 1 ms.
  return { ...trace, functions: { ...trace.functions, durationMs: new Float64Array(trace.functions.count) } }
}

describe('the curve of a sequence', () => {
  it('falls at each reuse distance by the arrivals that have it, down to the first uses', () => {
    //   a=1 MB b=2 MB c=4 MB    distance
    //   a                       first
    //   b                       first
    //   a                       1 + 2
    //   c                       first
    //   c                       4
    //   a                       1 + 4
    //   b                       2 + 1 + 4
    const curve = curveOf(sequence('abaccab', { a: 1, b: 2, c: 4 }))
    expect([...curve.sizeMb]).toEqual([0, 3, 4, 5, 7])
    expect([...curve.misses]).toEqual([7, 6, 5, 4, 3])
    expect(curve).toMatchObject({ invocations: 7, firstUses: 3, largestMb: 4, usedMb: 7, stepMb: 1 / 64 })
  })

  it('charges 1 MB an app with memory: equal', () => {
    const curve = curveOf(sequence('abaccab', { a: 1, b: 2, c: 4 }), { memory: 'equal' })
    expect([...curve.sizeMb]).toEqual([0, 1, 2, 3])
    expect([...curve.misses]).toEqual([7, 6, 4, 3])
  })

  it('rounds an app up to a whole sixty-fourth of an MB', () => {
    const curve = curveOf(sequence('abab', { a: 0.001, b: 2.001 }))
    expect([...curve.sizeMb]).toEqual([0, 2 + 2 / 64])
  })

  it('counts apps that are never invoked nowhere', () => {
    const curve = curveOf(sequence('aa', { a: 8, z: 1000 }))
    expect(curve).toMatchObject({ firstUses: 1, largestMb: 8, usedMb: 8 })
  })

  it('is all first uses where nothing is used twice, and empty where nothing is invoked', () => {
    const once = curveOf(sequence('abc', { a: 1, b: 1, c: 1 }))
    expect([[...once.sizeMb], [...once.misses]]).toEqual([[0], [3]])
    const none = curveOf(sequence('', { a: 1 }))
    expect([[...none.sizeMb], [...none.misses]]).toEqual([[0], [0]])
  })

  it('refuses to charge memory that the trace does not have', () => {
    expect(() => curveOf(sequence('aa', {}))).toThrow(UserError)
  })
})

describe('the curve of any trace', () => {
  it('is what a plain LRU cache counts at every size, sizes unequal, whatever the spread, the seed and the unit', () => {
    const sizes = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 })
    const world = fc.record({
      spread: fc.constantFrom(...SPREADS),
      unit: fc.constantFrom('app', 'function'),
      memory: fc.constantFrom('trace', 'equal'),
    })
    fc.assert(
      fc.property(
        cells,
        fc.array(memory, { minLength: 5, maxLength: 5 }),
        sizes,
        world,
        fc.nat(9),
        (rows, mb, at, model, seed) => {
          const trace = countsOf(rows, mb)
          const units = model.unit === 'app' ? trace : byFunction(trace)
          const apps = invocationsOf(units, model.spread, seed)
          const size = (app: number): number =>
            model.memory === 'equal' ? 64 : Math.max(1, Math.ceil(units.apps.memoryMb[app]! * 64))
          const curve = curveOf(trace, model, seed)
          const highest = 1.1 * curve.usedMb
          // At random sizes, and where the curve steps: just below, and there.
          const steps = [...curve.sizeMb].flatMap((mb) => [mb - 1 / 64, mb])
          for (const mb of [...at.map((part) => (part / 1000) * highest), ...steps].filter((each) => each >= 0)) {
            expect([mb, missesAt(curve, mb)]).toEqual([mb, lruMisses(apps, size, Math.floor(mb * 64))])
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('ends in the cold starts that a simulation without unloading has, from the memory of all apps on', () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(...SPREADS), fc.constantFrom('app', 'function'), (rows, spread, unit) => {
        const trace = countsOf(rows, [1, 2, 3, 4, 5])
        const model = { ...PAPER_MODEL, spread, unit }
        const ledger = runSimulation({ trace, model, policy: noUnload, params: {}, seed: 1 })
        const curve = lruCurve({ trace, model, seed: 1 })
        expect(missesAt(curve, curve.usedMb)).toBe(sum(ledger.coldStarts))
        expect(curve.invocations).toBe(sum(ledger.invocations))
      }),
      { numRuns: 100 },
    )
  })

  it('is what a sweep of a cluster under equal conditions finds, point for point', () => {
    const world = fc.record({ spread: fc.constantFrom(...SPREADS), unit: fc.constantFrom('app', 'function') })
    fc.assert(
      fc.property(
        cells,
        fc.array(memory, { minLength: 5, maxLength: 5 }),
        world,
        fc.nat(9),
        (rows, mb, given, seed) => {
          const trace = countsOf(rows, mb)
          const curve = lruCurve({ trace, model: { ...given, memory: 'trace' }, seed })
          const sizes = [...curve.sizeMb, curve.largestMb, curve.usedMb, 1.5 * curve.largestMb]
          for (const memoryMb of sizes.filter((size) => size >= curve.largestMb)) {
            const model: Model = { ...CLUSTER_MODEL, ...given, ...EQUAL_CONDITIONS, nodes: [{ count: 1, memoryMb }] }
            const ledger = runSimulation({ trace, model, policy: noUnload, params: {}, seed })
            expect([memoryMb, sum(ledger.coldStarts), sum(ledger.drops)]).toEqual([
              memoryMb,
              missesAt(curve, memoryMb),
              0,
            ])
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('never rises', () => {
    const { sizeMb, misses } = curveOf(sequence('abcabdabeacbdeabcd', { a: 5, b: 3, c: 9, d: 1, e: 20 }))
    expect([...sizeMb]).toEqual([...new Set(sizeMb)].toSorted((a, b) => a - b))
    expect([...misses]).toEqual([...new Set(misses)].toSorted((a, b) => b - a))
  })

  it('says how far it is, up to the end', () => {
    const done: number[] = []
    const trace = countsOf([[3, 2, 'a', 'f']], [1, 1, 1, 1, 1])
    lruCurve({ trace, model: EVENTS, seed: 1, onProgress: (share) => done.push(share) })
    expect(done.length).toBeGreaterThan(1)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(done.at(-1)).toBe(1)
  })
})

describe('the curve of more memory than can be counted unit by unit', () => {
  const trace = sequence('abacbcab', { a: 3e6, b: 10.5, c: 7.25 })

  it('is exact at all multiples of the step that it states', () => {
    const curve = curveOf(trace)
    // 3,000,017.75 MB are 192,001,136 units, which 2^22 steps of 64 units cover.
    expect(curve.stepMb).toBe(1)
    const apps = invocationsOf(trace, 'minute', 1)
    const size = (app: number): number => trace.apps.memoryMb[app]! * 64
    for (const mb of [0, 7, 8, 17, 18, 19, 3_000_000, 3_000_010, 3_000_011, 3_000_017, 3_000_018, 4e6]) {
      expect([mb, missesAt(curve, mb)]).toEqual([mb, lruMisses(apps, size, mb * 64)])
    }
  })

  it('is at other sizes what it is at the next lower multiple, so that it never promises too much', () => {
    const curve = curveOf(trace)
    expect(missesAt(curve, 17.99)).toBe(missesAt(curve, 17))
    expect(missesAt(curve, 17.99)).toBeGreaterThan(missesAt(curve, 18))
  })
})
