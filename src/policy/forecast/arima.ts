import { type Arma, ArmaFitter } from './arma.ts'

/** Largest orders of the search: ARIMA(p, d, q) with p <= 2, d <= 1, q <= 2, always with a constant. */
const MAX_P = 2
const MAX_Q = 2
/** Residual variance below this share of the mean square counts as a perfect fit; then the smallest order wins. */
const PERFECT = 1e-12

/** It keeps nothing between two series. */
const fitter = new ArmaFitter()

/** The order that was chosen and what it says of the next value. */
export interface Forecast {
  readonly p: number
  readonly d: number
  readonly q: number
  readonly next: number
  readonly aicc: number
}

/**
 * Forecasts the value that follows `history` (at least 4 values) by the ARIMA order of least AICc; a constant history
 * forecasts itself. Fitted by conditional least squares. All orders are fitted to the same observations, the second to
 * the last, given the first: otherwise a differenced model, with one observation fewer, would look better by an amount
 * that depends on the unit. The mean alone, ARIMA(0, 0, 0), is always a candidate, others only where AICc is defined.
 * All are fitted to the end: which one wins cannot be told before (docs/scale.md says what was tried).
 * (Hyndman & Khandakar, "Automatic Time Series Forecasting", J. Stat. Softw. 27(3), 2008, for the AICc.)
 */
export function forecastNext(history: readonly number[]): Forecast {
  const first = history[0]!
  if (history.every((value) => value === first))
    return { p: 0, d: 0, q: 0, next: first, aicc: Number.NEGATIVE_INFINITY }
  const scale = Math.sqrt(history.reduce((sum, value) => sum + value * value, 0) / history.length)
  const level = history.map((value) => value / scale)
  const steps = level.slice(1).map((value, index) => value - level[index]!)
  const last = level.at(-1)!
  let best: Forecast | undefined
  for (let d = 0; d <= 1; d += 1) {
    // Undifferenced, the first value is known but is no observation: it only serves as a lag.
    if (d === 0) fitter.take(level.slice(1), first / scale)
    else fitter.take(steps)
    for (let p = 0; p <= MAX_P; p += 1) {
      let fit: Arma | undefined
      for (let q = 0; q <= MAX_Q; q += 1) {
        const parameters = p + q + 2
        if (!isDefined(steps.length, parameters) && p + d + q > 0) continue
        fit = fitter.fit(p, q, fit)
        const aicc = correctedAkaike(fit.sumOfSquares, steps.length, parameters)
        const next = (fit.next + (d === 0 ? 0 : last)) * scale
        if (best === undefined || aicc < best.aicc) best = { p, d, q, next, aicc }
      }
    }
  }
  return best!
}

function isDefined(observations: number, parameters: number): boolean {
  return observations - parameters - 1 > 0
}

function correctedAkaike(sumOfSquares: number, observations: number, parameters: number): number {
  const variance = Math.max(sumOfSquares / observations, PERFECT)
  const slack = observations - parameters - 1
  const correction = slack > 0 ? (2 * parameters * (parameters + 1)) / slack : Number.POSITIVE_INFINITY
  return observations * Math.log(variance) + 2 * parameters + correction
}
