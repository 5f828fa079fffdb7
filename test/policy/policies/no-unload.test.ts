import fc from 'fast-check'
import { expect } from 'vitest'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { asNaive, byHand } from './evidence.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

byHand('is cold once, and held from then to the end of the trace', () => {
  expect(coldAndIdle(noUnload, [5, 30, 400], 500)).toEqual({ cold: 1, idle: 495 })
})

asNaive('has the first use cold, and holds all that is left of the trace', () => {
  fc.assert(
    fc.property(arrivalMinutes, fc.nat(600), (minutes, rest) => {
      const horizon = minutes.at(-1)! + rest + 1
      expect(coldAndIdle(noUnload, minutes, horizon)).toEqual({ cold: 1, idle: horizon - minutes[0]! })
    }),
    { numRuns: 50 },
  )
})
