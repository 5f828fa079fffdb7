import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { skiRental } from '../../../src/policy/policies/ski-rental.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, made } from './made-context.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

byHand('keeps an app for as long as a cold start is worth, whatever came before', () => {
  expect(after(made('ski-rental'), [])).toEqual({ load: 0, unload: 10 })
  expect(after(made('ski-rental', { worth: 3 * MINUTE }), [1, 500, 2])).toEqual({ load: 0, unload: 3 })
})

asNaive('pays rent up to the price and then the price, so that it never pays twice the best in hindsight', () => {
  fc.assert(
    fc.property(arrivalMinutes, fc.integer({ min: 1, max: 90 }), (minutes, worth) => {
      const gaps = minutes.slice(1).map((minute, at) => minute - minutes[at]!)
      const { cold, idle } = coldAndIdle(skiRental, minutes, minutes.at(-1)! + worth, { worth: worth * MINUTE })
      // Neither the first cold start nor what is held after the last use belongs to an idle time.
      const paid = (cold - 1) * worth + idle - worth
      expect(paid).toBe(gaps.reduce((sum, gap) => sum + (gap <= worth ? gap : 2 * worth), 0))
      expect(paid).toBeLessThanOrEqual(2 * gaps.reduce((sum, gap) => sum + Math.min(gap, worth), 0))
    }),
    { numRuns: 100 },
  )
})

it('draws parts of that time, of which F(x) = (e^x - 1) / (e - 1) fall below x', () => {
  const policy = made('ski-rental', { form: 'randomised' })
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  const parts = Array.from({ length: 4000 }, (_, index) => {
    policy.decide(0, index * MINUTE, out)
    return out.keepAliveMs / (10 * MINUTE)
  })
  for (const x of [0.1, 0.5, 0.9, 1]) {
    const share = parts.filter((part) => part <= x).length / parts.length
    expect(Math.abs(share - (Math.exp(x) - 1) / (Math.E - 1))).toBeLessThan(0.03)
  }
  // 1.58 times the best in expectation, here for an idle time of the whole worth and for one of half of it.
  for (const gap of [0.5, 1]) {
    const mean = parts.reduce((sum, part) => sum + (gap <= part ? gap : part + 1), 0) / parts.length
    expect(Math.abs(mean / gap - Math.E / (Math.E - 1))).toBeLessThan(0.06)
  }
})

it('draws the same for the same app, time and seed, and something else for another seed', () => {
  const [one, same, other] = [1, 1, 2].map(
    (seed) => after(made('ski-rental', { form: 'randomised' }, { seed }), [7]).unload,
  )
  expect(one).toBe(same)
  expect(one).not.toBe(other)
})
