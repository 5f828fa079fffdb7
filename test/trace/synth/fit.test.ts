import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { RATES } from '../../../src/trace/synth/published-shares.ts'
import { populationFigures } from './population-figures.ts'
import { averageDay, cycleFigures, measureFortnight, variationFigures, variationOf } from './fortnight.ts'

const APPS = 20_000
const fortnight = measureFortnight(1, 2500)

const figures = [...populationFigures(1, APPS), ...variationFigures(fortnight), ...cycleFigures(fortnight)]

it.each(figures)('synthesis is held to the published figure: $what, $target', ({ target, measured, tolerance }) => {
  expect(Math.abs(measured - target)).toBeLessThanOrEqual(tolerance)
})

it('The table of docs/synth.md shows what is measured', () => {
  const docs = readFileSync(new URL('../../../docs/synth.md', import.meta.url), 'utf8')
  const rows = figures.map(({ what, target, measured }) => `| ${what} | ${shown(target)} | ${shown(measured)} |`)
  expect(docs).toContain(['| figure | published | synthetic |', '| --- | --- | --- |', ...rows].join('\n'))
})

/** Minutes of the day whole, parts to four places. */
function shown(value: number): string {
  return Math.abs(value) > 10 ? value.toFixed(0) : String(Number(value.toFixed(4)))
}

it('Every app is invoked at least once in a fortnight, and about one in four not on its first day', () => {
  expect(fortnight.apps.every(({ invocations }) => invocations >= 1)).toBe(true)
  // The release: 17,577 of 24,274 apps occur on day 1, which is 0.72.
  const onFirstDay = fortnight.apps.filter((app) => app.onFirstDay).length / fortnight.apps.length
  expect(onFirstDay).toBeGreaterThan(0.7)
  expect(onFirstDay).toBeLessThan(0.82)
})

it('The rates of apps span eight orders of magnitude', () => {
  const invocations = fortnight.apps.map((app) => app.invocations)
  expect(Math.max(...invocations) / Math.min(...invocations)).toBeGreaterThan(RATES.orders)
})

it('The variation of arrivals is that of times laid evenly within their minutes', () => {
  expect(variationOf([1, 0, 0, 1, 0, 0, 1])).toBe(0)
  expect(variationOf([0, 4, 4, 4])).toBe(0)
  // Times 0.5, 1.5 and 4.5: gaps of 1 and 3 minutes, mean 2, deviation 1.
  expect(variationOf([1, 1, 0, 0, 1])).toBe(0.5)
  expect(variationOf([0, 1, 0])).toBeNaN()
})

const series = new URL('../../../../shared/traces/azure-platform-minute-totals/full_series.csv.gz', import.meta.url)

it.skipIf(!existsSync(series))(
  "The synthetic day follows the real platform's (skipped where the sample of minute totals is absent)",
  () => {
    const lines = gunzipSync(readFileSync(series)).toString().trim().split('\n').slice(1)
    const real = averageDay(
      lines.map((line) => Number(line.split(',')[1])),
      60,
    )
    expect(correlation(averageDay(fortnight.total, 60), real)).toBeGreaterThan(0.85)
  },
)

function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [centred(a), centred(b)]
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, index) => sum + value * y[index]!, 0)
}
