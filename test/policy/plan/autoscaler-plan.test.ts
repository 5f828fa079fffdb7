import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import type { AutoscalerRules } from '../../../src/policy/plan/plan.ts'
import { planPolicy } from '../../../src/policy/plan/plan-policy.ts'
import { kpa } from '../../../src/policy/policies/kpa.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { appPlan, planOf } from '../../export/exported.ts'
import { type Execution, expectEqual, traceOf } from '../../sim/scenario.ts'

const HORIZON = 20 * MINUTE

/** Executions of two apps, many of them at the moments of others and of the loop's turns. */
const executions = fc.array(
  fc.tuple(
    fc.oneof(
      fc.nat(HORIZON - 1),
      fc.nat(HORIZON / (2 * SECOND) - 1).map((turn) => turn * 2 * SECOND),
    ),
    fc.oneof(fc.constant(0), fc.nat(3 * MINUTE), fc.nat(1000)),
    fc.constantFrom('shop', 'mailer'),
  ),
  { minLength: 1, maxLength: 40 },
)

const models: fc.Arbitrary<Model> = fc.oneof(
  fc.constant(PAPER_MODEL),
  fc
    .record({
      concurrency: fc.constantFrom(1, 2, 5),
      coldStart: fc.constantFrom(0, 700, 5000),
      whileLoading: fc.constantFrom('new' as const, 'join' as const),
      reuse: fc.constantFrom('newest' as const, 'oldest' as const),
    })
    .map((options) => ({ ...INSTANCES_MODEL, ...options })),
)

const rules: fc.Arbitrary<AutoscalerRules> = fc.record(
  {
    stableMs: fc.constantFrom(6 * SECOND, 7500, MINUTE),
    downDelayMs: fc.constantFrom(0, 1500, 90 * SECOND),
    graceMs: fc.constantFrom(0, 1, 30 * SECOND, 5 * MINUTE),
    target: fc.constantFrom(0.7, 1, 3),
  },
  { requiredKeys: ['stableMs', 'downDelayMs', 'graceMs'] },
)

it('a plan with an autoscaler gives the accounts of kpa with its parameters, in every replay that suits either', () => {
  const seen = new Set<string>()
  const property = fc.property(executions, models, rules, fc.constantFrom(1, 4, Infinity), (rows, model, loop, own) => {
    const trace = traceOf(
      rows.map(([start, took, app]): Execution => [start, Math.min(took, HORIZON - start), app]),
      HORIZON,
    )
    // Without a target an instance is to have what it serves in the plan, and Knative's own where that is any number.
    const target = loop.target ?? (own === Infinity ? undefined : own)
    const params = {
      stable: loop.stableMs,
      downDelay: loop.downDelayMs,
      grace: loop.graceMs,
      ...(target === undefined ? {} : { target, utilisation: 100 }),
    }
    const plan = planOf(['shop', 'mailer'].map((app) => appPlan({ app, concurrency: own, autoscaler: loop })))
    const byKpa = { trace, model, seed: 1, policy: kpa, params }
    const byPlan = { trace, model, seed: 1, policy: planPolicy(plan) }
    const expected = runSimulation(byKpa)
    for (const replay of suitableReplays(byKpa)) expectEqual(runSimulation({ ...byKpa, replay }), expected)
    for (const replay of suitableReplays(byPlan)) {
      seen.add(replay)
      expectEqual(runSimulation({ ...byPlan, replay }), expected)
    }
  })
  fc.assert(property, { numRuns: 150 })
  // Whatever is fast for windows must not take a loop.
  expect([...seen].toSorted()).toEqual(['by-app', 'by-time'])
})
