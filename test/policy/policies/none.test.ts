import fc from 'fast-check'
import { expect } from 'vitest'
import { none } from '../../../src/policy/policies/none.ts'
import { asNaive, byHand } from './evidence.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

byHand('is cold at each use but one at the very moment of another', () => {
  expect(coldAndIdle(none, [0, 1, 1, 5], 60)).toEqual({ cold: 3, idle: 0 })
})

asNaive('has as many cold starts as there are different times of use, and holds nothing', () => {
  fc.assert(
    fc.property(arrivalMinutes, (minutes) => {
      expect(coldAndIdle(none, minutes, minutes.at(-1)! + 60)).toEqual({ cold: new Set(minutes).size, idle: 0 })
    }),
    { numRuns: 50 },
  )
})
