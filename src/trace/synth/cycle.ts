import { DAY_MINUTES } from '../../core/units.ts'
import type { RandomStream } from '../../core/random.ts'
import { CYCLE } from './published-shares.ts'

/** Minutes in a day and in a week. */
const WEEK_MINUTES = 7 * DAY_MINUTES

/** How an app's rate follows the day and the week. */
export interface Cycle {
  /** The part of the hourly peak that never goes away, 0 to 1. */
  readonly floor: number
  /** Minutes by which the app's day runs late against the platform's. */
  readonly lateBy: number
}

/** The platform's own cycle, which the busiest apps follow. */
export const PLATFORM_CYCLE: Cycle = { floor: CYCLE.floor, lateBy: 0 }

/** The height of the weekend's waves against a weekday's, so that CYCLE.weekend holds for totals at CYCLE.floor. */
const WEEKEND_WAVE = 1 - (1 - CYCLE.weekend) * ((1 + CYCLE.floor) / (1 - CYCLE.floor))

/** The intensity of arrivals over time, relative to its own average of 1. A trace begins on a Monday at midnight. */
export interface Intensity {
  readonly highest: number
  /** The intensity in a minute since the trace began. */
  at(minute: number): number
}

/** A week of the platform's wave, 0 in the quietest minute and 1 in the busiest of a weekday. */
export type Wave = { readonly level: Float64Array; readonly mean: number }

/** Makes the wave once; all intensities read from it. */
export function createWave(): Wave {
  const level = Float64Array.from({ length: WEEK_MINUTES }, (_, minute) => {
    const weekend = Math.floor(minute / DAY_MINUTES) >= 5
    return dayWave(minute % DAY_MINUTES) * (weekend ? WEEKEND_WAVE : 1)
  })
  return { level, mean: level.reduce((sum, value) => sum + value, 0) / WEEK_MINUTES }
}

/** Half a cosine up from the quietest to the busiest minute, and half a cosine, longer, down through midnight. */
function dayWave(minute: number): number {
  const { busiestMinute, quietestMinute } = CYCLE
  const rise = busiestMinute - quietestMinute
  const since = (minute - quietestMinute + DAY_MINUTES) % DAY_MINUTES
  const phase = since <= rise ? since / rise : 1 + (since - rise) / (DAY_MINUTES - rise)
  return (1 - Math.cos(Math.PI * phase)) / 2
}

/** The intensity of an app with this cycle. */
export function intensityOf(wave: Wave, { floor, lateBy }: Cycle): Intensity {
  const { level } = wave
  const mean = floor + (1 - floor) * wave.mean
  return {
    highest: 1 / mean,
    at: (minute) => (floor + (1 - floor) * level[(minute + WEEK_MINUTES - lateBy) % WEEK_MINUTES]!) / mean,
  }
}

/** Draws the cycle of an app of its own kind: any floor, and users who live up to a few hours east or west. */
export function drawCycle(stream: RandomStream): Cycle {
  const floor = stream.uniform()
  const lateBy = Math.round((stream.uniform() + stream.uniform() - 1) * 240)
  return { floor, lateBy }
}
