import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BINS, binOf, middleOf } from '../../src/core/log-bins.ts'

/** How far the middle of a number's bin is from the number, as a share of it. */
function error(value: number): number {
  return Math.abs(middleOf(binOf(value)) - value) / Math.max(1, value)
}

const BOUND = 1 / 256
const upToTheEnd = fc.integer({ min: 0, max: 50 }).chain((octave) => fc.integer({ min: 0, max: 2 ** octave }))

describe('bins of whole numbers', () => {
  it('are exact below 256', () => {
    for (let value = 0; value < 256; value += 1) expect(middleOf(binOf(value))).toBe(value)
  })

  it('are two numbers wide from 256, four from 512', () => {
    expect([256, 257, 258, 511, 512, 515, 516].map((value) => binOf(value))).toEqual([
      256, 256, 257, 383, 384, 384, 385,
    ])
    expect([256, 383, 384].map((bin) => middleOf(bin))).toEqual([256.5, 510.5, 513.5])
  })

  it('have a middle within 1/256 of each number up to 2^20, and ascend with the numbers without leaving one out', () => {
    let worst = 0
    let widestStep = 0
    let lowestStep = 0
    for (let value = 1; value <= 2 ** 20; value += 1) {
      worst = Math.max(worst, error(value))
      const step = binOf(value) - binOf(value - 1)
      widestStep = Math.max(widestStep, step)
      lowestStep = Math.min(lowestStep, step)
    }
    expect(worst).toBeLessThanOrEqual(BOUND)
    expect({ widestStep, lowestStep }).toEqual({ widestStep: 1, lowestStep: 0 })
  })

  it('have a middle within 1/256 of any number up to 2^50, and ascend with the numbers', () => {
    fc.assert(
      fc.property(upToTheEnd, upToTheEnd, (a, b) => {
        expect(error(a)).toBeLessThanOrEqual(BOUND)
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(binOf(low)).toBeLessThanOrEqual(binOf(high))
        expect(binOf(high)).toBeLessThan(BINS)
      }),
      { numRuns: 2000 },
    )
  })

  it('hold either side of every power of 2 apart from 256 on', () => {
    for (let power = 8; power <= 51; power += 1) expect(binOf(2 ** power)).toBe(binOf(2 ** power - 1) + 1)
  })

  it('hold their own middles', () => {
    for (let bin = 0; bin <= binOf(2 ** 50); bin += 1) expect(binOf(Math.floor(middleOf(bin)))).toBe(bin)
  })

  it('round fractions first', () => {
    expect([0.4, 0.5, 255.4, 255.5].map((value) => binOf(value))).toEqual([0, 1, 255, 256])
  })
})
