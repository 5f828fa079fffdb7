import { dampedStep } from './damped-step.ts'
import { MOST, SeriesPass } from './series-pass.ts'

/** An ARMA(p, q) model about a mean, p and q at most 2, fitted to a series. */
export interface Arma {
  readonly mean: number
  /** phi_1 … phi_p */
  readonly ar: readonly number[]
  /** theta_1 … theta_q */
  readonly ma: readonly number[]
  readonly sumOfSquares: number
  /** Forecast of the value after the series' last. */
  readonly next: number
}

const MAX_TURNS = 30
/** The fit is done when a turn gains less than this share of the sum of squares, or moves no parameter. */
const GOOD_ENOUGH = 1e-7

/**
 * Fits x_t - m = sum phi_i (x_{t-i} - m) + e_t + sum theta_j e_{t-j} to one series by conditional least squares: what
 * came before the series is taken as the mean, but for its last value where `before` tells it. Levenberg-Marquardt with
 * exact derivatives, kept inside the stationary and invertible region. Hot: measured by bench/policies.ts.
 */
export class ArmaFitter {
  private series = new Float64Array(0)
  private mean = 0
  private before = 0
  private hasBefore = false
  /** At the present point, and at the one that is being tried. */
  private here = new SeriesPass()
  private there = new SeriesPass()
  /** Mean, phi_1, phi_2, theta_1, theta_2; what the order leaves out is and stays 0. */
  private point = new Float64Array(MOST)
  private tried = new Float64Array(MOST)
  private readonly step = new Float64Array(MOST)

  /** The series, not empty, that is fitted from now on: one fitter serves many, for making one takes as long as a fit. */
  take(series: readonly number[], before?: number): void {
    const { length } = series
    if (this.series.length !== length) this.series = new Float64Array(length)
    let sum = 0
    for (let t = 0; t < length; t += 1) {
      this.series[t] = series[t]!
      sum += series[t]!
    }
    this.mean = sum / length
    this.before = before ?? 0
    this.hasBefore = before !== undefined
  }

  /** The fit of ARMA(p, q), begun at `start`, a fit with the same p and a smaller q, where there is one. */
  fit(p: number, q: number, start?: Arma): Arma {
    const { series, hasBefore, before, step } = this
    this.begin(start)
    let { point, tried } = this
    this.here.begin()
    this.there.begin()
    this.here.measure(series, hasBefore, before, point, p, q)
    let damping = 1e-3
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (!dampedStep(this.here, damping, step)) break
      for (let k = 0; k < MOST; k += 1) tried[k] = point[k]! - step[k]!
      const isInside = isSettled(tried)
      if (isInside) this.there.measure(series, hasBefore, before, tried, p, q)
      const gain = this.here.sum - this.there.sum
      if (!isInside || !(gain > 0)) {
        damping *= 10
        continue
      }
      ;[this.here, this.there] = [this.there, this.here]
      ;[point, tried] = [tried, point]
      damping = Math.max(damping / 10, 1e-12)
      if (gain <= GOOD_ENOUGH * this.here.sum) break
    }
    const { sum: sumOfSquares, next } = this.here
    return { mean: point[0]!, ar: firstOf(point, 1, p), ma: firstOf(point, 3, q), sumOfSquares, next }
  }

  private begin(start: Arma | undefined): void {
    const { point } = this
    for (let k = 0; k < MOST; k += 1) point[k] = 0
    point[0] = start?.mean ?? this.mean
    if (start === undefined) return
    for (let k = 0; k < start.ar.length; k += 1) point[1 + k] = start.ar[k]!
    for (let k = 0; k < start.ma.length; k += 1) point[3 + k] = start.ma[k]!
  }
}

/** Some parameters of a point, from one on. */
function firstOf(point: Float64Array, from: number, length: number): number[] {
  const found: number[] = []
  for (let k = 0; k < length; k += 1) found.push(point[from + k]!)
  return found
}

/** Whether the autoregressive part is stationary and the moving-average part invertible, both borders included. */
function isSettled(point: Float64Array): boolean {
  return inTriangle(point[1]!, point[2]!) && inTriangle(-point[3]!, -point[4]!)
}

/** The stationarity triangle of an autoregression of order 2: |b| <= 1, b + a <= 1, b - a <= 1. */
function inTriangle(a: number, b: number): boolean {
  const edge = 1 + 1e-9
  return Math.abs(b) <= edge && b + a <= edge && b - a <= edge
}
