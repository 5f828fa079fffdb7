import { DAY_MINUTES } from '../../core/units.ts'
import type { RandomStream } from '../../core/random.ts'
import { FORTNIGHT_DAYS, MINUTELY } from './rates.ts'

/** A function that is set off by the clock. */
export interface Beat {
  /** Minutes from one tick to the next. */
  readonly every: number
  /** The first tick, in minutes since the trace began. */
  readonly first: number
  /** Invocations in a tick: above 1 for timers that fire several times a minute. */
  readonly perTick: number
  /** The part of the ticks that do not happen (host restarts, overlong runs). */
  readonly missing: number
  /** Only on weekdays from 08:00 to 18:00. */
  readonly officeHours: boolean
}

/** The periods that people write into schedules, in minutes. */
const PERIODS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880, 10080, 20160] as const

/** Several times a minute: every 30, 15, 10, 5 and 1 seconds. */
const PER_MINUTE = [2, 4, 6, 12, 60] as const

/** How many schedules have an exact beat, and how many keep to office hours; the rest miss some ticks. */
const EXACT = 0.33
const OFFICE_HOURS = 0.1

/** Office hours are kept only by what then still runs several times a day: invocations a day. */
const OFFICE_HOURS_FROM = 4

/** How many schedules are written for whole hours; periods below an hour then begin at minute 0. */
const ON_THE_HOUR = 0.65

/** Which neighbouring period a wanted rate is rounded to. */
export type Rounding = 'faster' | 'slower'

/** The part of a week that office hours are. */
const OFFICE_PART = (5 / 7) * (10 / 24)

/** Draws a schedule for about `perDay` invocations a day; more than one a minute only where `mayHurry`. */
export function drawBeat(stream: RandomStream, perDay: number, rounding: Rounding, mayHurry: boolean): Beat {
  const kind = stream.uniform()
  const officeHours = perDay > OFFICE_HOURS_FROM && kind >= EXACT && kind < EXACT + OFFICE_HOURS
  const wanted = officeHours ? perDay / OFFICE_PART : perDay
  const perTick = mayHurry && wanted > MINUTELY ? (PER_MINUTE.findLast((count) => count * MINUTELY <= wanted) ?? 1) : 1
  const every = perTick > 1 ? 1 : periodOf(wanted, rounding)
  const phase = Math.floor(stream.uniform() * every)
  return {
    every,
    first: stream.uniform() < ON_THE_HOUR ? phase - (phase % 60) : phase,
    perTick,
    missing: every < DAY_MINUTES && kind >= EXACT + OFFICE_HOURS ? 0.005 + 0.095 * stream.uniform() : 0,
    officeHours,
  }
}

function periodOf(perDay: number, rounding: Rounding): number {
  const wanted = DAY_MINUTES / perDay
  const slowest = FORTNIGHT_DAYS * DAY_MINUTES
  // The least that separates a period from itself after division.
  const slack = 1 + 1e-9
  const slower = PERIODS.find((period) => period * slack >= wanted) ?? slowest
  return rounding === 'slower' ? slower : (PERIODS.findLast((period) => period <= wanted * slack) ?? 1)
}

/** Invocations a day that a beat makes on average, over whole weeks. */
export function perDayOf({ every, perTick, missing, officeHours }: Beat): number {
  const always = (DAY_MINUTES / every) * perTick * (1 - missing)
  return officeHours ? always * OFFICE_PART : always
}

/** Adds a beat's invocations to the counts, one entry per minute since the trace began. */
export function addBeat(stream: RandomStream, beat: Beat, counts: Uint32Array): void {
  for (let minute = beat.first; minute < counts.length; minute += beat.every) {
    const missed = beat.missing > 0 && stream.uniform() < beat.missing
    if (missed || (beat.officeHours && !isOfficeHour(minute))) continue
    counts[minute]! += beat.perTick
  }
}

function isOfficeHour(minute: number): boolean {
  const day = Math.floor(minute / DAY_MINUTES) % 7
  const hour = Math.floor((minute % DAY_MINUTES) / 60)
  return day < 5 && hour >= 8 && hour < 18
}
