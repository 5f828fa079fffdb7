import { describe, expect, it } from 'vitest'
import { minuteOfWeek } from '../../../src/cli/arguments/start-minute.ts'

describe('the minute of the week in which a trace begins', () => {
  it('is that of its date, by the clocks of the zone', () => {
    // Wednesday, 17 June 2020, 19:36:14 UTC
    const moment = Date.UTC(2020, 5, 17, 19, 36, 14)
    expect(minuteOfWeek(moment, 'UTC')).toBe((2 * 24 + 19) * 60 + 36)
    expect(minuteOfWeek(moment, 'Asia/Tokyo')).toBe((3 * 24 + 4) * 60 + 36)
    expect(minuteOfWeek(Date.UTC(2024, 0, 1), 'UTC')).toBe(0)
  })

  it('is that of Monday at midnight where the trace does not tell', () => {
    expect(minuteOfWeek(undefined, 'UTC')).toBe(0)
  })
})
