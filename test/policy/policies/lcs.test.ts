import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { lcs } from '../../../src/policy/policies/lcs.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'

const twice = (minute: number): Execution[] => [
  [minute * MINUTE, 10 * SECOND],
  [minute * MINUTE, 10 * SECOND],
]

const model = { ...INSTANCES_MODEL, coldStart: 0 }

byHand('keeps both instances warm by turns, by hand, where the newest would serve alone', () => {
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

asNaive('is as a list of instances, of which the one that has been idle longest serves', () => {
  const executions = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(executions, fc.nat(12), (rows, keepAlive) => {
      let [cold, idle] = [0, 0]
      const endOf: number[] = []
      for (const [start, duration] of rows.toSorted(([one], [other]) => one - other)) {
        const free = endOf.filter((end) => end <= start && start <= end + keepAlive)
        if (free.length === 0) cold += 1
        else {
          const longest = Math.min(...free)
          endOf.splice(endOf.indexOf(longest), 1)
          idle += start - longest
        }
        endOf.push(start + duration)
      }
      // Each that is left went when its window was over.
      idle += endOf.length * keepAlive
      const found = rowOf(
        runSimulation({ trace: traceOf(rows, 200), model, policy: lcs, params: { keepAlive }, seed: 1 }),
      )
      expect([found.coldStarts ?? 0, found.idleMs ?? 0]).toEqual([cold, idle])
    }),
    { numRuns: 100 },
  )
})
