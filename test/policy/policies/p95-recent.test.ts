import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

it('keeps an app for ten minutes until it has heard thirty times from arrival to arrival', () => {
  const idles = Array.from({ length: 29 }, () => 3)
  expect(after(made('p95-recent'), idles)).toEqual({ load: 0, unload: 10 })
  expect(after(made('p95-recent'), [...idles, 3])).toEqual({ load: 0, unload: 3 })
})

byHand('takes, by hand, the 95th of a hundred times', () => {
  const idles = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(after(made('p95-recent'), idles)).toEqual({ load: 0, unload: 95 })
})

asNaive('is the same as sorting the latest times anew', () => {
  expectAsNaive(
    () => made('p95-recent', { recent: 20, enough: 5 }),
    ({ arrivals }) => {
      const latest = arrivals
        .slice(1)
        .map((at, index) => at - arrivals[index]!)
        .slice(-20)
      const sorted = latest.toSorted((one, other) => one - other)
      return { load: 0, unload: sorted.length < 5 ? 10 * MINUTE : sorted[Math.ceil(sorted.length * 0.95) - 1]! }
    },
  )
})
