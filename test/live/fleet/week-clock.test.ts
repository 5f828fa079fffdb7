import { describe, expect, it } from 'vitest'
import { Directory } from '../../../src/live/fleet/app-rows.ts'
import { contextOf } from '../../../src/live/fleet/policy-context.ts'
import { weekClock } from '../../../src/live/fleet/week-clock.ts'
import { answerFloorBy } from '../../../src/policy/plan/floor-clock.ts'
import type { FloorAnswer } from '../../../src/policy/policy.ts'
import { planPolicy } from '../../../src/policy/plan/plan-policy.ts'
import type { Plan } from '../../../src/policy/plan/plan.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { appOf } from '../deployed.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A Monday in January, and the Sunday on which European clocks go from 2 to 3 o'clock. */
const MONDAY = Date.UTC(2026, 0, 5)
const SPRING = Date.UTC(2026, 2, 29)

/** What the clock tells `hours` after `origin`, in hours since Monday's midnight. */
function told(origin: number, hours: number, zone?: string): number {
  return weekClock(origin, 'UTC').sinceMonday(hours * HOUR, zone) / HOUR
}

describe('a clock of the week', () => {
  it('tells the time since Monday’s midnight in a zone, to the millisecond', () => {
    expect(told(MONDAY, 0)).toBe(0)
    expect(told(MONDAY, 7 * 24 - 0.5)).toBe(7 * 24 - 0.5)
    expect(told(MONDAY, 0, 'Europe/Berlin')).toBe(1)
    expect(told(MONDAY, 0, 'America/New_York')).toBe(7 * 24 - 5)
    expect(told(MONDAY, 0, 'Asia/Kolkata')).toBe(5.5)
    expect(weekClock(MONDAY + 1234, 'UTC').sinceMonday(5)).toBe(1239)
  })

  it('jumps when clocks are moved', () => {
    expect(told(SPRING, 0.75, 'Europe/Berlin')).toBe(6 * 24 + 1.75)
    expect(told(SPRING, 1, 'Europe/Berlin')).toBe(6 * 24 + 3)
  })
})

describe('a floor by a clock of the world', () => {
  it('changes at its times of day, on the day on which clocks are moved as well', () => {
    const floor = {
      cycle: 'day',
      steps: [
        { minute: 150, instances: 2 },
        { minute: 300, instances: 0 },
      ],
    } as const
    const changes: string[] = []
    const out: FloorAnswer = { instances: 0, untilMs: 0 }
    const clock = weekClock(SPRING, 'UTC')
    for (let now = 0, before = -1; now < DAY; now = out.untilMs) {
      answerFloorBy(clock, floor, 'Europe/Berlin', now, out)
      expect(out.untilMs).toBeGreaterThan(now)
      if (out.instances !== before) changes.push(`${now / HOUR} h: ${out.instances}`)
      before = out.instances
    }
    // From 2:30 to 5:00: there is no 2:30, since 1 h UTC is 3 o'clock already; 5 o'clock is 3 h UTC.
    expect(changes).toEqual(['0 h: 0', '1 h: 2', '3 h: 0'])
  })
})

const app = appOf('process', 'fn', 'fdk', { name: 'web' })

/** Floors that a plan in Berlin with instances from 8 to 18 o'clock holds live, asked at hours after an origin. */
function planned(originMs: number, hours: readonly number[]): number[] {
  const none = { cycle: 'day', steps: [] } as const
  const steps = [
    { minute: 480, instances: 3 },
    { minute: 1080, instances: 0 },
  ]
  const evidence = { idleTimes: 0, days: 0, shortestMs: 0, longestMs: 0, peakInstances: 0, meanMs: 0 }
  const rules = {
    app: 'web',
    memoryMb: 1,
    concurrency: 1,
    functions: [],
    prewarmMs: 0,
    keepAliveMs: 1,
    evidence,
    schedule: none,
  }
  const apps = [{ ...rules, floor: { cycle: 'day' as const, steps } }]
  // The trace that it comes from began at noon, which is of no matter now.
  const plan: Plan = { schema: 1, policy: { id: 'x', params: {} }, timeZone: 'Europe/Berlin', startMinute: 720, apps }
  const policy = planPolicy(plan).create({}, contextOf(new Directory([app]), 1, originMs))
  return hours.map((hour) => floorAt(policy, hour))
}

function floorAt(policy: { floor?: (app: number, now: number, out: FloorAnswer) => void }, hour: number): number {
  const out = { instances: -1, untilMs: 0 }
  policy.floor!(0, hour * HOUR, out)
  return out.instances
}

describe('live', () => {
  it('a plan holds its floors by the clocks of its own zone', () => {
    // 8 to 18 o'clock are 7 to 17 UTC in winter, and 6 to 16 in summer.
    expect(planned(MONDAY, [6.9, 7, 16.9, 17, 31])).toEqual([0, 3, 3, 0, 3])
    expect(planned(Date.UTC(2026, 6, 6, 5), [0, 1, 10.9, 11])).toEqual([0, 3, 3, 0])
  })

  it('the policy provisioned holds its own by the machine’s clocks', () => {
    const definition = policies.get('provisioned', 'test')
    const zone = process.env['TZ']
    const asked = (tz: string): number[] => {
      process.env['TZ'] = tz
      const params = { ...defaultsOf(definition.parameters), from: 8 * HOUR, until: 9 * HOUR, starts: 5 * HOUR }
      const policy = definition.create(params as never, contextOf(new Directory([app]), 1, MONDAY))
      return [6.5, 7.5, 8.5].map((hour) => floorAt(policy, hour))
    }
    try {
      expect(asked('UTC')).toEqual([0, 0, 1])
      expect(asked('Europe/Berlin')).toEqual([0, 1, 0])
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })
})
