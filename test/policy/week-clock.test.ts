import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/units.ts'
import { floorByClock } from '../../src/policy/floor-clock.ts'
import { weekClock } from '../../src/policy/week-clock.ts'

const at = (text: string): number => Date.parse(text)

describe('the clocks of a time zone', () => {
  it('count from Monday’s midnight, to the millisecond', () => {
    const utc = weekClock('UTC')
    expect(utc(at('2024-01-01T00:00:00Z'))).toBe(0)
    expect(utc(at('2024-01-07T23:59:59.999Z'))).toBe(7 * DAY - 1)
    expect(weekClock('Asia/Kolkata')(at('2024-01-01T00:00:00Z'))).toBe(5 * HOUR + 30 * MINUTE)
  })

  it('are moved for summer time', () => {
    const berlin = weekClock('Europe/Berlin')
    expect(berlin(at('2024-03-31T00:59:00Z'))).toBe(6 * DAY + HOUR + 59 * MINUTE)
    expect(berlin(at('2024-03-31T01:00:00Z'))).toBe(6 * DAY + 3 * HOUR)
  })

  it('make a floor of eight o’clock hold at eight in winter and in summer', () => {
    const steps = [
      { minute: 8 * 60, instances: 3 },
      { minute: 9 * 60, instances: 0 },
    ]
    const out = { instances: -1, untilMs: -1 }
    const levelAt = (text: string): number => {
      floorByClock('Europe/Berlin', at('2024-01-01T00:00:00Z'))(
        { cycle: 'day', steps },
        at(text) - at('2024-01-01T00:00:00Z'),
        out,
      )
      return out.instances
    }
    expect(['06:59', '07:00', '07:59', '08:00'].map((time) => levelAt(`2024-01-10T${time}:00Z`))).toEqual([0, 3, 3, 0])
    expect(['05:59', '06:00', '06:59', '07:00'].map((time) => levelAt(`2024-07-10T${time}:00Z`))).toEqual([0, 3, 3, 0])
  })
})
