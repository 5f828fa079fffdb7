import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import { lambdaLike } from '../../../src/policy/policies/lambda-like.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, made } from './made-context.ts'

function burst(at: number): Execution[] {
  return Array.from({ length: 8 }, (_, nth) => [at, 10 * SECOND + nth])
}

it('keeps the last instance for 27 minutes', () => {
  expect(after(made('lambda-like'), [1, 30])).toEqual({ load: 0, unload: 27 })
})

byHand('halves 16 idle instances every 5 minutes, by hand, until 3 are left', () => {
  const policy = made('lambda-like')
  for (let inUse = 1; inUse <= 16; inUse += 1) policy.rose!(0, 0, inUse)
  const ends = Array.from({ length: 15 }, (_, before) => policy.keepIdleMs!(0, 0, 15 - before) / MINUTE)
  // 16 idle: 8 are left after 5 minutes, 4 after 10, and the 3 that stay after 15.
  expect(ends).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 10, 10, 10, 10, 15, 27, 27])
})

it('counts the most in use anew once only one is', () => {
  const policy = made('lambda-like')
  for (const inUse of [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4]) policy.rose!(0, 0, inUse)
  expect(policy.keepIdleMs!(0, 0, 3)).toBe(5 * MINUTE)
})

it('does so in a simulation: of 8 instances 4 serve 7 minutes later', () => {
  const trace = traceOf([...burst(0), ...burst(7 * MINUTE)], 10 * MINUTE)
  const found = runSimulation({ trace, model: { ...INSTANCES_MODEL, coldStart: 0 }, policy: lambdaLike, seed: 1 })
  expect(rowOf(found)).toMatchObject({ invocations: 16, coldStarts: 12 })
})

asNaive(
  'is the same as halving the instances one time after the other until the one that became idle is among those that go',
  () => {
    const times = fc.record({
      most: fc.integer({ min: 1, max: 500 }),
      inUse: fc.nat(499),
      last: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(times, ({ most, inUse, last }) => {
        fc.pre(inUse < most)
        const policy = made('lambda-like', { last })
        for (let each = 1; each <= most; each += 1) policy.rose!(0, 0, each)
        let minutes = 0
        for (let left = most; left >= inUse + 1 && minutes < 27; left /= 2) minutes = Math.min(27, minutes + 5)
        expect(policy.keepIdleMs!(0, 0, inUse) / 60_000).toBe(inUse + 1 <= last ? 27 : minutes)
      }),
      { numRuns: 200 },
    )
  },
)
