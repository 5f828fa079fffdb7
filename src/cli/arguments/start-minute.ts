import { UserError } from '../../core/user-error.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Reads a day of the week and a time, as in `mon 08:30`, as minutes from Monday's midnight. */
export function startMinute(text: string): number {
  const [, day = '', hour = '', minute = ''] = /^([a-z]{3}) (\d\d):(\d\d)$/i.exec(text.trim()) ?? []
  const index = DAYS.indexOf(day.toLowerCase())
  if (index >= 0 && Number(hour) < 24 && Number(minute) < 60) return (index * 24 + Number(hour)) * 60 + Number(minute)
  const problem = `expected a day of the week and a time, found ${JSON.stringify(text)}`
  throw new UserError({
    where: '--starts',
    problem,
    hint: 'A trace that begins on a Monday at midnight has "mon 00:00".',
  })
}

/**
 * Minutes from Monday's midnight, by the clocks of a zone, to the moment at which a trace begins, in ms since 1970; 0
 * where the trace does not tell when it was.
 */
export function minuteOfWeek(startsAtMs: number | undefined, timeZone: string): number {
  if (startsAtMs === undefined) return 0
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const parts = new Map(clock.formatToParts(startsAtMs).map(({ type, value }) => [type, value]))
  return startMinute(`${parts.get('weekday')} ${parts.get('hour')}:${parts.get('minute')}`)
}
