import { FourierForecast } from './fourier-forecast.ts'

/** A forecast of a series' next value from its latest ones, which are oldest first: those at `from` and before `to`. */
export type OneStepForecast = (values: Float64Array, from: number, to: number) => number

/** Above this, a forecast grows by at most so much in one step (FeMux's artefact). */
const FAST = 3000
const MOST_GROWTH = 500

/** Forecasters of FeMux, by their names there; all of them see the same number of values. */
export function oneStepForecasters(values: number): Readonly<Record<string, OneStepForecast>> {
  const seen = Math.min(60, values)
  const fourier = new FourierForecast(seen, 10, 1)
  const made: Record<string, OneStepForecast> = {
    ar: autoregression(10),
    fft: (all, _from, to) => fourier.ahead(all, 1, to - seen),
    markov: markovChain,
    keep5: (all, _from, to) => maximum(all, to - 5, to),
    keep10: (all, _from, to) => maximum(all, to - 10, to),
  }
  return Object.fromEntries(Object.entries(made).map(([name, forecast]) => [name, bounded(forecast)]))
}

/** What never changed stays; nothing is below 0; what is large grows slowly. */
function bounded(forecast: OneStepForecast): OneStepForecast {
  return (values, from, to) => {
    const last = values[to - 1]!
    if (isConstant(values, from, to)) return last
    const next = Math.max(0, forecast(values, from, to))
    return next > FAST && next > last + MOST_GROWTH ? last + MOST_GROWTH : next
  }
}

function isConstant(values: Float64Array, from: number, to: number): boolean {
  const first = values[from]!
  for (let at = from + 1; at < to; at += 1) if (values[at] !== first) return false
  return true
}

function maximum(values: Float64Array, from: number, to: number): number {
  let most = 0
  for (let at = from; at < to; at += 1) if (values[at]! > most) most = values[at]!
  return most
}

/** AR(p) round the mean by the Yule-Walker equations (Levinson-Durbin), of the order that the variance allows. */
export function autoregression(order: number): OneStepForecast {
  const moments = new Float64Array(order + 1)
  const weights = new Float64Array(order)
  const before = new Float64Array(order)
  let centred = new Float64Array(0)
  return (values, from, to) => {
    const length = to - from
    let mean = 0
    for (let at = from; at < to; at += 1) mean += values[at]!
    mean /= length
    if (centred.length < length) centred = new Float64Array(length)
    for (let at = 0; at < length; at += 1) centred[at] = values[from + at]! - mean
    for (let lag = 0; lag <= order; lag += 4) fourMoments(centred, length, lag, moments)
    let error = moments[0]!
    const enough = 1e-12 * error
    weights.fill(0)
    for (let step = 0; step < order && error > enough; step += 1) {
      let reflection = moments[step + 1]!
      for (let at = 0; at < step; at += 1) reflection -= weights[at]! * moments[step - at]!
      reflection /= error
      before.set(weights)
      for (let at = 0; at < step; at += 1) weights[at] = before[at]! - reflection * before[step - 1 - at]!
      weights[step] = reflection
      error *= 1 - reflection * reflection
    }
    let next = mean
    for (let at = 0; at < order; at += 1) next += weights[at]! * centred[length - 1 - at]!
    return next
  }
}

/**
 * The moments of four lags from `lag` on, as far as there are so many. Each is one sum in the order of time; four at once,
 * because a sum waits for its last term. Hot: half of what FeMux costs.
 */
function fourMoments(centred: Float64Array, length: number, lag: number, moments: Float64Array): void {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  const begin = Math.min(length, lag + 3)
  for (let at = lag; at < begin; at += 1) first += centred[at]! * centred[at - lag]!
  for (let at = lag + 1; at < begin; at += 1) second += centred[at]! * centred[at - lag - 1]!
  for (let at = lag + 2; at < begin; at += 1) third += centred[at]! * centred[at - lag - 2]!
  for (let at = begin; at < length; at += 1) {
    const value = centred[at]!
    first += value * centred[at - lag]!
    second += value * centred[at - lag - 1]!
    third += value * centred[at - lag - 2]!
    fourth += value * centred[at - lag - 3]!
  }
  moments[lag] = first / length
  // What is beyond the end of the column is not written.
  moments[lag + 1] = second / length
  moments[lag + 2] = third / length
  moments[lag + 3] = fourth / length
}

/** Values that differ by less are one state. */
function rounded(value: number): number {
  if (value === 0) return 0
  const digits = value < 1 ? 1e7 : 100
  return Math.round(value * digits) / digits
}

/**
 * A Markov chain whose state is the value, by how much it last changed, and for how long it has not. What follows is the
 * commonest value after the same state, of equal ones the latest; where the state is new, after the nearest: the state of
 * least difference in value, then in change, then in run length, of equal ones the latest.
 */
export function markovChain(values: Float64Array, from: number, to: number): number {
  const last = to - 1
  let runNow = 1
  const now = rounded(values[last]!)
  while (last - runNow >= from && rounded(values[last - runNow]!) === now) runNow += 1
  const changeNow = last - runNow < from ? 0 : now - rounded(values[last - runNow]!)
  let [nearest, leastValue, leastChange, leastRun] = [
    -1,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]
  let run = 1
  let change = 0
  const followers = new Map<number, number>()
  let value = 0
  for (let at = from; at < last; at += 1) {
    const previous = value
    value = rounded(values[at]!)
    if (at > from) {
      if (previous === value) run += 1
      else {
        run = 1
        change = value - previous
      }
    }
    const byValue = Math.abs(value - now)
    // It is neither the same state nor a nearer one.
    if (byValue > leastValue) continue
    const byChange = Math.abs(change - changeNow)
    const byRun = Math.abs(run - runNow)
    if (byValue === 0 && byChange === 0 && byRun === 0) {
      const next = values[at + 1]!
      followers.set(next, (followers.get(next) ?? 0) + 1)
    }
    const isNearer =
      byValue < leastValue ||
      (byValue === leastValue && (byChange < leastChange || (byChange === leastChange && byRun <= leastRun)))
    if (!isNearer) continue
    nearest = at
    leastValue = byValue
    leastChange = byChange
    leastRun = byRun
  }
  if (followers.size === 0) return nearest < 0 ? values[last]! : values[nearest + 1]!
  let [best, most] = [0, 0]
  for (const [value, times] of followers) if (times >= most) [best, most] = [value, times]
  return best
}
