import { describe, expect, it } from 'vitest'
import { FourierForecast } from '../../../src/policy/demand/fourier-forecast.ts'
import { PeakSeries } from '../../../src/policy/demand/peak-series.ts'
import { plainFourier } from './plain-fourier.ts'

describe('the Fourier forecast', () => {
  it('is the same as a transform of the values without their line', () => {
    const values = Array.from({ length: 60 }, (_, at) => ((at * 7919) % 13) + at / 5)
    const forecast = new FourierForecast(60, 10, 12)
    for (const step of [1, 2, 7, 12])
      expect(forecast.ahead(Float64Array.from(values), step)).toBeCloseTo(plainFourier(values, 10, step), 9)
  })

  it('of all steps at once is that of each, to the last bit', () => {
    for (const steps of [1, 3, 4, 10, 12]) {
      const forecast = new FourierForecast(60, 10, steps)
      const values = Float64Array.from({ length: 60 }, (_, at) => ((at * 7919) % 13) / 7)
      const all = new Float64Array(steps)
      forecast.allAhead(values, all)
      expect([...all]).toEqual(Array.from(all, (_, step) => forecast.ahead(values, step + 1)))
    }
  })

  it('goes on with a level, and with a wave of a whole number of periods', () => {
    const forecast = new FourierForecast(60, 10, 30)
    expect(forecast.ahead(new Float64Array(60).fill(3))).toBeCloseTo(3, 9)
    const wave = Float64Array.from({ length: 60 }, (_, at) => 5 + 2 * Math.cos((2 * Math.PI * (at - 29.5)) / 20))
    for (const step of [1, 10, 25])
      expect(forecast.ahead(wave, step)).toBeCloseTo(5 + 2 * Math.cos((2 * Math.PI * (59 + step - 29.5)) / 20), 6)
  })
})

it('a series of peaks has what ran at once at most in each stretch, and what runs through one', () => {
  const series = new PeakSeries(4, 10)
  for (const at of [1, 2]) series.began(at)
  series.ended(3)
  expect([...series.upTo(25)]).toEqual([0, 0, 2, 1, 1])
  series.ended(26)
  expect([...series.upTo(31)]).toEqual([0, 2, 1, 1, 0])
  expect([...series.upTo(1000)]).toEqual([0, 0, 0, 0, 0])
})
