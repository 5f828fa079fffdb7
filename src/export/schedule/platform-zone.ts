import { UserError } from '../../core/user-error.ts'
import { aheadOf, isTimeZone } from '../../core/time-zone.ts'
import { DAY, MINUTE } from '../../core/units.ts'
import type { ClockGap } from './schedule.ts'

/** Throws a UserError at `where` for a text that names no time zone. */
export function demandTimeZone(zone: string, where: string): void {
  if (exists(zone)) return
  throw new UserError({
    where,
    problem: `there is no time zone called ${JSON.stringify(zone)}`,
    hint: 'Time zones have names such as UTC, Europe/Berlin or America/New_York (IANA).',
  })
}

/** A time zone that platforms know by its name: that of a trace, or UTC where it has none or an offset alone. */
export function namedZone(zone: string | undefined): string {
  return zone !== undefined && exists(zone) ? zone : 'UTC'
}

function exists(zone: string): boolean {
  // Offsets such as +02:00 are accepted by Intl, but by few platforms.
  return /^[A-Za-z]/.test(zone) && isTimeZone(zone)
}

/** The year whose changes of clocks are used for all years. */
const YEAR = 2026
/** 5 January 1970 was a Monday. */
const FIRST_MONDAY = 4 * DAY

/** By how many minutes a zone's clocks are ahead of UTC in standard time, and whether they change in the year. */
export function standardOffset(zone: string): { readonly minutes: number; readonly changes: boolean } {
  const ahead = clockOf(zone)
  const offsets = Array.from({ length: 12 }, (_, month) => ahead(Date.UTC(YEAR, month, 15)))
  const minutes = Math.min(...offsets)
  return { minutes, changes: offsets.some((offset) => offset !== minutes) }
}

const gapsOfZone = new Map<string, readonly ClockGap[]>()

/** The times that a zone's clocks skip when they are put forward, in one year. */
export function clockGaps(zone: string): readonly ClockGap[] {
  let gaps = gapsOfZone.get(zone)
  if (gaps === undefined) gapsOfZone.set(zone, (gaps = foundGaps(clockOf(zone))))
  return gaps
}

function foundGaps(ahead: (moment: number) => number): ClockGap[] {
  const days = Array.from({ length: 365 }, (_, day) => Date.UTC(YEAR, 0, 1) + day * DAY)
  return days.flatMap((day) => {
    const before = ahead(day)
    const minutes = ahead(day + DAY) - before
    if (minutes <= 0) return []
    // Half and half, to the first minute of the new time.
    let [old, late] = [day, day + DAY]
    while (late - old > MINUTE) {
      const middle = old + Math.floor((late - old) / MINUTE / 2) * MINUTE
      if (ahead(middle) === before) old = middle
      else late = middle
    }
    const skipped = late + before * MINUTE
    const minuteOfDay = Math.floor(skipped / MINUTE) % 1440
    return [{ day: Math.floor((skipped - FIRST_MONDAY) / DAY) % 7, minuteOfDay, minutes }]
  })
}

/** Tells by how many minutes a zone's clocks are ahead of UTC at a moment. */
function clockOf(zone: string): (moment: number) => number {
  const ahead = aheadOf(zone)
  return (moment) => Math.round(ahead(moment) / MINUTE)
}
