import fc from 'fast-check'
import { expect } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { asNaive, byHand } from './evidence.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

byHand('keeps an app for ten minutes, which each use begins anew', () => {
  // Warm at the end of the ten minutes, cold after fifteen; the last ten end at minute 35.
  expect(coldAndIdle(fixed, [0, 10, 25], 60)).toEqual({ cold: 2, idle: 30 })
})

asNaive(
  'has a cold start for the first use and each idle time longer than the window, of which it holds the rest',
  () => {
    fc.assert(
      fc.property(arrivalMinutes, fc.nat(120), (minutes, window) => {
        const horizon = minutes.at(-1)! + 60
        const gaps = minutes.map((minute, at) => (minutes[at + 1] ?? horizon) - minute)
        expect(coldAndIdle(fixed, minutes, horizon, { keepAlive: window * MINUTE })).toEqual({
          cold: 1 + gaps.slice(0, -1).filter((gap) => gap > window).length,
          idle: gaps.reduce((sum, gap) => sum + Math.min(gap, window), 0),
        })
      }),
      { numRuns: 100 },
    )
  },
)
