import { DAY, MINUTE } from './units.ts'

/** Whether a time zone of that name (IANA, as in `Europe/Berlin`, or an offset) is known. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const QUARTER_MS = 15 * MINUTE

/** By how many ms the clocks of a zone are ahead of UTC at a moment, in ms since 1970. */
export function aheadOf(zone: string): (ms: number) => number {
  if (zone === 'UTC') return () => 0
  const clock = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const byQuarter = new Map<number, number>()
  return (ms) => {
    // Clocks change at whole quarters of an hour.
    const quarter = Math.floor(ms / QUARTER_MS)
    let ahead = byQuarter.get(quarter)
    if (ahead === undefined) {
      const moment = quarter * QUARTER_MS
      const parts = new Map(clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
      const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!
      // oxlint-disable-next-line no-restricted-globals -- reckons with dates that are handed in, not with the present one
      ahead = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute')) - moment
      byQuarter.set(quarter, ahead)
    }
    return ahead
  }
}

/** Turns what the clocks of a zone show, as if it were UTC, into UTC. A time that clocks show twice is the first one. */
export function localToUtc(zone: string): (ms: number) => number {
  if (zone === 'UTC') return (ms) => ms
  const ahead = aheadOf(zone)
  return (ms) => {
    const earlier = ms - ahead(ms - DAY)
    return earlier + ahead(earlier) === ms ? earlier : ms - ahead(ms - ahead(ms))
  }
}

/** The midnight, by the clocks of a zone, before a moment. */
export function midnightBefore(zone: string): (ms: number) => number {
  const ahead = aheadOf(zone)
  const toUtc = localToUtc(zone)
  return (ms) => toUtc(Math.floor((ms + ahead(ms)) / DAY) * DAY)
}
