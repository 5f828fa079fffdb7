/** An ARMA(p, q) model about a mean, fitted to a series. */
export interface Arma {
  readonly mean: number
  /** phi_1 … phi_p */
  readonly ar: readonly number[]
  /** theta_1 … theta_q */
  readonly ma: readonly number[]
  readonly sumOfSquares: number
  /** Forecast of the value after the series' last. */
  readonly next: number
  /** Whether the fit is stationary and invertible. */
  readonly settled: boolean
}

const MAX_TURNS = 50
const GOOD_ENOUGH = 1e-9

/**
 * Fits x_t - m = sum phi_i (x_{t-i} - m) + e_t + sum theta_j e_{t-j} by conditional least squares: what came before the
 * series is taken as the mean, but for its last value where `before` tells it. Levenberg-Marquardt with exact
 * derivatives, kept inside the stationary and invertible region, begun at `start`, a fit of the same p with q = 0.
 */
export function fitArma(
  series: readonly number[],
  before: number | undefined,
  p: number,
  q: number,
  start?: Arma,
): Arma {
  const size = 1 + p + q
  let point = new Float64Array(size)
  point[0] = series.reduce((sum, value) => sum + value, 0) / series.length
  if (start !== undefined && q > 0) {
    point[0] = start.mean
    for (let i = 0; i < p; i += 1) point[1 + i] = start.ar[i]!
  }
  const slopes = new Float64Array(series.length * size)
  let trace = residuals(series, before, p, q, point, slopes)
  let damping = 1e-3
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const step = dampedStep(trace.errors, slopes, size, damping)
    const tried = point.map((value, index) => value - step[index]!)
    const inside = isSettled(tried, p, q)
    const candidate = inside ? residuals(series, before, p, q, tried) : undefined
    if (candidate === undefined || !(candidate.sumOfSquares < trace.sumOfSquares)) {
      damping *= 8
      if (damping > 1e9) break
      continue
    }
    const gain = trace.sumOfSquares - candidate.sumOfSquares
    point = tried
    trace = residuals(series, before, p, q, point, slopes)
    damping = Math.max(damping / 10, 1e-12)
    if (gain <= GOOD_ENOUGH * trace.sumOfSquares) break
  }
  return {
    mean: point[0]!,
    ar: [...point.subarray(1, 1 + p)],
    ma: [...point.subarray(1 + p)],
    sumOfSquares: trace.sumOfSquares,
    next: trace.next,
    settled: isSettled(point, p, q),
  }
}

interface Residuals {
  readonly errors: Float64Array
  readonly sumOfSquares: number
  readonly next: number
}

/** One-step errors of the model at `point`; `slopes` (series x parameters) takes their derivatives. */
function residuals(
  series: readonly number[],
  before: number | undefined,
  p: number,
  q: number,
  point: Float64Array,
  slopes?: Float64Array,
): Residuals {
  const mean = point[0]!
  const size = 1 + p + q
  const errors = new Float64Array(series.length)
  let sumOfSquares = 0
  const known = before === undefined ? -1 : -2
  const lagged = (t: number): number => (t >= 0 ? series[t]! - mean : t > known ? before! - mean : 0)
  const predict = (t: number): number => {
    let value = 0
    for (let i = 1; i <= p; i += 1) value += point[i]! * lagged(t - i)
    for (let j = 1; j <= q && j <= t; j += 1) value += point[p + j]! * errors[t - j]!
    return value
  }
  for (let t = 0; t < series.length; t += 1) {
    const error = series[t]! - mean - predict(t)
    errors[t] = error
    sumOfSquares += error * error
    if (slopes === undefined) continue
    for (let k = 0; k < size; k += 1) {
      let slope = 0
      if (k === 0) {
        slope = -1
        for (let i = 1; i <= p; i += 1) if (t - i > known) slope += point[i]!
      } else if (k <= p) slope = -lagged(t - k)
      else if (t >= k - p) slope = -errors[t - (k - p)]!
      for (let j = 1; j <= q && j <= t; j += 1) slope -= point[p + j]! * slopes[(t - j) * size + k]!
      slopes[t * size + k] = slope
    }
  }
  return { errors, sumOfSquares, next: mean + predict(series.length) }
}

/** Solves (J'J + damping x diag) step = J'e by Gaussian elimination with pivoting; at most 5 unknowns. */
function dampedStep(errors: Float64Array, slopes: Float64Array, size: number, damping: number): Float64Array {
  const width = size + 1
  const system = new Float64Array(size * width)
  for (let t = 0; t < errors.length; t += 1) {
    for (let row = 0; row < size; row += 1) {
      const slope = slopes[t * size + row]!
      for (let column = 0; column < size; column += 1)
        system[row * width + column]! += slope * slopes[t * size + column]!
      system[row * width + size]! += slope * errors[t]!
    }
  }
  for (let row = 0; row < size; row += 1) system[row * width + row]! += damping * system[row * width + row]! + 1e-15
  for (let pivot = 0; pivot < size; pivot += 1) {
    for (let row = pivot + 1; row < size; row += 1) {
      const factor = system[row * width + pivot]! / system[pivot * width + pivot]!
      for (let column = pivot; column < width; column += 1) {
        system[row * width + column]! -= factor * system[pivot * width + column]!
      }
    }
  }
  const step = new Float64Array(size)
  for (let row = size - 1; row >= 0; row -= 1) {
    let rest = system[row * width + size]!
    for (let column = row + 1; column < size; column += 1) rest -= system[row * width + column]! * step[column]!
    step[row] = rest / system[row * width + row]!
  }
  return step
}

/** Whether the autoregressive part is stationary and the moving-average part invertible, both borders included. */
function isSettled(point: Float64Array, p: number, q: number): boolean {
  const ar1 = p > 0 ? point[1]! : 0
  const ar2 = p > 1 ? point[2]! : 0
  const ma1 = q > 0 ? point[p + 1]! : 0
  const ma2 = q > 1 ? point[p + 2]! : 0
  return inTriangle(ar1, ar2) && inTriangle(-ma1, -ma2)
}

/** The stationarity triangle of an autoregression of order 2: |b| <= 1, b + a <= 1, b - a <= 1. */
function inTriangle(a: number, b: number): boolean {
  const edge = 1 + 1e-9
  return Math.abs(b) <= edge && b + a <= edge && b - a <= edge
}
