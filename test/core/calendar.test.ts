import { describe, expect, it } from 'vitest'
import { beginning, minuteOfWeek, timeOfDay } from '../../src/core/calendar.ts'
import { midnightBefore } from '../../src/core/time-zone.ts'
import { HOUR, MINUTE } from '../../src/core/units.ts'

/** Wednesday, 17 June 2020, 19:36:14 UTC. */
const MOMENT = Date.UTC(2020, 5, 17, 19, 36, 14)

describe('the beginning of a trace', () => {
  it('is told by the clocks of its zone', () => {
    expect(minuteOfWeek({ startsAtMs: MOMENT })).toBe((2 * 24 + 19) * 60 + 36)
    expect(minuteOfWeek({ startsAtMs: MOMENT, zone: 'Asia/Tokyo' })).toBe((3 * 24 + 4) * 60 + 36)
    expect(minuteOfWeek({ startsAtMs: Date.UTC(2024, 0, 1) })).toBe(0)
    expect(timeOfDay({ startsAtMs: MOMENT })).toBe(19 * HOUR + 36 * MINUTE)
    expect(timeOfDay({ startsAtMs: MOMENT, zone: 'America/New_York' })).toBe(15 * HOUR + 36 * MINUTE)
    expect(beginning({ startsAtMs: MOMENT, zone: 'Asia/Tokyo' })).toBe('2020-06-18 04:36 Asia/Tokyo')
    expect(beginning({ startsAtMs: MOMENT })).toBe('2020-06-17 19:36 UTC')
  })

  it('is Monday at midnight where the trace does not tell', () => {
    expect(minuteOfWeek({})).toBe(0)
    expect(timeOfDay({ zone: 'Asia/Tokyo' })).toBe(0)
    expect(beginning({})).toBeUndefined()
  })

  it('is a time of day before 1970, too', () => {
    expect(timeOfDay({ startsAtMs: -HOUR })).toBe(23 * HOUR)
    // The last day of 1969 was a Wednesday.
    expect(minuteOfWeek({ startsAtMs: -HOUR })).toBe((2 * 24 + 23) * 60)
  })
})

describe('the midnight before a moment', () => {
  it('is that of the zone, in summer time and in winter', () => {
    const midnight = midnightBefore('Europe/Berlin')
    expect(new Date(midnight(MOMENT)).toISOString()).toBe('2020-06-16T22:00:00.000Z')
    expect(new Date(midnight(Date.UTC(2020, 0, 5, 23, 30))).toISOString()).toBe('2020-01-05T23:00:00.000Z')
    expect(midnightBefore('UTC')(MOMENT)).toBe(Date.UTC(2020, 5, 17))
  })
})
