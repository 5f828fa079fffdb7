import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../../src/core/random.ts'
import { MINUTE_SPREADS, type MinuteSpread, Spreader } from '../../../src/trace/arrivals/spread.ts'

function placed(spread: MinuteSpread, count: number, seed = 1, minute = 2): number[] {
  const out = new Uint32Array(count + 2).fill(99_999)
  const spreader = new Spreader(spread, seed, 60_000)
  spreader.turnTo(...keyOf('f'))
  spreader.place(out, 1, count, minute)
  expect([out[0], out.at(-1)]).toEqual([99_999, 99_999])
  return [...out.subarray(1, count + 1)]
}

/** Counts a time within a minute in one of 100 cells of 600 ms. */
function count(table: Float64Array, ms: number): void {
  table[Math.floor(ms / 600)]! += 1
}

describe('a minute is spread', () => {
  it('by start: everything at its first millisecond', () => {
    expect(placed('start', 3)).toEqual([0, 0, 0])
  })

  it('by even: at equal distances, the first at its start, rounded down to whole milliseconds', () => {
    expect(placed('even', 1)).toEqual([0])
    expect(placed('even', 3)).toEqual([0, 20_000, 40_000])
    expect(placed('even', 7)).toEqual([0, 8571, 17142, 25714, 34285, 42857, 51428])
  })

  it('by uniform: independently over the whole minute', () => {
    const offsets = placed('uniform', 100_000)
    const mean = offsets.reduce((sum, ms) => sum + ms, 0) / 100_000
    // The mean of 100,000 draws has a standard error of 55 ms.
    expect(Math.abs(mean - 29_999.5)).toBeLessThan(5 * 55)
    expect(offsets).not.toEqual(offsets.toSorted((a, b) => a - b))
  })

  it('by poisson: with gaps that vary as those of an exponential law, from the start of the minute on', () => {
    const times = placed('poisson', 20_000)
    expect(times[0]).toBe(0)
    const gaps = times.slice(1).map((ms, index) => ms - times[index]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    // Gaps of 3 ms rounded to whole ms: the CV of an exponential law is 1, rounding adds 1/6 ms^2 of variance.
    expect(Math.sqrt(variance - 1 / 6) / mean).toBeCloseTo(1, 1)
  })

  for (const spread of MINUTE_SPREADS) {
    it(`by ${spread}: within the minute, in whole milliseconds, and the same again for the same seed`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), fc.nat({ max: 20_000 }), (count, seed, minute) => {
          const times = placed(spread, count, seed, minute)
          for (const ms of times) expect(Number.isInteger(ms) && ms >= 0 && ms < 60_000).toBe(true)
          expect(placed(spread, count, seed, minute)).toEqual(times)
          const sorted = times.toSorted((a, b) => a - b)
          expect(new Spreader(spread, seed, 60_000).isOrdered ? times : sorted).toEqual(sorted)
        }),
      )
    })
  }

  it('by uniform: evenly also over the first draws of neighbouring minutes, and of functions in one minute', () => {
    const cells = { minutes: new Float64Array(100), functions: new Float64Array(100), together: new Float64Array(100) }
    const out = new Uint32Array(2)
    const spreader = new Spreader('uniform', 1, 60_000)
    for (let index = 0; index < 100_000; index += 1) {
      spreader.turnTo(...keyOf('f'))
      spreader.place(out, 0, 2, index)
      count(cells.minutes, out[0]!)
      count(cells.together, (out[0]! + out[1]!) % 60_000)
      spreader.turnTo(...keyOf(`f${index}`))
      spreader.place(out, 0, 1, 7)
      count(cells.functions, out[0]!)
    }
    // Chi-squared over 100 cells: mean 99, standard deviation 14.
    for (const table of Object.values(cells)) {
      expect(table.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(99 + 5 * 14)
    }
  })
})
