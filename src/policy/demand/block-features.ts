/** 5 % of the Dickey-Fuller law with a constant, for some 500 values; and of F with 1 and some 500 degrees of freedom. */
const DICKEY_FULLER = -2.87
const F_ONE = 3.86
/** Harmonics are looked for among so many of the lowest frequencies, and hold a tenth or more of what those hold. */
const FREQUENCIES = 50
const LEAST_PART = 0.1

/** What tells the blocks of a series apart: density 0 to 1, linear 0 or 1, stationary 0 or 1, harmonics 0 to 10. */
export function blockFeatures(values: Float64Array): number[] {
  let busy = 0
  for (const value of values) if (value > 0) busy += 1
  return [busy / values.length, isLinear(values) ? 1 : 0, isStationary(values) ? 1 : 0, harmonicsOf(values)]
}

/** The line of least squares through pairs of one value and the next (or its change): residuals, and t of the slope. */
function lagged(values: Float64Array, ofChange: boolean) {
  const n = values.length - 1
  let [meanX, meanY] = [0, 0]
  const y = (at: number): number => values[at + 1]! - (ofChange ? values[at]! : 0)
  for (let at = 0; at < n; at += 1) {
    meanX += values[at]! / n
    meanY += y(at) / n
  }
  let [xx, xy] = [0, 0]
  for (let at = 0; at < n; at += 1) {
    xx += (values[at]! - meanX) ** 2
    xy += (values[at]! - meanX) * (y(at) - meanY)
  }
  const slope = xx > 0 ? xy / xx : 0
  const residuals = Float64Array.from({ length: n }, (_, at) => y(at) - meanY - slope * (values[at]! - meanX))
  const squares = residuals.reduce((sum, each) => sum + each * each, 0)
  return { n, meanX, xx, residuals, squares, t: slope / Math.sqrt(squares / (n - 2) / xx) }
}

/** Dickey and Fuller: the change falls with the value, too surely for a random walk. What never changes is stationary. */
function isStationary(values: Float64Array): boolean {
  const { xx, squares, t } = lagged(values, true)
  return xx <= 0 || squares <= 0 || t < DICKEY_FULLER
}

/** Ramsey's RESET of a first-order autoregression: the square of the value explains nothing of what is left. */
function isLinear(values: Float64Array): boolean {
  const { n, meanX, xx, residuals, squares } = lagged(values, false)
  if (xx <= 0 || squares <= 1e-12) return true
  // The square, less what a line through the values has of it.
  let [mean, slope] = [0, 0]
  for (let at = 0; at < n; at += 1) mean += values[at]! ** 2 / n
  for (let at = 0; at < n; at += 1) slope += ((values[at]! - meanX) * values[at]! ** 2) / xx
  let [uu, ue] = [0, 0]
  for (let at = 0; at < n; at += 1) {
    const left = values[at]! ** 2 - mean - slope * (values[at]! - meanX)
    uu += left * left
    ue += left * residuals[at]!
  }
  // Of a series of two values the square is a line through them.
  if (uu <= 1e-9 * xx * xx) return true
  const explained = (ue * ue) / uu
  return explained * (n - 3) <= F_ONE * Math.max(0, squares - explained)
}

/** One turn in so many equal steps, cosines and sines; blocks all have one length. */
let turn = { cos: new Float64Array(0), sin: new Float64Array(0) }

function turnOf(steps: number): typeof turn {
  if (turn.cos.length === steps) return turn
  const angles = Float64Array.from({ length: steps }, (_, step) => (2 * Math.PI * step) / steps)
  turn = { cos: angles.map(Math.cos), sin: angles.map(Math.sin) }
  return turn
}

function harmonicsOf(values: Float64Array): number {
  const { length } = values
  const most = Math.min(FREQUENCIES, Math.floor((length - 1) / 2))
  const { cos, sin } = turnOf(length)
  const real = new Float64Array(most)
  const imaginary = new Float64Array(most)
  let sum = 0
  // Value by value, as most of them are often 0; each has turned once more by its own angle at each next frequency.
  for (let at = 0; at < length; at += 1) {
    const value = values[at]!
    if (value === 0) continue
    sum += value
    for (let frequency = 0, step = at; frequency < most; frequency += 1) {
      real[frequency]! += value * cos[step]!
      imaginary[frequency]! += value * sin[step]!
      step += at
      if (step >= length) step -= length
    }
  }
  const powers = real.map((each, frequency) => each * each + imaginary[frequency]! * imaginary[frequency]!)
  const total = powers.reduce((all, power) => all + power, 0)
  // What is left of a constant series is rounding.
  if (total <= 1e-18 * sum * sum) return 0
  return powers.filter((power) => power >= LEAST_PART * total).length
}
