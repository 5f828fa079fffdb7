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

/** Most parameters: a mean, two phi and two theta. */
const MOST = 5
const MAX_TURNS = 30
/** The fit is done when a turn gains less than this share of the sum of squares, or moves every parameter by less. */
const GOOD_ENOUGH = 1e-7
const STANDS_STILL = 1e-5

/**
 * Fits x_t - m = sum phi_i (x_{t-i} - m) + e_t + sum theta_j e_{t-j} to one series by conditional least squares: what
 * came before the series is taken as the mean, but for its last value where `before` tells it. Levenberg-Marquardt with
 * exact derivatives, kept inside the stationary and invertible region. Hot: measured by bench/policies.ts.
 */
export class ArmaFitter {
  private readonly series: Float64Array
  private readonly before: number
  private readonly hasBefore: boolean
  /** At the present point, and at the one that is being tried. */
  private here: SeriesPass
  private there: SeriesPass
  private readonly system = new Float64Array(MOST * (MOST + 1))
  private readonly step = new Float64Array(MOST)

  constructor(series: readonly number[], before?: number) {
    this.series = Float64Array.from(series)
    this.before = before ?? 0
    this.hasBefore = before !== undefined
    this.here = new SeriesPass(this.series.length)
    this.there = new SeriesPass(this.series.length)
  }

  /** The fit of ARMA(p, q), begun at `start`, a fit with the same p and a smaller q, where there is one. */
  fit(p: number, q: number, start?: Arma): Arma {
    const { series, hasBefore, before } = this
    const places = PLACES[p]![q]!
    let point = this.startingPoint(start)
    let tried = new Float64Array(MOST)
    this.here.measure(series, hasBefore, before, point)
    // Most points that are tried are left again, or are the last: no derivatives are needed there.
    let isDerived = false
    let damping = 1e-3
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (!isDerived) this.here.derive(series, hasBefore, before, point, places)
      isDerived = true
      if (!this.solve(places, damping)) break
      for (let k = 0; k < MOST; k += 1) tried[k] = point[k]! - this.step[k]!
      const isInside = isSettled(tried)
      if (isInside) this.there.measure(series, hasBefore, before, tried)
      const gain = this.here.sum - this.there.sum
      if (!isInside || !(gain > 0)) {
        damping *= 10
        continue
      }
      ;[this.here, this.there] = [this.there, this.here]
      ;[point, tried] = [tried, point]
      isDerived = false
      damping = Math.max(damping / 10, 1e-12)
      if (gain <= GOOD_ENOUGH * this.here.sum) break
    }
    const { sum: sumOfSquares, next } = this.here
    return { mean: point[0]!, ar: [...point.subarray(1, 1 + p)], ma: [...point.subarray(3, 3 + q)], sumOfSquares, next }
  }

  /** Mean, phi_1, phi_2, theta_1, theta_2; what the order leaves out is and stays 0. */
  private startingPoint(start: Arma | undefined): Float64Array<ArrayBuffer> {
    const point = new Float64Array(MOST)
    point[0] = start?.mean ?? this.series.reduce((sum, value) => sum + value, 0) / this.series.length
    point.set(start?.ar ?? [], 1)
    point.set(start?.ma ?? [], 3)
    return point
  }

  /** Solves (J'J + damping x its diagonal) step = J'e; false when no parameter would move any more. */
  private solve(places: readonly number[], damping: number): boolean {
    const { system, step } = this
    const { normal, gradient } = this.here
    const size = places.length
    const width = size + 1
    for (let row = 0, at = 0; row < size; row += 1, at += width) {
      const own = places[row]!
      // The lower half is as the upper half, and is not needed.
      for (let column = row; column < size; column += 1) system[at + column] = normal[places[column]! * MOST + own]!
      for (let column = 0; column < row; column += 1) system[at + column] = normal[own * MOST + places[column]!]!
      system[at + row] = system[at + row]! * (1 + damping) + 1e-15
      system[at + size] = gradient[own]!
    }
    for (let pivot = 0, top = 0; pivot < size; pivot += 1, top += width) {
      for (let row = pivot + 1, at = top + width; row < size; row += 1, at += width) {
        const factor = system[at + pivot]! / system[top + pivot]!
        for (let column = pivot + 1; column < width; column += 1)
          system[at + column] = system[at + column]! - factor * system[top + column]!
      }
    }
    let moves = false
    step.fill(0)
    for (let row = size - 1; row >= 0; row -= 1) {
      const at = row * width
      let rest = system[at + size]!
      for (let column = row + 1; column < size; column += 1) rest -= system[at + column]! * step[places[column]!]!
      const move = rest / system[at + row]!
      step[places[row]!] = move
      if (Math.abs(move) >= STANDS_STILL) moves = true
    }
    return moves
  }
}

/** Where the parameters of ARMA(p, q) stand in a point, by p and q: the mean, then phi_1 and phi_2, then theta_1 and theta_2. */
const PLACES = [0, 1, 2].map((p) =>
  [0, 1, 2].map((q) => [0, ...[1, 2].slice(0, p), ...[3, 4].slice(0, q)] as readonly number[]),
)

/** One pass over a series at a point: errors, their derivatives by the parameters, and the sums of both. */
class SeriesPass {
  /** Sum of the squared one-step errors, and the forecast of the next value. */
  sum = 0.5
  next = 0.5
  /** The lower half of J'J, and J'e; of the parameters in use. */
  readonly normal = new Float64Array(MOST * MOST)
  readonly gradient = new Float64Array(MOST)
  private readonly errors: Float64Array
  /** Derivatives of the errors, one row a parameter. */
  private readonly slopes: Float64Array
  private readonly sums = new Float64Array(3)

  constructor(length: number) {
    this.errors = new Float64Array(length)
    this.slopes = new Float64Array(length * MOST)
  }

  /** Finds the errors, their sum and the forecast. */
  measure(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array): void {
    const { errors } = this
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    const b2 = point[4]!
    // Deviations and errors one and two steps back.
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    let e1 = 0
    let e2 = 0
    let sum = 0
    for (let t = 0; t < series.length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1 - b2 * e2
      errors[t] = error
      sum += error * error
      x2 = x1
      x1 = x
      e2 = e1
      e1 = error
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1 + b2 * e2
  }

  /** Finds the derivatives at the point that was measured last. */
  derive(
    series: Float64Array,
    hasBefore: boolean,
    before: number,
    point: Float64Array,
    places: readonly number[],
  ): void {
    this.slope(series, hasBefore, before, point)
    const { gradient, normal, sums } = this
    const { length } = series
    for (let row = 0; row < places.length; row += 1) {
      const own = places[row]!
      for (let column = 0; column <= row; column += 2) {
        const first = places[column]!
        const second = places[Math.min(column + 1, row)]!
        this.sumProducts(own, first, second, length)
        normal[own * MOST + first] = sums[0]!
        normal[own * MOST + second] = sums[1]!
      }
      gradient[own] = sums[2]!
    }
  }

  /** Sums a row of slopes times two others and the errors: three at a time, so that no addition waits for another. */
  private sumProducts(own: number, first: number, second: number, length: number): void {
    const { errors, slopes, sums } = this
    let at = own * length
    let atFirst = first * length
    let atSecond = second * length
    let byFirst = 0
    let bySecond = 0
    let byError = 0
    for (let t = 0; t < length; t += 1) {
      const slope = slopes[at]!
      byFirst += slope * slopes[atFirst]!
      bySecond += slope * slopes[atSecond]!
      byError += slope * errors[t]!
      at += 1
      atFirst += 1
      atSecond += 1
    }
    sums[0] = byFirst
    sums[1] = bySecond
    sums[2] = byError
  }

  /** The derivatives of the errors by all five parameters, also those that stay 0. */
  private slope(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array): void {
    const { errors, slopes } = this
    const { length } = series
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    const b2 = point[4]!
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    // Whether deviations one and two steps back move with the mean: not before the series.
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    let e1 = 0
    let e2 = 0
    // Derivatives one and two steps back.
    let mean1 = 0
    let mean2 = 0
    let phi1 = 0
    let phi2 = 0
    let psi1 = 0
    let psi2 = 0
    let theta1 = 0
    let theta2 = 0
    let eta1 = 0
    let eta2 = 0
    for (let t = 0; t < length; t += 1) {
      const byMean = a1 * m1 + a2 * m2 - 1 - b1 * mean1 - b2 * mean2
      const byPhi = -x1 - b1 * phi1 - b2 * phi2
      const byPsi = -x2 - b1 * psi1 - b2 * psi2
      const byTheta = -e1 - b1 * theta1 - b2 * theta2
      const byEta = -e2 - b1 * eta1 - b2 * eta2
      slopes[t] = byMean
      slopes[length + t] = byPhi
      slopes[2 * length + t] = byPsi
      slopes[3 * length + t] = byTheta
      slopes[4 * length + t] = byEta
      mean2 = mean1
      mean1 = byMean
      phi2 = phi1
      phi1 = byPhi
      psi2 = psi1
      psi1 = byPsi
      theta2 = theta1
      theta1 = byTheta
      eta2 = eta1
      eta1 = byEta
      x2 = x1
      x1 = series[t]! - mean
      m2 = m1
      m1 = 1
      e2 = e1
      e1 = errors[t]!
    }
  }
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
