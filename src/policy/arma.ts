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

/** Mean, phi_1, phi_2, theta_1, theta_2. */
const SIZE = 5
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
  /** J'J (5 x 5) and J'e of the latest pass with slopes. */
  private readonly normal = new Float64Array(SIZE * SIZE)
  private readonly gradient = new Float64Array(SIZE)
  private readonly step = new Float64Array(SIZE)
  /** What the latest pass forecast. */
  private next = 0

  constructor(series: readonly number[], before?: number) {
    this.series = Float64Array.from(series)
    this.before = before ?? 0
    this.hasBefore = before !== undefined
  }

  /** The fit of ARMA(p, q), begun at `start`, a fit with the same p and a smaller q, where there is one. */
  fit(p: number, q: number, start?: Arma): Arma {
    const active = [0, 1, 2, 3, 4].filter((k) => k === 0 || (k <= 2 ? k <= p : k - 2 <= q))
    let point = this.startingPoint(start)
    let sum = this.pass(point, true)
    let damping = 1e-3
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      this.solve(active, damping)
      if (this.step.every((move) => Math.abs(move) < STANDS_STILL)) break
      const tried = point.map((value, k) => value - this.step[k]!)
      const triedSum = isSettled(tried) ? this.pass(tried, false) : Number.POSITIVE_INFINITY
      if (!(triedSum < sum)) {
        damping *= 10
        continue
      }
      const gain = sum - triedSum
      point = tried
      sum = this.pass(point, true)
      damping = Math.max(damping / 10, 1e-12)
      if (gain <= GOOD_ENOUGH * sum) break
    }
    this.pass(point, false)
    return {
      mean: point[0]!,
      ar: [...point.subarray(1, 1 + p)],
      ma: [...point.subarray(3, 3 + q)],
      sumOfSquares: sum,
      next: this.next,
    }
  }

  private startingPoint(start: Arma | undefined): Float64Array {
    const point = new Float64Array(SIZE)
    point[0] = start?.mean ?? this.series.reduce((sum, value) => sum + value, 0) / this.series.length
    point.set(start?.ar ?? [], 1)
    point.set(start?.ma ?? [], 3)
    return point
  }

  /** One pass over the series: the sum of squared one-step errors, the next value, and, when asked, the slopes' sums. */
  private pass(point: Float64Array, wantsSlopes: boolean): number {
    const { series, hasBefore } = this
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    const b2 = point[4]!
    // Deviations and errors one and two steps back, and how deviations move with the mean (not at all before the series).
    let x1 = hasBefore ? this.before - mean : 0
    let x2 = 0
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    let e1 = 0
    let e2 = 0
    const slopes = wantsSlopes ? new Slopes(this.normal, this.gradient) : undefined
    let sum = 0
    for (let t = 0; t < series.length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1 - b2 * e2
      sum += error * error
      slopes?.add(error, a1 * m1 + a2 * m2 - 1, x1, x2, e1, e2, b1, b2)
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
      e2 = e1
      e1 = error
    }
    slopes?.finish()
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1 + b2 * e2
    return sum
  }

  /** Solves (J'J + damping x its diagonal) step = J'e over the active parameters; the others do not move. */
  private solve(active: readonly number[], damping: number): void {
    const { normal, gradient, step } = this
    const size = active.length
    const rows = active.map((k) => {
      const row = active.map((l) => normal[k * SIZE + l]! * (k === l ? 1 + damping : 1) + (k === l ? 1e-15 : 0))
      return Float64Array.of(...row, gradient[k]!)
    })
    step.fill(0)
    for (let pivot = 0; pivot < size; pivot += 1) {
      for (let row = pivot + 1; row < size; row += 1) {
        const factor = rows[row]![pivot]! / rows[pivot]![pivot]!
        for (let column = pivot; column <= size; column += 1) rows[row]![column]! -= factor * rows[pivot]![column]!
      }
    }
    for (let row = size - 1; row >= 0; row -= 1) {
      let rest = rows[row]![size]!
      for (let column = row + 1; column < size; column += 1) rest -= rows[row]![column]! * step[active[column]!]!
      step[active[row]!] = rest / rows[row]![row]!
    }
  }
}

/** Sums the products of the errors' derivatives, which follow the same recursion as the errors, two steps back. */
class Slopes {
  private readonly normal: Float64Array
  private readonly gradient: Float64Array
  private readonly now = new Float64Array(SIZE)
  private readonly back1 = new Float64Array(SIZE)
  private readonly back2 = new Float64Array(SIZE)

  constructor(normal: Float64Array, gradient: Float64Array) {
    this.normal = normal.fill(0)
    this.gradient = gradient.fill(0)
  }

  add(error: number, byMean: number, x1: number, x2: number, e1: number, e2: number, b1: number, b2: number): void {
    const { now, back1, back2, normal, gradient } = this
    now[0] = byMean
    now[1] = -x1
    now[2] = -x2
    now[3] = -e1
    now[4] = -e2
    for (let k = 0; k < SIZE; k += 1) {
      const slope = now[k]! - b1 * back1[k]! - b2 * back2[k]!
      now[k] = slope
      gradient[k]! += slope * error
      for (let l = 0; l <= k; l += 1) normal[k * SIZE + l]! += slope * now[l]!
    }
    back2.set(back1)
    back1.set(now)
  }

  /** Fills the upper half of the products from the lower. */
  finish(): void {
    const { normal } = this
    for (let k = 0; k < SIZE; k += 1) for (let l = 0; l < k; l += 1) normal[l * SIZE + k] = normal[k * SIZE + l]!
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
