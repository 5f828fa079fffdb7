import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { LeastPlan, mpc } from '../../../src/policy/policies/mpc.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'

const firstStep = (
  demand: readonly number[],
  held: number,
  given: ConstructorParameters<typeof LeastPlan>[0],
): number => new LeastPlan(given).firstStep(demand, held)

const costs = { unserved: 10, start: 1, smoothness: 0 }

byHand('plans, by hand, to load for a demand that is worth it and to keep an instance over a gap that is short', () => {
  expect(firstStep([1], 0, costs)).toBe(1)
  // Loading costs 1, as much as a tenth of an execution unserved.
  expect(firstStep([0.05], 0, costs)).toBe(0)
  expect(firstStep([2, 2], 5, costs)).toBe(2)
  // Holding over one idle step costs 1, loading again 3; over four idle steps 4.
  expect(firstStep([0, 1], 1, { ...costs, start: 3 })).toBe(1)
  expect(firstStep([0, 0, 0, 0, 1], 1, { ...costs, start: 3 })).toBe(0)
})

asNaive('finds a plan of least cost, as trying all plans shows', () => {
  const price = fc.constantFrom(0, 0.5, 1, 3, 10)
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0.5, 1, 1.5, 3), { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      fc.record({ unserved: price, start: price, smoothness: price }),
      (demand, held, given) => {
        const cheapest = (from: number, step: number): number =>
          step === demand.length ? 0 : Math.min(...[0, 1, 2, 3].map((to) => by(from, to, step)))
        const by = (from: number, to: number, step: number): number =>
          given.smoothness * Math.abs(to - from) +
          given.start * Math.max(0, to - from) +
          given.unserved * Math.max(0, demand[step]! - to) +
          Math.max(0, to - demand[step]!) +
          cheapest(to, step + 1)
        expect(by(held, firstStep(demand, held, given), 0)).toBeCloseTo(cheapest(held, 0), 9)
      },
    ),
    { numRuns: 200, seed: 5 },
  )
})

it('holds what is called each minute, and lets it go when it is called no more', () => {
  const trace = traceOf(
    Array.from({ length: 120 }, (_, minute): Execution => [minute * MINUTE + 1, 0]),
    300 * MINUTE,
  )
  const found = runSimulation({ trace, model: PAPER_MODEL, policy: mpc, seed: 1 })
  const late = runSimulation({ trace, model: PAPER_MODEL, policy: mpc, seed: 1, accountFromMs: 60 * MINUTE })
  expect(rowOf(late).coldStarts ?? 0).toBe(0)
  expect(rowOf(late).idleMs!).toBeLessThan(130 * MINUTE)
  for (const replay of suitableReplays({ trace, model: PAPER_MODEL, policy: mpc, seed: 1 }))
    expectEqual(runSimulation({ trace, model: PAPER_MODEL, policy: mpc, seed: 1, replay }), found)
})
