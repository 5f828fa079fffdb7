import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { streamOf } from '../../../src/core/random.ts'
import { forecastNext } from '../../../src/policy/forecast/arima.ts'
import { type Arma, ArmaFitter } from '../../../src/policy/forecast/arma.ts'
import { type PlainFit, plainFit } from './plain-arma.ts'

interface Oracle {
  train(series: readonly number[]): Oracle
  predict(steps: number): [forecasts: number[], errors: number[]]
}
const require = createRequire(import.meta.url)
/** The npm package `arima` (a port of the C library ctsa); its method 2 is conditional least squares. */
const ARIMA = require('arima') as new (options: object) => Oracle

/** 400 values of an ARMA process about 20 with normal errors. */
function process(name: string, ar: readonly number[], ma: readonly number[]): number[] {
  const stream = streamOf(1, name)
  const normal = (): number => Math.sqrt(-2 * Math.log(stream.positive())) * Math.cos(2 * Math.PI * stream.uniform())
  const values: number[] = []
  const errors: number[] = []
  for (let t = 0; t < 450; t += 1) {
    errors[t] = normal()
    const past = ar.reduce((sum, phi, i) => sum + phi * (values[t - 1 - i] ?? 0), 0)
    values[t] = past + errors[t]! + ma.reduce((sum, theta, j) => sum + theta * (errors[t - 1 - j] ?? 0), 0)
  }
  return values.slice(50).map((value) => value + 20)
}

/** Zeros of either sign are one. */
function unsigned(value: number): number {
  return value + 0
}

function fitted(series: readonly number[], p: number, q: number): Arma {
  const fitter = new ArmaFitter()
  fitter.take(series.slice(1), series[0])
  let fit = fitter.fit(p, 0)
  for (let order = 1; order <= q; order += 1) fit = fitter.fit(p, order, fit)
  return fit
}

/** Series as idle times make them: whole minutes, noise, trends, and what is far out. */
const anySeries = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 60 }),
  fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 20 }),
  fc.array(fc.constantFrom(240, 241, 480), { minLength: 2, maxLength: 120 }),
  fc
    .tuple(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: -3, max: 9 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 }),
    )
    .map(([length, slope, noise]) => Array.from({ length }, (_, t) => 300 + slope * t + noise[t]!)),
)

describe('an ARMA fit', () => {
  it('is to the last bit what the plain way gives, of any order and series', () => {
    const orders = fc.record({ p: fc.integer({ min: 0, max: 2 }), hasBefore: fc.boolean() })
    const fitter = new ArmaFitter()
    fc.assert(
      fc.property(anySeries, orders, ([first, ...values], { p, hasBefore }) => {
        const before = hasBefore ? first : undefined
        fitter.take(values, before)
        let fit: Arma | undefined
        let plain: PlainFit | undefined
        for (let q = 0; q <= 2; q += 1) {
          fit = fitter.fit(p, q, fit)
          plain = plainFit({ values, before }, p, q, plain)
          const { sumOfSquares, next, point } = plain
          const [mean, ...rest] = point.map(unsigned)
          const found = { ...fit, next: unsigned(fit.next), ar: fit.ar.map(unsigned), ma: fit.ma.map(unsigned) }
          expect(found).toEqual({
            mean,
            ar: rest.slice(0, p),
            ma: rest.slice(2, 2 + q),
            sumOfSquares,
            next: unsigned(next),
          })
        }
      }),
      { numRuns: 400 },
    )
  })

  const processes: readonly (readonly [ar: number[], ma: number[]])[] = [
    [[0.6], []],
    [[0.5, 0.3], []],
    [[], [0.5]],
    [[], [0.4, 0.3]],
    [[0.7], [0.4]],
    [[0.4, 0.3], [0.5]],
    [[-0.5], [0.3, 0.2]],
  ]
  for (const [ar, ma] of processes) {
    it(`of ARMA(${ar.length}, ${ma.length}) on a long series forecasts what an independent implementation does`, () => {
      const series = process(`arma ${ar} ${ma}`, ar, ma)
      const oracle = new ARIMA({ p: ar.length, d: 0, q: ma.length, method: 2, verbose: false }).train(series)
      // The errors have a spread of 1: the two agree to a small part of it.
      expect(Math.abs(fitted(series, ar.length, ma.length).next - oracle.predict(1)[0][0]!)).toBeLessThan(0.02)
    })

    it(`of ARMA(${ar.length}, ${ma.length}) finds the coefficients that made the series`, () => {
      const fit = fitted(process(`arma ${ar} ${ma}`, ar, ma), ar.length, ma.length)
      // Four standard errors at 400 values are at most 0.3 for these processes.
      ar.forEach((phi, i) => expect(Math.abs(fit.ar[i]! - phi)).toBeLessThan(0.3))
      ma.forEach((theta, j) => expect(Math.abs(fit.ma[j]! - theta)).toBeLessThan(0.3))
    })
  }
})

describe('the forecast', () => {
  it('of a constant history is the constant', () => {
    expect(forecastNext([7, 7, 7, 7])).toMatchObject({ p: 0, d: 0, q: 0, next: 7 })
  })

  it('of four values that differ is the mean of the last three, given the first', () => {
    const { p, d, q, next } = forecastNext([9, 1, 2, 6])
    expect([p, d, q]).toEqual([0, 0, 0])
    expect(next).toBeCloseTo(3, 12)
  })

  it('of a straight line goes on along it', () => {
    const { p, d, q, next } = forecastNext([5, 6, 7, 8, 9, 10])
    expect([p, d, q]).toEqual([0, 1, 0])
    expect(next).toBeCloseTo(11, 9)
  })

  it('of two values in turn is the other one', () => {
    const history = Array.from({ length: 14 }, (_, index) => (index % 2 === 0 ? 5 : 9))
    expect(forecastNext(history).next).toBeCloseTo(5, 4)
  })

  it('of a random walk takes differences, of noise about a mean does not', () => {
    const noise = process('noise', [], []).map((value) => value - 20)
    let level = 100
    expect(forecastNext(noise.map((step) => (level += step))).d).toBe(1)
    expect(forecastNext(noise.map((value) => value + 100)).d).toBe(0)
  })

  it('chooses the order by the least AICc that the fits allow', () => {
    const series = process('order', [0.8], [])
    const { p, d, q } = forecastNext(series)
    expect([p, d, q]).toEqual([1, 0, 0])
  })

  it('scales with its unit: minutes or milliseconds give the same answer', () => {
    const values = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 4, maxLength: 25 })
    fc.assert(
      fc.property(values, (history) => {
        const minutes = forecastNext(history)
        // A power of two, so that scaling itself rounds nothing.
        const scaled = forecastNext(history.map((value) => value * 65_536))
        expect(scaled.next / 65_536).toBeCloseTo(minutes.next, 6)
      }),
    )
  })

  it('is finite on any history of four or more positive values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 4, maxLength: 40 }), (history) => {
        expect(Number.isFinite(forecastNext(history).next)).toBe(true)
      }),
    )
  })
})
