import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ahead,
  behind,
  clockWindowsOf,
  floorOfSetPoints,
  floorOfWindows,
  floorText,
  outsideGaps,
  setPointsOf,
  shifted,
  usualLevel,
} from '../../../src/export/schedule/schedule.ts'
import { clockGaps } from '../../../src/export/schedule/platform-zone.ts'
import { constantFloor, type Floor, levelAt, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { floors } from '../../policy/plan/arbitrary-plan.ts'
import { DAILY, WEEKLY } from '../exported.ts'

/** The level at every minute of a week. */
function week(floor: Floor): number[] {
  return Array.from({ length: 10_080 }, (_, minute) => levelAt(floor, minute))
}

describe('set points', () => {
  it('are one action for all days at one time to one level', () => {
    expect(setPointsOf(WEEKLY)).toEqual([
      { minuteOfDay: 480, days: [0, 1, 2, 3, 4], instances: 3 },
      { minuteOfDay: 1080, days: [0, 1, 2, 3, 4], instances: 0 },
      { minuteOfDay: 1320, days: [5], instances: 1 },
      { minuteOfDay: 260, days: [6], instances: 0 },
    ])
    expect(setPointsOf(DAILY)[0]).toEqual({ minuteOfDay: 150, instances: 1 })
    expect(setPointsOf(constantFloor(3))).toEqual([])
  })

  it('make the floor again that they came from', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        expect(week(floorOfSetPoints(setPointsOf(floor), levelAt(floor, 0)))).toEqual(week(floor))
      }),
      { numRuns: 50 },
    )
  })
})

describe('windows by the clock', () => {
  it('are the stretches above 0, over midnight as well', () => {
    expect(clockWindowsOf(DAILY)).toEqual([
      { minuteOfDay: 150, instances: 1, minutes: 345 },
      { minuteOfDay: 495, instances: 4, minutes: 530 },
      { minuteOfDay: 1425, instances: 2, minutes: 165 },
    ])
  })

  it('make the floor again that they came from', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const windows = clockWindowsOf(floor)
        const base = windows.length === 0 ? levelAt(floor, 0) : 0
        expect(week(floorOfWindows(windows, base, false))).toEqual(week(floor))
      }),
      { numRuns: 50 },
    )
  })

  it('raise a base, or replace it even by less', () => {
    const windows = [{ minuteOfDay: 60, minutes: 60, instances: 1 }]
    const levels = (replaces: boolean): number[] => [0, 90].map((m) => levelAt(floorOfWindows(windows, 2, replaces), m))
    expect(levels(false)).toEqual([2, 2])
    expect(levels(true)).toEqual([2, 1])
  })
})

describe('a lead time', () => {
  it('brings rises forward and leaves falls where they are', () => {
    const floor: Floor = {
      cycle: 'day',
      steps: [
        { minute: 1, instances: 2 },
        { minute: 60, instances: 0 },
      ],
    }
    expect(ahead(floor, 2).steps).toEqual([
      { minute: 60, instances: 0 },
      { minute: 1439, instances: 2 },
    ])
    expect(behind(ahead(floor, 2), 2)).toEqual(floor)
  })

  it('is the highest level of the minutes to come, and undone never leaves less than was wanted', () => {
    fc.assert(
      fc.property(floors, fc.integer({ min: 1, max: 3 }), (floor, minutes) => {
        const wanted = week(floor)
        const asked = week(ahead(floor, minutes))
        const expected = wanted.map((_, minute) =>
          Math.max(...Array.from({ length: minutes + 1 }, (_, each) => wanted[(minute + each) % 10_080]!)),
        )
        expect(asked).toEqual(expected)
        const found = week(behind(ahead(floor, minutes), minutes))
        expect(found.filter((level, minute) => level < wanted[minute]!)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('a time that clocks skip', () => {
  it('is known of each zone, also at midnight, of half an hour, and of none', () => {
    const found = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kolkata'].map(
      clockGaps,
    )
    expect(found).toEqual([
      [{ day: 6, minuteOfDay: 120, minutes: 60 }],
      [{ day: 6, minuteOfDay: 120, minutes: 60 }],
      [{ day: 6, minuteOfDay: 120, minutes: 30 }],
      [{ day: 4, minuteOfDay: 0, minutes: 60 }],
      [],
    ])
  })

  it('has no change of a floor in it: rises come just before, and falls after', () => {
    // Berlin skips 02:00 to 03:00.
    const steps = [
      { minute: 135, instances: 3 },
      { minute: 600, instances: 0 },
    ]
    expect(outsideGaps({ cycle: 'day', steps }, clockGaps('Europe/Berlin')).steps[0]).toEqual({
      minute: 119,
      instances: 3,
    })
    expect(floorText(outsideGaps(DAILY, clockGaps('Europe/Berlin')))).toBe(
      '1 from 03:00, 4 from 08:15, 0 from 17:05, 2 from 23:45',
    )
  })

  it('holds the highest level that was wanted in it, and all else stays as it was', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Cairo', 'Africa/Casablanca')
    fc.assert(
      fc.property(floors, zones, (floor, zone) => {
        const gaps = clockGaps(zone)
        expect(gaps).toHaveLength(1)
        const [{ day, minuteOfDay, minutes }] = gaps as [(typeof gaps)[number]]
        const days = floor.cycle === 'week' ? [day] : [0, 1, 2, 3, 4, 5, 6]
        const starts = days.map((each) => each * 1440 + minuteOfDay - 1)
        const wanted = week(floor)
        const found = week(outsideGaps(floor, gaps))
        const isNear = (minute: number): boolean =>
          starts.some((start) => (minute - start + 10_080) % 10_080 <= minutes)
        for (const start of starts) {
          const stretch = Array.from({ length: minutes + 1 }, (_, each) => (start + each + 10_080) % 10_080)
          const highest = Math.max(...stretch.map((minute) => wanted[minute]!))
          expect(new Set(stretch.map((minute) => found[minute]))).toEqual(new Set([highest]))
        }
        expect(found.filter((level, minute) => level !== wanted[minute] && !isNear(minute))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a floor', () => {
  it('told by clocks that are ahead is the same one later', () => {
    fc.assert(
      fc.property(floors, fc.integer({ min: -800, max: 800 }), (floor, minutes) => {
        const wanted = week(floor)
        expect(week(shifted(floor, minutes))).toEqual(wanted.map((_, m) => wanted[(m - minutes + 10_080) % 10_080]))
        expect(week(shifted(shifted(floor, minutes), -minutes))).toEqual(wanted)
      }),
      { numRuns: 30 },
    )
  })

  it('has a level that it holds for most of the time', () => {
    expect([DAILY, WEEKLY, NO_FLOOR, constantFloor(5)].map((floor) => usualLevel(floor))).toEqual([4, 0, 0, 5])
  })

  it('is told in words, the first few steps of many', () => {
    expect(floorText(DAILY)).toBe('1 from 02:30, 4 from 08:15, 0 from 17:05, 2 from 23:45')
    expect(floorText(WEEKLY)).toMatch(/^3 from MON 08:00, 0 from MON 18:00, .* and 6 more$/)
    expect(floorText(constantFloor(2))).toBe('2 instances')
  })
})
