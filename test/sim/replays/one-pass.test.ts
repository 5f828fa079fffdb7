import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLedger } from '../../../src/engine/ledger.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { none } from '../../../src/policy/policies/none.ts'
import { NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import type { Plan } from '../../../src/policy/plan/plan.ts'
import { planPolicy } from '../../../src/policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL, SPREADS } from '../../../src/sim/model.ts'
import {
  passOf,
  type Simulation,
  runSimulation,
  simulateTogether,
  suitableReplays,
  unitsOf,
} from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers, expectEqual } from '../scenario.ts'

const MINUTES = 90
const cells = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: MINUTES - 1 }),
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.constant(5000) }),
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom('f', 'g'),
  ),
  { minLength: 1, maxLength: 30 },
)

function counts(rows: readonly (readonly [minute: number, count: number, app: string, fn: string])[]): Trace {
  const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
  for (const [minute, count, app, fn] of rows) {
    const row = builder.functionRow('', app, fn)
    builder.addCount(row, minute, count)
    builder.addDuration(row, fn === 'f' ? 300 : 90_000, 1)
    builder.addMemory('', app, 1, 1)
  }
  return builder.build(MINUTES * 60_000, { files: [], defects: [] })
}

/** Answers as a policy of the scope `fleet`, which goes in time order. */
const fleet: PolicyDefinition = { ...answers([0, 60_000], [120_000, 300_000]), scope: 'fleet' }
const policy = fc.constantFrom<PolicyDefinition>(
  fixed as unknown as PolicyDefinition,
  hybridHistogram as unknown as PolicyDefinition,
  answers([0, 90_000.5], [60_000, 30_000]),
  fleet,
)
const run = fc.record({
  policy,
  kind: fc.constantFrom('paper', 'instances'),
  horizon: fc.constantFrom('cut', 'expire'),
  concurrency: fc.constantFrom(1, 2),
  warmAtStart: fc.constantFrom('none', 'all'),
  accountFromMs: fc.constantFrom(0, 30 * 60_000),
})

it('one pass over the arrivals gives each of its runs the accounts that it has alone, bit for bit', () => {
  fc.assert(
    fc.property(
      cells,
      fc.constantFrom(...SPREADS),
      fc.constantFrom('app', 'function'),
      fc.array(run, { minLength: 2, maxLength: 6 }),
      (rows, spread, unit, runs) => {
        const trace = counts(rows)
        const simulations = runs.map(
          ({ policy: each, kind, horizon, concurrency, accountFromMs, warmAtStart }): Simulation => {
            const common = { spread, unit, horizon, warmAtStart } as const
            const model: Model =
              kind === 'paper' ? { ...PAPER_MODEL, ...common } : { ...INSTANCES_MODEL, ...common, concurrency }
            return { trace, model, policy: each, seed: 3, accountFromMs }
          },
        )
        const units = unitsOf(trace, simulations[0]!.model)
        const participants = simulations.map((simulation) => ({
          simulation: { ...simulation, trace: units },
          ledger: createLedger(units.apps.count, units.horizonMs, undefined, simulation.accountFromMs),
        }))
        const failures = simulateTogether(participants, { from: 0, to: units.apps.count })
        expect(failures.every((failure) => failure === undefined)).toBe(true)
        for (const [index, simulation] of simulations.entries())
          expectEqual(participants[index]!.ledger, runSimulation(simulation))
      },
    ),
    { numRuns: 60 },
  )
})

/** Policies whose answers never change, some of them in fractions of a ms, and others. */
const steady = fc.constantFrom<PolicyDefinition>(
  fixed as unknown as PolicyDefinition,
  none as unknown as PolicyDefinition,
  noUnload as unknown as PolicyDefinition,
  planPolicy({
    plan: 'pilotlight',
    version: 1,
    startMinute: 0,
    timeZone: 'UTC',
    apps: [
      { app: 'a', prewarmMs: 120_000, keepAliveMs: 180_000, floor: NO_FLOOR },
      { app: 'b', prewarmMs: 0.25, keepAliveMs: 60_000.1, floor: NO_FLOOR },
      { app: 'c', prewarmMs: 0, keepAliveMs: 60_000, floor: NO_FLOOR },
    ],
  } as unknown as Plan),
  fleet,
  hybridHistogram as unknown as PolicyDefinition,
)

it('every way of replaying that suits gives the same accounts in the model paper, bit for bit', () => {
  const met = new Set<string>()
  fc.assert(
    fc.property(
      cells,
      fc.constantFrom(...SPREADS),
      steady,
      run,
      (rows, spread, each, { horizon, accountFromMs, warmAtStart }) => {
        const trace = counts(rows)
        const model = { ...PAPER_MODEL, spread, horizon, warmAtStart }
        const simulation: Simulation = { trace, model, policy: each, seed: 3, accountFromMs }
        const expected = runSimulation({ ...simulation, replay: 'by-time' })
        for (const replay of suitableReplays(simulation)) {
          met.add(replay)
          expectEqual(runSimulation({ ...simulation, replay }), expected)
        }
      },
    ),
    { numRuns: 100 },
  )
  expect([...met].toSorted()).toEqual(['by-app', 'by-time', 'paper', 'paper-by-gaps', 'paper-in-time', 'quietly'])
})

it('a run that fails in a pass is told by its policy and app, and the others go on', () => {
  const trace = counts([
    [1, 2, 'a', 'f'],
    [3, 1, 'b', 'f'],
  ])
  const bad = answers([-1, 0])
  const ledgers = [0, 1, 2].map(() => createLedger(2, trace.horizonMs))
  const participants = [answers([0, 5]), bad, fleet].map((each, index) => ({
    simulation: { trace, model: PAPER_MODEL, policy: each, seed: 1 },
    ledger: ledgers[index]!,
  }))
  const [first, second, third] = simulateTogether(participants, { from: 0, to: 2 })
  expect([first, third]).toEqual([undefined, undefined])
  expect(second).toMatchObject({ name: 'UserError', message: expect.stringContaining('policy answers, app a') })
  expect([...ledgers[0]!.invocations]).toEqual([2, 1])
})

it('runs share a pass where they decide over the same units and have the same arrivals', () => {
  const trace = counts([[1, 2, 'a', 'f']])
  const key = (model: Partial<Model>, seed = 1): string =>
    passOf({ model: { ...PAPER_MODEL, ...model } as Model, seed }, trace)
  expect(key({ kind: 'instances' })).toBe(key({}))
  expect(key({}, 2)).toBe(key({}))
  expect(key({ spread: 'uniform' }, 2)).not.toBe(key({ spread: 'uniform' }))
  expect(key({ unit: 'function' })).not.toBe(key({}))
  expect(key({ spread: 'even' })).not.toBe(key({}))
})
