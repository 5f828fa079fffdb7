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
    this.here.makeRoom(length)
    this.there.makeRoom(length)
  }

  /** The fit of ARMA(p, q), begun at `start`, a fit with the same p and a smaller q, where there is one. */
  fit(p: number, q: number, start?: Arma): Arma {
    const { series, hasBefore, before } = this
    const places = PLACES[p]![q]!
    this.begin(start)
    let { point, tried } = this
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

/** One pass over a series at a point: errors, their derivatives by the parameters, and the sums of both. */
class SeriesPass {
  /** Sum of the squared one-step errors, and the forecast of the next value. */
  sum = 0.5
  next = 0.5
  /** The lower half of J'J, and J'e; of the parameters in use. */
  readonly normal = new Float64Array(MOST * MOST)
  readonly gradient = new Float64Array(MOST)
  private errors = new Float64Array(0)
  /** Derivatives of the errors, one row a parameter. */
  private slopes = new Float64Array(0)

  /** For a series of that length. */
  makeRoom(length: number): void {
    if (length <= this.errors.length) return
    this.errors = new Float64Array(2 * length)
    this.slopes = new Float64Array(2 * length * MOST)
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
    const { length } = series
    // In pairs of parameters: the more sums are made at a time, the less an addition waits for the one before it.
    for (let row = 0; row < places.length; row += 2) {
      const isPair = row + 1 < places.length
      for (let column = 0; column < row; column += 2)
        this.sumProducts(places, row, isPair ? row + 1 : row, column, length)
      if (isPair) this.sumPair(places[row]!, places[row + 1]!, length)
      else this.sumSquare(places[row]!, length)
    }
  }

  /** Products of two rows of slopes, which may be the same, with two others before them. */
  private sumProducts(places: readonly number[], one: number, other: number, column: number, length: number): void {
    const { normal, slopes } = this
    const [own, next] = [places[one]!, places[other]!]
    const [first, second] = [places[column]!, places[column + 1]!]
    let atOwn = own * length
    let atNext = next * length
    let atFirst = first * length
    let atSecond = second * length
    let ownFirst = 0
    let ownSecond = 0
    let nextFirst = 0
    let nextSecond = 0
    for (let t = 0; t < length; t += 1) {
      const byOwn = slopes[atOwn]!
      const byNext = slopes[atNext]!
      const byFirst = slopes[atFirst]!
      const bySecond = slopes[atSecond]!
      ownFirst += byOwn * byFirst
      ownSecond += byOwn * bySecond
      nextFirst += byNext * byFirst
      nextSecond += byNext * bySecond
      atOwn += 1
      atNext += 1
      atFirst += 1
      atSecond += 1
    }
    normal[own * MOST + first] = ownFirst
    normal[own * MOST + second] = ownSecond
    normal[next * MOST + first] = nextFirst
    normal[next * MOST + second] = nextSecond
  }

  /** Products of two rows of slopes with themselves, with each other and with the errors. */
  private sumPair(own: number, next: number, length: number): void {
    const { errors, gradient, normal, slopes } = this
    let atOwn = own * length
    let atNext = next * length
    let ownSquares = 0
    let products = 0
    let nextSquares = 0
    let ownErrors = 0
    let nextErrors = 0
    for (let t = 0; t < length; t += 1) {
      const byOwn = slopes[atOwn]!
      const byNext = slopes[atNext]!
      const error = errors[t]!
      ownSquares += byOwn * byOwn
      products += byNext * byOwn
      nextSquares += byNext * byNext
      ownErrors += byOwn * error
      nextErrors += byNext * error
      atOwn += 1
      atNext += 1
    }
    normal[own * MOST + own] = ownSquares
    normal[next * MOST + own] = products
    normal[next * MOST + next] = nextSquares
    gradient[own] = ownErrors
    gradient[next] = nextErrors
  }

  /** The same of one row. */
  private sumSquare(own: number, length: number): void {
    const { errors, gradient, normal, slopes } = this
    let at = own * length
    let squares = 0
    let byError = 0
    for (let t = 0; t < length; t += 1) {
      const slope = slopes[at]!
      squares += slope * slope
      byError += slope * errors[t]!
      at += 1
    }
    normal[own * MOST + own] = squares
    gradient[own] = byError
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
