import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantiles } from '../../src/metrics/quantile.ts'

describe('quantiles', () => {
  it('are R-7: the rank is 1 + (n - 1) p, with a straight line between neighbours', () => {
    const values = Float64Array.of(4, 1, 3, 2)
    expect(quantiles(values, [0, 0.25, 0.5, 0.75, 0.9, 1])).toEqual([1, 1.75, 2.5, 3.25, 3.7, 4])
  })

  it('differ from R-2, R-5 and R-6 where those differ from R-7', () => {
    // For the first of these give 7, and R-6 gives 6.75.
    const values = Float64Array.of(3, 6, 7, 8, 8, 10, 13, 15, 16, 20)
    expect(quantiles(values, [0.25, 0.75])).toEqual([7.25, 14.5])
  })

  it('order numbers as numbers and leave the values as they were', () => {
    const values = Float64Array.of(100, 9, 20)
    expect(quantiles(values, [0.5])).toEqual([20])
    expect([...values]).toEqual([100, 9, 20])
  })

  it('of one value are that value, and of none there are none', () => {
    expect(quantiles(Float64Array.of(5), [0, 0.3, 1])).toEqual([5, 5, 5])
    expect(quantiles(new Float64Array(), [0.5])).toEqual([])
  })

  it('agree with the definition written out', () => {
    const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 200 }),
        (values, step) => {
          const probability = step / 200
          const sorted = [...values].sort((a, b) => a - b)
          const rank = (sorted.length - 1) * probability
          const below = sorted[Math.floor(rank)]!
          const above = sorted[Math.ceil(rank)]!
          const expected = below + (rank - Math.floor(rank)) * (above - below)
          expect(quantiles(Float64Array.from(values), [probability])[0]).toBeCloseTo(expected, 6)
        },
      ),
    )
  })
})
