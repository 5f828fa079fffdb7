import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { lcs } from '../../../src/policy/policies/lcs.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'

const twice = (minute: number): Execution[] => [
  [minute * MINUTE, 10 * SECOND],
  [minute * MINUTE, 10 * SECOND],
]

const model = { ...INSTANCES_MODEL, coldStart: 0 }

it('keeps both instances warm by turns, by hand, where the newest would serve alone', () => {
  const alone = [4, 8, 12, 16, 20].map((minute): Execution => [minute * MINUTE, 10 * SECOND])
  const trace = traceOf([...twice(0), ...alone, ...twice(24)], 25 * MINUTE)
  expect(rowOf(runSimulation({ trace, model, policy: lcs, seed: 1 })).coldStarts).toBe(2)
  expect(rowOf(runSimulation({ trace, model, policy: fixed, seed: 1 })).coldStarts).toBe(3)
})

it('is a fixed window in a world that serves with the oldest, whatever the model says', () => {
  const executions = fc.array(fc.tuple(fc.nat(60), fc.nat(9)), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(executions, fc.nat(12), fc.constantFrom('newest', 'oldest'), (rows, keepAlive, reuse) => {
      const trace = traceOf(rows, 100)
      const common = { trace, params: { keepAlive }, seed: 1 }
      const expected = runSimulation({ ...common, model: { ...model, reuse: 'oldest' }, policy: fixed })
      const simulation = { ...common, model: { ...model, reuse }, policy: lcs } as const
      for (const replay of suitableReplays(simulation)) expectEqual(runSimulation({ ...simulation, replay }), expected)
    }),
    { numRuns: 60 },
  )
})
