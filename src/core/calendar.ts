import { aheadOf } from './time-zone.ts'
import { DAY, MINUTE } from './units.ts'

/** When the time of a trace was, as far as its source tells. */
export interface Calendar {
  /** When time 0 was, in ms since 1970 (UTC); absent where that is not known. */
  readonly startsAtMs?: number
  /** The time zone (IANA) whose clocks tell the hours of its days; absent for UTC. */
  readonly zone?: string
}

const WEEK = 7 * DAY
/** 1 January 1970 was a Thursday. */
const MONDAY_TO_1970 = 3 * DAY

/** The time of day at which a trace begins, by its own clocks, in ms since midnight, whole minutes; 0 where that is not known. */
export function timeOfDay(calendar: Calendar): number {
  return (minuteOfWeek(calendar) * MINUTE) % DAY
}

/** Whole minutes from Monday's midnight to the moment at which a trace begins, by its own clocks; 0 where that is not known. */
export function minuteOfWeek({ startsAtMs, zone = 'UTC' }: Calendar): number {
  if (startsAtMs === undefined) return 0
  const shown = startsAtMs + aheadOf(zone)(startsAtMs) + MONDAY_TO_1970
  return Math.floor((((shown % WEEK) + WEEK) % WEEK) / MINUTE)
}

/** When a trace begins, as in `2024-05-01 14:00 Europe/Berlin`; undefined where that is not known. */
export function beginning({ startsAtMs, zone = 'UTC' }: Calendar): string | undefined {
  if (startsAtMs === undefined) return undefined
  // oxlint-disable-next-line no-restricted-globals -- tells a date that is handed in, not the present one
  const shown = new Date(startsAtMs + aheadOf(zone)(startsAtMs)).toISOString()
  return `${shown.slice(0, 10)} ${shown.slice(11, 16)} ${zone}`
}

/** The part of a trace's facts that tells when it was. */
export function calendarOf({ startsAtMs, zone }: { [K in keyof Calendar]?: Calendar[K] | undefined }): Calendar {
  return startsAtMs === undefined ? {} : { startsAtMs, ...(zone === undefined ? {} : { zone }) }
}
