import type { RandomStream } from '../../core/random.ts'
import { BUSIEST_APP_PER_DAY, RATES } from './published-shares.ts'

/** Days after which every app has been invoked at least once: the length of the characterised data set. */
export const FORTNIGHT_DAYS = 14

/** Invocations a day at the edges between the bands of rates: once an hour, a minute, a second. */
export const HOURLY = 24
export const MINUTELY = 24 * 60
export const SECONDLY = 24 * 60 * 60

/**
 * Exponent of the tail above one a second: the rate that a part q of these apps exceeds is SECONDLY x q^-TAIL, cut at
 * the busiest app of the release. Derived from three points: 3 % of the apps above one a second, the busiest of 24,274
 * apps, and 57.6 % of all invocations made by the 20 busiest.
 */
export const TAIL = 1.107

const ONCE = 1 / FORTNIGHT_DAYS

/** Draws an app's average invocations a day within a band of BAND_SHARES: log-uniform, with the power-law tail on top. */
export function drawRate(stream: RandomStream, band: number): number {
  const quantile = stream.positive()
  if (band === 3) return Math.min(BUSIEST_APP_PER_DAY, SECONDLY * quantile ** -TAIL)
  if (band === 2) return between(MINUTELY, SECONDLY, quantile)
  if (band === 1) return between(HOURLY, MINUTELY, quantile)
  const once = RATES.onceAFortnight / RATES.atMostHourly
  return quantile <= once ? ONCE : between(ONCE, HOURLY, (quantile - once) / (1 - once))
}

function between(low: number, high: number, quantile: number): number {
  return low * (high / low) ** quantile
}

/**
 * Bends rates above one a minute by a power, so that a wanted total is met while the order of functions, the slow ones
 * and the shape of the tail stay. At pace 1 nothing changes.
 */
export function paced(perDay: number, pace: number): number {
  return perDay <= MINUTELY ? perDay : MINUTELY * (perDay / MINUTELY) ** pace
}
