import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

it('rents like on skis until a second arrival tells of a rate', () => {
  expect(after(made('hawkes'), [])).toEqual({ load: 0, unload: 10 })
})

byHand('has, by hand, the closed form ln(excess / (rent - base)) / beta', () => {
  // Two arrivals in 2 minutes: base 1/2 x 0.1 = 0.05 a minute; excess 0.09 (e^-0.2 + 1) = 0.1637; the rent is 0.1.
  expect(after(made('hawkes', { branching: 0.9 }), [2]).unload).toBeCloseTo(10 * Math.log(0.16369 / 0.05), 2)
})

it('holds for no time below the rent, and for ever where the base rate alone is worth it', () => {
  expect(after(made('hawkes'), [100])).toEqual({ load: 0, unload: 0 })
  expect(after(made('hawkes'), [2]).unload).toBe(Number.POSITIVE_INFINITY)
})

asNaive('is the same as the sum over all arrivals of what each still brings about', () => {
  expectAsNaive(
    () => made('hawkes', { branching: 0.8 }),
    ({ arrivals }, now) => {
      const elapsed = now - arrivals[0]!
      const rent = 1 / (10 * MINUTE)
      if (elapsed === 0) return { load: 0, unload: 10 * MINUTE }
      const base = ((arrivals.length - 1) / elapsed) * 0.2
      const intensity = (at: number): number =>
        base + arrivals.reduce((sum, each) => sum + (0.8 / (10 * MINUTE)) * Math.exp((each - at) / (10 * MINUTE)), 0)
      if (intensity(now) <= rent) return { load: 0, unload: 0 }
      if (base >= rent) return { load: 0, unload: Number.POSITIVE_INFINITY }
      // Where the falling intensity meets the rent, by halving.
      let [low, high] = [0, 1e9]
      for (let step = 0; step < 200; step += 1) {
        const middle = (low + high) / 2
        if (intensity(now + middle) > rent) low = middle
        else high = middle
      }
      return { load: 0, unload: low }
    },
  )
})
