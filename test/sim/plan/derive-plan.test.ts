import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/units.ts'
import { levelAt, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import { provisioned } from '../../../src/policy/policies/provisioned.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import type { Plan } from '../../../src/policy/plan/plan.ts'
import { COLD_START_WORTH_MS, derivePlan, type PlanOptions } from '../../../src/sim/plan/derive-plan.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL } from '../../../src/sim/model.ts'
import type { ScheduleOptions } from '../../../src/sim/plan/scheduled-floor.ts'
import { answers, type Execution, traceOf } from '../scenario.ts'

const DAY = 24 * HOUR
const SCHEDULE: ScheduleOptions = { mostChanges: 200, onDemandMs: 10 * MINUTE, coldStartWorthMs: COLD_START_WORTH_MS }

function planOf(rows: readonly Execution[], horizonMs: number, options: Partial<PlanOptions> = {}): Plan {
  const trace = traceOf(rows, horizonMs, 0)
  const simulation = { trace, model: INSTANCES_MODEL, policy: fixed, params: { keepAlive: 20 * MINUTE }, seed: 1 }
  return derivePlan(simulation, { timeZone: 'UTC', startMinute: 0, ...options })
}

/** Once a day, a minute past 9. */
function at9(days: number): Execution[] {
  return Array.from({ length: days }, (_, day): Execution => [day * DAY + 9 * HOUR + MINUTE, 1000])
}

describe('a plan from a run', () => {
  it('has the windows, memory and evidence of each app', () => {
    const rows: Execution[] = [
      [0, 10],
      [5, 10],
      [HOUR, 10],
      [DAY + 1, 10],
      [7, 10, 'b'],
    ]
    const plan = planOf(rows, 2 * DAY)
    expect(plan).toEqual({
      schema: 1,
      policy: { id: 'fixed', params: { keepAlive: 20 * MINUTE } },
      timeZone: 'UTC',
      startMinute: 0,
      apps: [
        {
          app: 'a',
          memoryMb: 1,
          concurrency: 1,
          functions: [{ name: 'f', trigger: 'unknown', invocations: 4 }],
          prewarmMs: 0,
          keepAliveMs: 20 * MINUTE,
          floor: NO_FLOOR,
          schedule: NO_FLOOR,
          evidence: {
            idleTimes: 2,
            days: 2,
            shortestMs: 20 * MINUTE,
            longestMs: 20 * MINUTE,
            peakInstances: 2,
            meanMs: 10,
          },
        },
        {
          app: 'b',
          memoryMb: 1,
          concurrency: 1,
          functions: [{ name: 'f', trigger: 'unknown', invocations: 1 }],
          prewarmMs: 0,
          keepAliveMs: 20 * MINUTE,
          floor: NO_FLOOR,
          schedule: NO_FLOOR,
          evidence: {
            idleTimes: 0,
            days: 0,
            shortestMs: 20 * MINUTE,
            longestMs: 20 * MINUTE,
            peakInstances: 1,
            meanMs: 10,
          },
        },
      ],
    })
  })

  it('holds the last answer, and the span of those in the second half', () => {
    const trace = traceOf(
      [
        [0, 0],
        [10, 0],
        [60, 0],
        [80, 0],
      ],
      100,
      0,
    )
    const policy = answers([0, 900], [0, 1], [4, 7], [2, 6])
    const simulation = { trace, model: INSTANCES_MODEL, policy, params: {}, seed: 1 }
    const [app] = derivePlan(simulation, { timeZone: 'UTC', startMinute: 0 }).apps
    expect(app).toMatchObject({ prewarmMs: 2, keepAliveMs: 6, evidence: { shortestMs: 8, longestMs: 11 } })
  })

  it('asks the policy for an app that never went idle', () => {
    const [app] = planOf([[0, DAY]], HOUR).apps
    expect(app).toMatchObject({ prewarmMs: 0, keepAliveMs: 20 * MINUTE, evidence: { idleTimes: 0, peakInstances: 1 } })
  })

  it('hears a policy that never unloads, also where a cluster need not ask it, and drops do not disturb the peak', () => {
    const rows = Array.from({ length: 20 }, (_, each): Execution => [each * MINUTE + (each % 2), 2 * MINUTE])
    const model = { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 2 }], overflow: 'drop', coldStart: 0 } as const
    const simulation = { trace: traceOf(rows, HOUR, 0), model, policy: noUnload, params: {}, seed: 1 }
    const [app] = derivePlan(simulation, { timeZone: 'UTC', startMinute: 0 }).apps
    expect(app!.keepAliveMs).toBe(Number.POSITIVE_INFINITY)
    expect(app!.evidence.peakInstances).toBeGreaterThanOrEqual(2)
  })

  it('knows what the hybrid histogram learnt of an app that is invoked every hour', () => {
    const rows = Array.from({ length: 48 }, (_, hour): Execution => [hour * HOUR, 1000])
    const policy = { policy: hybridHistogram, params: defaultsOf(hybridHistogram.parameters) }
    const simulation = { trace: traceOf(rows, 2 * DAY, 0), model: INSTANCES_MODEL, ...policy, seed: 1 }
    const [app] = derivePlan(simulation, { timeZone: 'UTC', startMinute: 0 }).apps
    // Idle times of 59:59 fall into bin 59: head 59 min less 10 %, tail 60 min and 10 % more.
    expect(app).toMatchObject({ prewarmMs: 53.1 * MINUTE, keepAliveMs: 66 * MINUTE - 53.1 * MINUTE })
  })
})

describe('a floor that stands for windows', () => {
  it('is up where the app is invoked every day, and nowhere else', () => {
    const [app] = planOf(at9(4), 4 * DAY, { schedule: SCHEDULE }).apps
    expect(app!.schedule).toEqual({
      cycle: 'day',
      steps: [
        { minute: 9 * 60, instances: 1 },
        { minute: 9 * 60 + 5, instances: 0 },
      ],
    })
  })

  it('tells the time of the zone in which the trace begins', () => {
    const [app] = planOf(at9(4), 4 * DAY, { schedule: SCHEDULE, startMinute: 23 * 60 }).apps
    expect(app!.schedule.steps).toEqual([
      { minute: 8 * 60, instances: 1 },
      { minute: 8 * 60 + 5, instances: 0 },
    ])
  })

  it('has days of the week once the trace has two of them', () => {
    const mondays: Execution[] = [0, 7].map((day) => [day * DAY + 9 * HOUR, 1000])
    const [app] = planOf(mondays, 14 * DAY, { schedule: SCHEDULE, startMinute: 1440 }).apps
    expect(app!.schedule).toEqual({
      cycle: 'week',
      steps: [
        { minute: 1440 + 9 * 60, instances: 1 },
        { minute: 1440 + 9 * 60 + 5, instances: 0 },
      ],
    })
  })

  it('is as high as instances execute at once, also over a long execution', () => {
    const rows: Execution[] = at9(3).flatMap(([start]) => [
      [start, 12 * MINUTE],
      [start + 1, 1000],
    ])
    const [app] = planOf(rows, 3 * DAY, { schedule: SCHEDULE }).apps
    expect([540, 545].map((minute) => levelAt(app!.schedule, minute))).toEqual([2, 0])
  })

  it('is not there where the platform keeps the app by itself', () => {
    const often = Array.from({ length: 144 * 4 }, (_, each): Execution => [each * 10 * MINUTE, 1000])
    const [app] = planOf(often, 4 * DAY, { schedule: SCHEDULE }).apps
    expect(levelAt(app!.schedule, 720)).toBe(0)
  })

  it('is not there where a cold start is worth less than the memory', () => {
    const [app] = planOf(at9(4), 4 * DAY, { schedule: { ...SCHEDULE, coldStartWorthMs: 0 } }).apps
    expect(app!.schedule).toEqual(NO_FLOOR)
  })

  it('keeps to the number of changes that the platform takes', () => {
    const thrice = [0, 1, 2, 3].flatMap((day) => [6, 7, 8].map((hour): Execution => [day * DAY + hour * HOUR, 1000]))
    const [app] = planOf(thrice, 4 * DAY, { schedule: { ...SCHEDULE, mostChanges: 2 } }).apps
    expect(app!.schedule.steps).toHaveLength(2)
    const [free] = planOf(thrice, 4 * DAY, { schedule: SCHEDULE }).apps
    expect(free!.schedule.steps).toHaveLength(6)
  })

  it('keeps to that number with the floor of the policy in it, below which it never is', () => {
    const often = [0, 1, 2, 3].flatMap((day) =>
      [2, 4, 6, 20, 22].map((hour): Execution => [day * DAY + hour * HOUR, 1000]),
    )
    const params = { ...defaultsOf(provisioned.parameters), instances: 2, from: 9 * HOUR, until: 18 * HOUR }
    const simulation = {
      trace: traceOf(often, 4 * DAY, 0),
      model: INSTANCES_MODEL,
      policy: provisioned,
      params,
      seed: 1,
    }
    for (const mostChanges of [2, 4, 6, 200]) {
      const options = { timeZone: 'UTC', startMinute: 0, schedule: { ...SCHEDULE, mostChanges } }
      const [app] = derivePlan(simulation, options).apps
      expect(app!.schedule.steps.length).toBeLessThanOrEqual(mostChanges)
      for (let minute = 0; minute < 1440; minute += 5) {
        expect(levelAt(app!.schedule, minute)).toBeGreaterThanOrEqual(levelAt(app!.floor, minute))
      }
    }
  })
})
