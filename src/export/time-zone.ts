import { UserError } from '../core/user-error.ts'

/** Throws a UserError at `where` for a text that names no time zone. */
export function demandTimeZone(zone: string, where: string): void {
  if (exists(zone)) return
  throw new UserError({
    where,
    problem: `there is no time zone called ${JSON.stringify(zone)}`,
    hint: 'Time zones have names such as UTC, Europe/Berlin or America/New_York (IANA).',
  })
}

function exists(zone: string): boolean {
  // Offsets such as +02:00 are accepted by Intl, but by few platforms.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** How a zone's clocks are ahead of UTC in standard time, in minutes, and whether they change in the year. */
export function standardOffset(zone: string): { readonly minutes: number; readonly changes: boolean } {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const offsets = Array.from({ length: 12 }, (_, month) => offsetMinutes(clock, Date.UTC(2026, month, 15)))
  const minutes = Math.min(...offsets)
  return { minutes, changes: offsets.some((offset) => offset !== minutes) }
}

/** Minutes by which a clock is ahead of UTC at a moment. */
function offsetMinutes(clock: Intl.DateTimeFormat, moment: number): number {
  const parts = clock.formatToParts(moment)
  const at = (type: string): number => Number(parts.find((part) => part.type === type)!.value)
  return Math.round((Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute')) - moment) / 60_000)
}
