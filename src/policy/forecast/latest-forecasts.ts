import { forecastNext } from './arima.ts'

/** The hybrid policy does not forecast from fewer idle times than this. */
export const FEWEST_TO_FORECAST = 4

/** So many forecasts are kept, as a power of 2: several times as many as an app has in a fortnight. */
const KEPT_BITS = 12

interface Made {
  readonly history: readonly number[]
  readonly next: number
}

/** The latest forecast of each hash. */
const made: (Made | undefined)[] = Array.from({ length: 2 ** KEPT_BITS })

/**
 * What {@link forecastNext} forecasts. A forecast follows from its history alone and takes long; runs that share a pass over
 * the arrivals, and differ in other things, ask for the same ones shortly after each other.
 */
export function latestForecast(history: readonly number[]): number {
  const place = placeOf(history)
  const latest = made[place]
  if (latest !== undefined && areEqual(latest.history, history)) return latest.next
  const { next } = forecastNext(history)
  made[place] = { history: history.slice(), next }
  return next
}

/** Of a product the highest bits depend on all bits of its factors. */
function placeOf(history: readonly number[]): number {
  let hash = history.length
  for (const value of history) hash = Math.imul(hash ^ (value | 0) ^ (hash >>> 15), 0x9e3779b1)
  return hash >>> (32 - KEPT_BITS)
}

function areEqual(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false
  for (let at = one.length - 1; at >= 0; at -= 1) if (one[at] !== other[at]) return false
  return true
}
