import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

it('keeps nothing where no recent idle time tells that keeping helps', () => {
  expect(after(made('ecolife'), [])).toEqual({ load: 0, unload: 0 })
  expect(after(made('ecolife'), [25])).toEqual({ load: 0, unload: 25 })
  expect(after(made('ecolife'), [45])).toEqual({ load: 0, unload: 0 })
})

byHand('weighs, by hand: three of four idle times end within 2 of 30 minutes, the last within 9', () => {
  // Kept 2: 2/30 + 1/4 of the halves; kept 9: 9/30 + 0; kept 0: 0 + 1. At most weight on service, 9.
  expect(after(made('ecolife'), [2, 9, 2, 2]).unload).toBe(9)
  expect(after(made('ecolife', { service: 0.4 }), [2, 9, 2, 2]).unload).toBe(2)
})

it('forgets idle times that ended more than twenty minutes ago', () => {
  expect(after(made('ecolife'), [3, 3, 29]).unload).toBe(29)
  expect(after(made('ecolife'), [3, 3, 20]).unload).toBe(3)
})

asNaive('is the same as trying every minute on the recent idle times', () => {
  expectAsNaive(
    () => made('ecolife'),
    ({ arrivals, gaps }, now) => {
      const recent = gaps.filter((_, index) => arrivals[index + 1]! >= now - 20 * MINUTE)
      const costs = Array.from({ length: 31 }, (_, kept) => {
        const above = recent.filter((gap) => gap > kept * MINUTE).length
        return 0.5 * (kept / 30) + 0.5 * (recent.length === 0 ? 0.5 : above / recent.length)
      })
      return { load: 0, unload: costs.indexOf(Math.min(...costs)) * MINUTE }
    },
    120,
  )
})
