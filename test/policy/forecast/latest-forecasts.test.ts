import fc from 'fast-check'
import { expect, it } from 'vitest'
import { forecastNext } from '../../../src/policy/forecast/arima.ts'
import { latestForecast } from '../../../src/policy/forecast/latest-forecasts.ts'

const history = fc.array(fc.constantFrom(0, 60_000, 120_000, 0.5, 18_000_000), { minLength: 4, maxLength: 6 })

it('is the forecast from that history, whatever was asked before and however often', () => {
  fc.assert(
    fc.property(fc.array(history, { minLength: 1, maxLength: 6 }), (histories) => {
      const asked = [...histories, ...histories.toReversed()]
      expect(asked.map((each) => latestForecast(each))).toEqual(asked.map((each) => forecastNext(each).next))
    }),
    { numRuns: 60 },
  )
})

it('keeps what it was asked, and not the list that its asker goes on with', () => {
  const gaps = [1, 2, 3, 5].map((hours) => hours * 3_600_000)
  const first = latestForecast(gaps)
  gaps.push(60_000)
  expect(latestForecast(gaps)).toBe(forecastNext(gaps).next)
  expect(latestForecast(gaps.slice(0, 4))).toBe(first)
})
