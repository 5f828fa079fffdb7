import { DAY, HOUR, MINUTE } from '../../core/units.ts'
import type { WeekClock } from '../../policy/policy.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** The time zone of this machine, as the environment has it (TZ). */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A clock of the world for a time that began `originMs` after 1970; `ownZone` is that of who names none. */
export function weekClock(originMs: number, ownZone: string): WeekClock {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return {
    sinceMonday(now, timeZone = ownZone) {
      const format = formats.get(timeZone) ?? formatOf(timeZone)
      formats.set(timeZone, format)
      const told = Object.fromEntries(format.formatToParts(originMs + now).map(({ type, value }) => [type, value]))
      const { weekday, hour, minute } = told as Record<'weekday' | 'hour' | 'minute', string>
      // Zones differ by whole minutes.
      const inMinute = (originMs + now) % MINUTE
      return DAYS.indexOf(weekday) * DAY + Number(hour) * HOUR + Number(minute) * MINUTE + inMinute
    },
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...shown })
}
