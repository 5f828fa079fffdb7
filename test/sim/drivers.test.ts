import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNTS, type Ledger, loadedMb, REASONS } from '../../src/engine/ledger.ts'
import { fixed } from '../../src/policy/policies/fixed.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { INSTANCES_MODEL, type InstancesModel, type Model, PAPER_MODEL, SPREADS } from '../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../src/sim/simulation.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { answers, type Execution, expectEqual, type FloorSteps, replay, traceOf, withFloor } from './scenario.ts'
import { examples } from '../examples.ts'

const HORIZON = 80

/** Traces so dense that finishes, loads, arrivals, pre-warms and unloads keep falling on the same milliseconds. */
const executions: fc.Arbitrary<Execution[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom('f', 'g'),
  ),
  { minLength: 1, maxLength: 40 },
)
const window = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2.5, 30, Number.POSITIVE_INFINITY))
const windows = fc.array(fc.tuple(fc.oneof(fc.constant(0), window), window), { minLength: 1, maxLength: 6 })
const coldStart = fc.integer({ min: 0, max: 5 })
const options = fc.record({
  coldStart,
  horizon: fc.constantFrom('cut', 'expire'),
  concurrency: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  reuse: fc.constantFrom('newest', 'oldest'),
  whileLoading: fc.constantFrom('new', 'join'),
  unit: fc.constantFrom('app', 'function'),
}) satisfies fc.Arbitrary<Partial<InstancesModel>>

const floorSteps: fc.Arbitrary<FloorSteps> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 45 }), fc.nat(3)), { maxLength: 5, selector: ([from]) => from })
  .map((steps) => steps.toSorted(([a], [b]) => a - b))
const lastMs = fc.option(fc.oneof(fc.nat(12), fc.constant(Number.POSITIVE_INFINITY)), { nil: undefined })

const HOUR_OF_MINUTES = 60
const cell = fc.tuple(
  fc.integer({ min: 0, max: HOUR_OF_MINUTES - 1 }),
  fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 200 })),
  fc.constantFrom('a', 'b'),
  fc.constantFrom('f', 'g', 'h'),
)

function countsOf(cells: readonly (readonly [number, number, string, string])[]): Trace {
  const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
  for (const [minute, count, app, fn] of cells) {
    const row = builder.functionRow('', app, fn)
    builder.addCount(row, minute, count)
    builder.addDuration(row, 700 * fn.charCodeAt(0) - 70_000, 1)
    builder.addMemory('', app, 1, 1)
  }
  return builder.build(HOUR_OF_MINUTES * 60_000, { files: [], defects: [] })
}

function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0)
}

function expectIdentities(ledger: Ledger): void {
  for (let app = 0; app < ledger.apps; app += 1) {
    const at = (account: (typeof ACCOUNTS)[number]): number => ledger[account][app]!
    const reasons = REASONS.reduce((sum, reason) => sum + at(reason), 0)
    expect(reasons).toBe(at('coldStarts'))
    expect(at('loads')).toBe(at('coldStarts') + at('prewarms'))
    expect(at('coldStarts') + at('joined') + at('drops')).toBeLessThanOrEqual(at('invocations'))
    expect(at('prewarmsUnused')).toBeLessThanOrEqual(at('prewarms'))
    for (const account of ACCOUNTS) expect(at(account)).toBeGreaterThanOrEqual(0)
  }
}

describe('all drivers', () => {
  it('give the same accounts on events dense in ties and overlaps, and the identities hold', () => {
    fc.assert(
      fc.property(executions, windows, options, (rows, given, world) => {
        const ledger = replay(traceOf(rows, HORIZON), answers(...given), world)
        expectIdentities(ledger)
        expect(total(ledger.invocations)).toBe(rows.length)
      }),
      { numRuns: examples(1500) },
    )
  })

  it('give the same accounts where a policy has floors and spares the last instance, and the identities hold', () => {
    fc.assert(
      fc.property(executions, windows, floorSteps, lastMs, options, (rows, given, steps, last, world) => {
        const policy = withFloor(answers(...given), steps, last)
        expectIdentities(replay(traceOf(rows, HORIZON), policy, world))
        const { horizon, unit } = world
        expectIdentities(replay(traceOf(rows, HORIZON), policy, { kind: 'paper', horizon, unit }))
      }),
      { numRuns: examples(1500) },
    )
  })

  it('give the accounts of no floor to a floor of 0, and of no sparing to one as long as the windows', () => {
    fc.assert(
      fc.property(executions, windows, options, (rows, given, world) => {
        const policy = answers(...given)
        const trace = traceOf(rows, HORIZON)
        expectEqual(
          replay(
            trace,
            withFloor(
              policy,
              [
                [0, 0],
                [30, 0],
              ],
              0,
            ),
            world,
          ),
          replay(trace, policy, world),
        )
      }),
      { numRuns: examples(500) },
    )
  })

  it('give the same accounts in the paper model', () => {
    const paper = fc.record({ horizon: fc.constantFrom('cut', 'expire'), unit: fc.constantFrom('app', 'function') })
    fc.assert(
      fc.property(executions, windows, paper, (rows, given, world) => {
        expectIdentities(replay(traceOf(rows, HORIZON), answers(...given), { kind: 'paper', ...world }))
      }),
      { numRuns: examples(1000) },
    )
  })

  it('give the same accounts on minute counts, whatever the spread, the model and the policy', () => {
    const models = fc.record({ spread: fc.constantFrom(...SPREADS), kind: fc.constantFrom('paper', 'instances') })
    const policy = fc.constantFrom(...policies.all)
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 40 }),
        models,
        policy,
        fc.nat(),
        (cells, world, definition, seed) => {
          const trace = countsOf(cells)
          const model = { ...(world.kind === 'paper' ? PAPER_MODEL : INSTANCES_MODEL), ...world } as Model
          const run = (replay?: string): Ledger =>
            runSimulation({ trace, model, policy: definition, seed, ...(replay === undefined ? {} : { replay }) })
          const ledger = run()
          for (const each of suitableReplays({ trace, model, policy: definition, seed })) expectEqual(run(each), ledger)
          expectIdentities(ledger)
          expect(total(ledger.invocations)).toBe(trace.invocations)
        },
      ),
      { numRuns: examples(200) },
    )
  })
})

describe('resident time', () => {
  it('is busy plus idle plus loading time, as the hosts of loads and unloads saw it', () => {
    const whole = windows.map((list) => list.map(([a, b]) => [Math.floor(a), Math.floor(b)] as const))
    fc.assert(
      fc.property(executions, whole, options, (rows, given, world) => {
        // Cut at the end of a bucket, so that the timeline covers the accounts whole.
        const ledger = replay(traceOf(rows, 60_000), answers(...given), { ...world, horizon: 'cut', unit: 'app' })
        const accounted = total(ledger.idleMs) + total(ledger.busyMs) + total(ledger.loadingMs)
        const resident = total(loadedMb(ledger.timeline, 60_000)) * ledger.timeline.bucketMs
        expect(resident).toBeCloseTo(accounted, 6)
      }),
      { numRuns: examples(500) },
    )
  })
})

describe('a longer fixed window', () => {
  it('never has more cold starts nor less idle time', () => {
    const keepAlive = fc.integer({ min: 0, max: 30 })
    const world = fc.record({
      kind: fc.constantFrom('paper', 'instances'),
      horizon: fc.constantFrom('cut', 'expire'),
      reuse: fc.constantFrom('newest', 'oldest'),
    })
    fc.assert(
      fc.property(executions, keepAlive, keepAlive, world, (rows, one, other, given) => {
        const trace = traceOf(rows, HORIZON)
        const base = given.kind === 'paper' ? PAPER_MODEL : { ...INSTANCES_MODEL, coldStart: 0 }
        const run = (ms: number): Ledger =>
          runSimulation({
            trace,
            model: { ...base, ...given } as Model,
            policy: fixed,
            params: { keepAlive: ms },
            seed: 1,
          })
        const short = run(Math.min(one, other))
        const long = run(Math.max(one, other))
        expect(total(long.coldStarts)).toBeLessThanOrEqual(total(short.coldStarts))
        expect(total(long.idleMs)).toBeGreaterThanOrEqual(total(short.idleMs))
      }),
      { numRuns: examples(1000) },
    )
  })
})

describe('the order of apps in the source', () => {
  it('changes no bit of any account', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), fc.constantFrom(...SPREADS), (cells, spread) => {
        const model: Model = { ...INSTANCES_MODEL, spread }
        const run = (trace: Trace): Ledger =>
          runSimulation({ trace, model, policy: fixed, params: { keepAlive: 90_000 }, seed: 3 })
        expectEqual(run(countsOf(cells.toReversed())), run(countsOf(cells)))
      }),
      { numRuns: examples(100) },
    )
  })
})
