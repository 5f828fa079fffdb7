import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../../src/core/units.ts'
import { weekClock } from '../../../src/live/fleet/week-clock.ts'
import type { Floor } from '../../../src/policy/plan/floor.ts'
import { answerFloorBy } from '../../../src/policy/plan/floor-clock.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { planPolicy } from '../../../src/policy/plan/plan-policy.ts'
import { provisioned } from '../../../src/policy/policies/provisioned.ts'
import type { FloorAnswer, Policy, PolicyContext } from '../../../src/policy/policy.ts'
import { appPlan, DAILY, planOf } from '../../export/exported.ts'

/** The night in which clocks in Berlin go forward from two to three: midnight there is 23:00 in UTC. */
const ORIGIN = Date.parse('2026-03-28T23:00:00Z')

/** The machine of the test is in India. */
const CLOCK = weekClock(ORIGIN, 'Asia/Kolkata')

const CONTEXT: PolicyContext = {
  apps: 1,
  functions: 1,
  horizonMs: Number.POSITIVE_INFINITY,
  clock: CLOCK,
  appNames: { at: () => 'shop' },
  memoryMb: Float64Array.of(1),
  coldStartMs: new Float64Array(1),
  trigger: new Uint8Array(1),
  functionApp: new Uint32Array(1),
  seed: 1,
}

/** Asks for a day, again whenever an answer has run out: the moments at which the level becomes another one. */
function changes(policy: Policy): readonly string[] {
  const out: FloorAnswer = { instances: -1, untilMs: 0 }
  const found: string[] = []
  for (let now = 0, before = -1; now < DAY; now = out.untilMs) {
    policy.floor!(0, now, out)
    expect(out.untilMs).toBeGreaterThan(now)
    if (out.instances !== before) found.push(`${new Date(ORIGIN + now).toISOString()} ${out.instances}`)
    before = out.instances
  }
  return found
}

describe('a policy whose time has a date', () => {
  it('holds a plan’s floors by the clocks of its zone and not by those of its trace, into summer time', () => {
    const plan = { ...planOf([appPlan({ floor: DAILY })], 'Europe/Berlin'), startMinute: 77 }
    expect(changes(planPolicy(plan).create({}, CONTEXT))).toEqual([
      '2026-03-28T23:00:00.000Z 2',
      // There is no half past two that night.
      '2026-03-29T01:00:00.000Z 1',
      '2026-03-29T06:15:00.000Z 4',
      '2026-03-29T15:05:00.000Z 0',
      '2026-03-29T21:45:00.000Z 2',
    ])
  })

  it('need not be asked again for a floor that never changes', () => {
    const constant: Floor = { cycle: 'day', steps: [{ minute: 0, instances: 3 }] }
    const out = { instances: -1, untilMs: 0 }
    answerFloorBy(CLOCK, constant, 'Europe/Berlin', 5, out)
    expect(out).toEqual({ instances: 3, untilMs: Number.POSITIVE_INFINITY })
  })

  it('called provisioned holds its instances by the time of day of the machine', () => {
    const params = { ...defaultsOf(provisioned.parameters), from: 8 * HOUR, until: 18 * HOUR, starts: 5 * HOUR }
    expect(changes(provisioned.create(params, CONTEXT))).toEqual([
      '2026-03-28T23:00:00.000Z 0',
      '2026-03-29T02:30:00.000Z 1',
      '2026-03-29T12:30:00.000Z 0',
    ])
  })
})
