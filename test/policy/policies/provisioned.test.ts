import fc from 'fast-check'
import { expect } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { provisioned } from '../../../src/policy/policies/provisioned.ts'
import { asNaive, byHand } from './evidence.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

const minutes = (params: Readonly<Record<string, number>>): object =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, name === 'instances' ? value : value * MINUTE]),
  )

byHand('holds an instance from eight to nine, and none at other times', () => {
  // The trace begins at half past seven: held from minute 30 to 90. Cold in minutes 10 and 100, warm in 40.
  const params = minutes({ from: 8 * 60, until: 9 * 60, starts: 7 * 60 + 30, keepAlive: 0 })
  expect(coldAndIdle(provisioned, [10, 40, 100], 200, params)).toEqual({ cold: 2, idle: 60 })
})

byHand('holds it all day where no times are given, before the first use as well', () => {
  expect(coldAndIdle(provisioned, [10, 40], 200)).toEqual({ cold: 0, idle: 200 })
})

asNaive('is as marking each minute in which the hours or the window after a use hold the app', () => {
  const times = fc.record({
    from: fc.nat(1439),
    until: fc.nat(1439),
    starts: fc.nat(1439),
    keepAlive: fc.constantFrom(0, 1, 10, 100),
  })
  fc.assert(
    fc.property(arrivalMinutes, times, (uses, given) => {
      const { from, until, starts, keepAlive } = given
      const horizon = uses.at(-1)! + 30
      const isInHours = (minute: number): boolean => {
        if (from === until) return true
        const ofDay = (starts + minute) % 1440
        return from < until ? ofDay >= from && ofDay < until : ofDay >= from || ofDay < until
      }
      const held = new Set<number>()
      for (let minute = 0; minute < horizon; minute += 1) if (isInHours(minute)) held.add(minute)
      let cold = 0
      for (const [at, use] of uses.entries()) {
        // What is held up to a moment serves who comes at that moment.
        if (!held.has(use) && !held.has(use - 1) && uses[at - 1] !== use) cold += 1
        for (let minute = use; minute < Math.min(horizon, use + keepAlive); minute += 1) held.add(minute)
      }
      expect(coldAndIdle(provisioned, uses, horizon, minutes(given))).toEqual({ cold, idle: held.size })
    }),
    { numRuns: 100 },
  )
})
