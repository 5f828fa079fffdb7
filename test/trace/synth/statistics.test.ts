import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { streamOf } from '../../../src/core/random.ts'
import { drawSize } from '../../../src/trace/synth/app-size.ts'
import { FUNCTIONS_PER_APP, MEMORY_QUANTILES } from '../../../src/trace/synth/published-shares.ts'
import { durationRow } from '../../../src/trace/synth/duration-rows.ts'
import { meanMbAt, memoryRow } from '../../../src/trace/synth/memory-rows.ts'

const means = fc.double({ min: 0, max: Math.log(3.6e6), noNaN: true }).map(Math.exp)

it.each(MEMORY_QUANTILES)('The Burr type XII quantile at $share is $mb MB', ({ share, mb }) => {
  expect(Math.abs(meanMbAt(1 - share) - mb)).toBeLessThanOrEqual(0.5)
})

it('Durations of a day are whole milliseconds of at least 1 that never fall from percentile to percentile', () => {
  fc.assert(
    fc.property(fc.nat(), means, fc.integer({ min: 1, max: 1e8 }), (seed, meanMs, count) => {
      const row = durationRow(streamOf(seed, 'durations'), meanMs, count)
      const figures = [row.minimum, ...row.percentiles, row.maximum]
      expect(figures).toEqual(figures.toSorted((a, b) => a - b))
      expect(figures.every((ms) => Number.isInteger(ms) && ms >= 1)).toBe(true)
      expect(row.average).toBeGreaterThanOrEqual(row.minimum)
      expect(row.average).toBeLessThanOrEqual(row.maximum)
      expect(row.count).toBe(count)
    }),
  )
})

it('A single execution is its own minimum, average and maximum', () => {
  const row = durationRow(streamOf(1, 'durations'), 250, 1)
  expect(new Set([row.average, row.minimum, row.maximum, ...row.percentiles]).size).toBe(1)
})

it('Memory of a day is whole MB of at least 1 that never falls from percentile to percentile, around the average', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: 1, max: 1536, noNaN: true }),
      fc.integer({ min: 1, max: 1e5 }),
      (seed, meanMb, active) => {
        const { percentiles, averageMb, samples } = memoryRow(streamOf(seed, 'memory'), meanMb, active)
        expect(percentiles).toEqual(percentiles.toSorted((a, b) => a - b))
        expect([...percentiles, averageMb, samples].every((value) => Number.isInteger(value) && value >= 1)).toBe(true)
        expect(averageMb).toBeGreaterThanOrEqual(percentiles[0]!)
        expect(averageMb).toBeLessThanOrEqual(percentiles.at(-1)!)
        expect(samples).toBeLessThanOrEqual(17_280)
      },
    ),
  )
})

it('A size lies within its class and is enough for the triggers', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: FUNCTIONS_PER_APP.length - 1 }), (seed, sizeClass) => {
      const { from, to } = FUNCTIONS_PER_APP[sizeClass]!
      const atLeast = Math.min(to, 4)
      const size = drawSize(streamOf(seed, 'size'), sizeClass, atLeast)
      expect(size).toBeGreaterThanOrEqual(Math.max(from, atLeast))
      expect(size).toBeLessThanOrEqual(to)
    }),
  )
})

it('Of the largest class, 0.8 % have over 100 functions and one in twenty of those over 2,000', () => {
  const sizes = Array.from({ length: 200_000 }, (_, seed) => drawSize(streamOf(seed, 'size'), 5, 1))
  const over = (least: number) => sizes.filter((size) => size > least).length
  // Four standard errors of 1,600 and of 80.
  expect(Math.abs(over(100) - 1600)).toBeLessThan(160)
  expect(Math.abs(over(2000) - 80)).toBeLessThan(36)
})
