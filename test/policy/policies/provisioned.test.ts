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

asNaive('is as marking each half minute in which the hours hold the app, or the window since it was last idle', () => {
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
      const isInHours = (half: number): boolean => {
        const ofDay = (starts + Math.floor(half / 2)) % 1440
        if (from <= until) return from === until || (ofDay >= from && ofDay < until)
        return ofDay >= from || ofDay < until
      }
      // Uses are between two minutes, hours change at whole ones, so that neither has to wait for the other.
      const used = new Set(uses.map((minute) => 2 * minute + 1))
      let [cold, held, isHeld, idleAt] = [0, 0, false, 0]
      for (let half = 0; half < 2 * horizon; half += 1) {
        if (isInHours(half) && !isHeld) idleAt = half
        // Held up to now, it serves who comes now.
        if (used.has(half)) {
          if (!isInHours(half) && !isHeld) cold += 1
          idleAt = half
          isHeld = true
        }
        isHeld = isInHours(half) || (isHeld && half < idleAt + 2 * keepAlive)
        if (isHeld) held += 1
      }
      const found = coldAndIdle(
        provisioned,
        uses.map((minute) => minute + 0.5),
        horizon,
        minutes(given),
      )
      expect(found).toEqual({ cold, idle: held / 2 })
    }),
    { numRuns: 100 },
  )
})
