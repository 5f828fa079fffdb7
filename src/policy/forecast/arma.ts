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
  private readonly system = new Float64Array(MOST * (MOST + 1))
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
    const { series, hasBefore, before } = this
    const places = PLACES[p]![q]!
    this.begin(start)
    let { point, tried } = this
    this.here.measure(series, hasBefore, before, point, p, q)
    let damping = 1e-3
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (!this.solve(places, damping)) break
      for (let k = 0; k < MOST; k += 1) tried[k] = point[k]! - this.step[k]!
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
    for (let k = 0; k < MOST; k += 1) step[k] = 0
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

/** Some parameters of a point, from one on. */
function firstOf(point: Float64Array, from: number, length: number): number[] {
  const found: number[] = []
  for (let k = 0; k < length; k += 1) found.push(point[from + k]!)
  return found
}

/** Where the parameters of ARMA(p, q) stand in a point, by p and q: the mean, then phi_1 and phi_2, then theta_1 and theta_2. */
const PLACES = [0, 1, 2].map((p) =>
  [0, 1, 2].map((q) => [0, ...[1, 2].slice(0, p), ...[3, 4].slice(0, q)] as readonly number[]),
)

/**
 * One pass over a series at a point: the sum of the squared errors, the forecast, and what the next turn needs of the errors'
 * derivatives by the parameters. The derivative by phi_2 is that by phi_1 one step later, and that by theta_2 is that by
 * theta_1: so three recurrences tell all five, and the sum of squares of the later one is the other's without its last term.
 */
class SeriesPass {
  /** Sum of the squared one-step errors, and the forecast of the next value. */
  sum = 0.5
  next = 0.5
  /** The lower half of J'J, row by row with room for all {@link MOST}, and J'e; 0 for parameters that are not in use. */
  readonly normal = new Float64Array(MOST * MOST)
  readonly gradient = new Float64Array(MOST)

  // oxlint-disable-next-line max-lines-per-function -- one loop: what its sums share must stay in registers
  measure(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number, q: number): void {
    const { length } = series
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
    // Whether deviations one and two steps back move with the mean: not before the series.
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    // Derivatives by the mean, phi_1 and theta_1, one and two steps back.
    let mean1 = 0
    let mean2 = 0
    let phi1 = 0
    let phi2 = 0
    let theta1 = 0
    let theta2 = 0
    let sum = 0
    // Sums of products, named by the two derivatives, or a derivative and the error.
    let meanMean = 0
    let meanError = 0
    let phiMean = 0
    let phiPhi = 0
    let phiError = 0
    let psiMean = 0
    let psiPhi = 0
    let psiPsi = 0
    let psiError = 0
    let thetaMean = 0
    let thetaPhi = 0
    let thetaPsi = 0
    let thetaTheta = 0
    let thetaError = 0
    let etaMean = 0
    let etaPhi = 0
    let etaPsi = 0
    let etaTheta = 0
    let etaEta = 0
    let etaError = 0
    for (let t = 0; t < length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1 - b2 * e2
      const byMean = a1 * m1 + a2 * m2 - 1 - b1 * mean1 - b2 * mean2
      sum += error * error
      meanMean += byMean * byMean
      meanError += byMean * error
      if (p > 0) {
        const byPhi = -x1 - b1 * phi1 - b2 * phi2
        phiMean += byPhi * byMean
        if (p > 1) {
          psiMean += phi1 * byMean
          psiPhi += phi1 * byPhi
          psiPsi = phiPhi
          psiError += phi1 * error
        }
        phiPhi += byPhi * byPhi
        phiError += byPhi * error
        phi2 = phi1
        phi1 = byPhi
      }
      if (q > 0) {
        const byTheta = -e1 - b1 * theta1 - b2 * theta2
        thetaMean += byTheta * byMean
        if (q > 1) {
          etaMean += theta1 * byMean
          etaTheta += theta1 * byTheta
          etaEta = thetaTheta
          etaError += theta1 * error
          if (p > 0) etaPhi += theta1 * phi1
          if (p > 1) etaPsi = thetaPhi
        }
        if (p > 0) thetaPhi += byTheta * phi1
        if (p > 1) thetaPsi += byTheta * phi2
        thetaTheta += byTheta * byTheta
        thetaError += byTheta * error
        theta2 = theta1
        theta1 = byTheta
      }
      mean2 = mean1
      mean1 = byMean
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
      e2 = e1
      e1 = error
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1 + b2 * e2
    const { normal, gradient } = this
    normal[0] = meanMean
    normal[5] = phiMean
    normal[6] = phiPhi
    normal[10] = psiMean
    normal[11] = psiPhi
    normal[12] = psiPsi
    normal[15] = thetaMean
    normal[16] = thetaPhi
    normal[17] = thetaPsi
    normal[18] = thetaTheta
    normal[20] = etaMean
    normal[21] = etaPhi
    normal[22] = etaPsi
    normal[23] = etaTheta
    normal[24] = etaEta
    gradient[0] = meanError
    gradient[1] = phiError
    gradient[2] = psiError
    gradient[3] = thetaError
    gradient[4] = etaError
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
