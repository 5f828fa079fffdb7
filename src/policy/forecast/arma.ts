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
  private here = new Pass()
  private there = new Pass()
  private readonly system = new Float64Array(MOST * (MOST + 1))
  private readonly step = new Float64Array(MOST)

  constructor(series: readonly number[], before?: number) {
    this.series = Float64Array.from(series)
    this.before = before ?? 0
    this.hasBefore = before !== undefined
  }

  /** The fit of ARMA(p, q), begun at `start`, a fit with the same p and a smaller q, where there is one. */
  fit(p: number, q: number, start?: Arma): Arma {
    const size = 1 + p + q
    let point = this.startingPoint(start)
    let tried = new Float64Array(MOST)
    this.here.run(this.series, this.hasBefore, this.before, point, p, size)
    let damping = 1e-3
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (!this.solve(p, size, damping)) break
      for (let k = 0; k < MOST; k += 1) tried[k] = point[k]! - this.step[k]!
      const isInside = isSettled(tried)
      if (isInside) this.there.run(this.series, this.hasBefore, this.before, tried, p, size)
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
  private solve(p: number, size: number, damping: number): boolean {
    const { system, step } = this
    const { normal, gradient } = this.here
    const width = size + 1
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) {
        system[row * width + column] = normal[row >= column ? row * MOST + column : column * MOST + row]!
      }
      system[row * width + row] = system[row * width + row]! * (1 + damping) + 1e-15
      system[row * width + size] = gradient[row]!
    }
    for (let pivot = 0; pivot < size; pivot += 1) {
      for (let row = pivot + 1; row < size; row += 1) {
        const factor = system[row * width + pivot]! / system[pivot * width + pivot]!
        for (let column = pivot; column < width; column += 1) {
          system[row * width + column]! -= factor * system[pivot * width + column]!
        }
      }
    }
    let moves = false
    step.fill(0)
    for (let row = size - 1; row >= 0; row -= 1) {
      let rest = system[row * width + size]!
      for (let column = row + 1; column < size; column += 1)
        rest -= system[row * width + column]! * step[place(column, p)]!
      const move = rest / system[row * width + row]!
      step[place(row, p)] = move
      if (Math.abs(move) >= STANDS_STILL) moves = true
    }
    return moves
  }
}

/** Where the parameter of a row stands in a point, which keeps room for two phi. */
function place(row: number, p: number): number {
  return row <= p ? row : row + 2 - p
}

/** One pass over a series: errors, their derivatives by the parameters in use, and the sums of both. */
class Pass {
  /** Sum of the squared one-step errors, and the forecast of the next value. */
  sum = 0.5
  next = 0.5
  /** The lower half of J'J, and J'e. */
  readonly normal = new Float64Array(MOST * MOST)
  readonly gradient = new Float64Array(MOST)
  private readonly slope = new Float64Array(MOST)
  private readonly back1 = new Float64Array(MOST)
  private readonly back2 = new Float64Array(MOST)

  run(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number, size: number): void {
    const { normal, gradient, slope, back1, back2 } = this
    normal.fill(0)
    gradient.fill(0)
    back1.fill(0)
    back2.fill(0)
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    const b2 = point[4]!
    // Deviations and errors one and two steps back, and whether deviations move with the mean (not before the series).
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    let e1 = 0
    let e2 = 0
    let sum = 0
    for (let t = 0; t < series.length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1 - b2 * e2
      sum += error * error
      for (let k = 0; k < size; k += 1) {
        const own = k === 0 ? a1 * m1 + a2 * m2 - 1 : k <= p ? (k === 1 ? -x1 : -x2) : k === p + 1 ? -e1 : -e2
        const now = own - b1 * back1[k]! - b2 * back2[k]!
        back2[k] = back1[k]!
        back1[k] = now
        slope[k] = now
        gradient[k]! += now * error
        for (let l = 0; l <= k; l += 1) normal[k * MOST + l]! += now * slope[l]!
      }
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
      e2 = e1
      e1 = error
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1 + b2 * e2
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
