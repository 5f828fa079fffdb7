import { DAY, HOUR, MINUTE, SECOND } from '../core/units.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/**
 * What the clocks of a time zone show at moments in whole ms since 1970: ms since Monday's midnight. Throws a RangeError
 * for a zone that does not exist.
 */
export function weekClock(timeZone: string): (momentMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (momentMs) => {
    const parts = new Map(format.formatToParts(momentMs).map(({ type, value }) => [type, value]))
    const at = (unit: Intl.DateTimeFormatPartTypes): number => Number(parts.get(unit))
    const day = DAYS.indexOf(parts.get('weekday')!)
    return day * DAY + at('hour') * HOUR + at('minute') * MINUTE + at('second') * SECOND + (momentMs % SECOND)
  }
}
