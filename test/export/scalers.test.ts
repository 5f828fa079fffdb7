import { describe, expect, it } from 'vitest'
import { defaultPlan } from '../../src/export/export-plan.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { loadedMb } from '../../src/engine/ledger.ts'
import { type Floor, levelAt } from '../../src/policy/plan/floor.ts'
import { planPolicy } from '../../src/policy/plan/plan-policy.ts'
import { INSTANCES_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../sim/scenario.ts'
import { appPlan, DAILY, exported, planOf, VARIANTS, WEEKLY } from './exported.ts'
import { type Burst, PLAIN_SCALERS, type Scaler, WEEK } from './plain-scalers.ts'

/*
 * What the simulation of an export holds, minute by minute, against plain models of the platforms' scalers.
 */

const HOUR = 60

function daily(...steps: readonly (readonly [minute: number, instances: number])[]): Floor {
  return { cycle: 'day', steps: steps.map(([minute, instances]) => ({ minute, instances })) }
}

function weekly(...steps: readonly (readonly [day: number, hour: number, instances: number])[]): Floor {
  return {
    cycle: 'week',
    steps: steps.map(([day, hour, instances]) => ({ minute: (day * 24 + hour) * 60, instances })),
  }
}

const FRIDAY = 4 * 1440
const SUNDAY = 6 * 1440

/** Each with the minute of the week at which eight hours of calls begin. */
const PLANS: readonly (readonly [string, Floor, number])[] = [
  ['one level at all times', daily([0, 2]), FRIDAY],
  ['office hours', daily([8 * HOUR, 3], [18 * HOUR, 0]), FRIDAY + 15 * HOUR],
  ['over night', daily([6 * HOUR, 0], [22 * HOUR, 2]), FRIDAY + 4 * HOUR + 10],
  ['several steps a day', DAILY, FRIDAY + 15 * HOUR],
  ['never nothing', daily([7 * HOUR, 5], [20 * HOUR, 1]), FRIDAY + 15 * HOUR],
  [
    'stairs up and down',
    daily([6 * HOUR, 1], [9 * HOUR, 2], [12 * HOUR, 4], [15 * HOUR, 2], [21 * HOUR, 0]),
    FRIDAY + 15 * HOUR,
  ],
  ['a short rise', daily([12 * HOUR, 2], [12 * HOUR + 10, 0]), FRIDAY + 10 * HOUR + 5],
  ['working days', WEEKLY, FRIDAY + 15 * HOUR],
  ['a weekend', weekly([4, 20, 2], [6, 23, 0]), SUNDAY + 20 * HOUR + 5],
  ['over the end of the week', weekly([1, 6, 0], [6, 20, 3]), 1440 + 3 * HOUR + 5],
]

/** Calls in those eight hours: alone, across falls of the schedules, and while what was used before is still there. */
const CALLS: readonly Burst[] = [
  { from: 30, to: 31, instances: 1 },
  { from: 100, to: 130, instances: 2 },
  { from: 170, to: 200, instances: 3 },
  { from: 205, to: 206, instances: 1 },
  { from: 290, to: 310, instances: 1 },
  { from: 355, to: 365, instances: 2 },
]

/** Instances minute by minute in eight hours that begin at a minute of the week, as the simulation of an export has them. */
function simulatedCounts(made: ReturnType<typeof exported>, startMinute: number, bursts: readonly Burst[]): number[] {
  const [app] = made.applied.apps
  const executions = bursts.flatMap(({ from, to, instances }): Execution[] =>
    Array.from({ length: instances }, () => [from * 60_000, (to - from) * 60_000, app!.app]),
  )
  const trace = traceOf(executions, 480 * 60_000, 0)
  const shares = PLATFORMS.get(made.platform, 'test').sharesRunning === true
  const world = shares ? ({ concurrency: Number.POSITIVE_INFINITY, whileLoading: 'join' } as const) : {}
  const policy = planPolicy({ ...made.applied, startMinute })
  const { timeline } = runSimulation({ trace, model: { ...INSTANCES_MODEL, ...world }, policy, seed: 1 })
  expect(timeline.bucketMs).toBe(60_000)
  return [...loadedMb(timeline, trace.horizonMs)].slice(0, 480)
}

/** The mean of each minute, in whose quarters nothing changes but in loops. */
function modelledCounts(scaler: Scaler, startMinute: number, bursts: readonly Burst[]): number[] {
  const count = scaler(
    bursts.map(({ from, to, instances }) => ({ from: startMinute + from, to: startMinute + to, instances })),
  )
  const moments = [0.125, 0.375, 0.625, 0.875]
  return Array.from({ length: 480 }, (_, minute) => {
    return moments.reduce((sum, part) => sum + count(startMinute + minute + part), 0) / moments.length
  })
}

it('there is a plain model of the scaler of every platform', () => {
  expect(Object.keys(PLAIN_SCALERS).toSorted()).toEqual(PLATFORMS.all.map(({ id }) => id).toSorted())
})

describe.each(VARIANTS)('the scaler of %s', (_, id, settings) => {
  it.each(PLANS)('holds what the simulation takes it to hold of a plan with %s', (_, floor) => {
    const made = exported(id, planOf([appPlan({ floor, schedule: floor })]), settings)
    const held = PLAIN_SCALERS[id]!(made)([])
    const wrong: string[] = []
    for (let minute = 0; minute < WEEK; minute += 1) {
      const simulated = levelAt(made.applied.apps[0]!.floor, minute)
      if (simulated !== held(minute)) wrong.push(`minute ${minute}: simulated ${simulated}, held ${held(minute)}`)
    }
    expect(wrong.slice(0, 5)).toEqual([])
  })

  it.each(PLANS)(
    'has as many instances as the simulation while calls come, under a plan with %s',
    (_, floor, start) => {
      const { sharesRunning } = PLATFORMS.get(id, 'test')
      // Where running instances share calls, one serves them.
      const bursts = CALLS.map((each) => (sharesRunning === true ? { ...each, instances: 1 } : each))
      const wrong = [120_000, 600_000].flatMap((keepAliveMs) => {
        const made = exported(id, planOf([appPlan({ keepAliveMs, floor, schedule: floor })]), settings)
        const modelled = modelledCounts(PLAIN_SCALERS[id]!(made), start, bursts)
        // A loop turns up to 2 s late, and lets instances go within quarters.
        const most = made.applied.apps[0]!.autoscaler === undefined ? 1e-9 : 0.3
        return simulatedCounts(made, start, bursts).flatMap((simulated, minute) => {
          const held = modelled[minute]!
          return Math.abs(simulated - held) <= most
            ? []
            : [`keep ${keepAliveMs / 60_000} min, minute ${minute}: simulated ${simulated}, held ${held}`]
        })
      })
      expect(wrong.slice(0, 5)).toEqual([])
    },
  )
})

/** Whether two plans are told apart. */
function tells([one, other]: readonly (readonly number[])[]): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}

describe('the plain models of the scalers', () => {
  /** Platforms that no floor can be written for. */
  const WITHOUT_FLOOR = ['fn', 'cloudflare-containers', 'openwhisk (scheduler: fpc)', 'openwhisk (scheduler: sharding)']

  it.each(VARIANTS)('read the files, so that others would be found wrong: %s', (name, id, settings) => {
    const made = (floor: Floor, keepAliveMs: number) => {
      return exported(id, planOf([appPlan({ keepAliveMs, floor, schedule: floor })]), settings)
    }
    const at = (made: ReturnType<typeof exported>, bursts: readonly Burst[]): number[] => {
      const count = PLAIN_SCALERS[id]!(made)(bursts)
      return Array.from({ length: 2 * 1440 }, (_, minute) => count(minute))
    }
    // Platforms with windows tell those apart, and platforms with floors tell levels apart.
    const nothing = daily([0, 0])
    const lone: readonly Burst[] = [{ from: 60, to: 61, instances: 1 }]
    const windows = [300_000, 1_800_000].map((keepAliveMs) => at(made(nothing, keepAliveMs), lone))
    const levels = [daily([0, 1]), daily([0, 3])].map((floor) => at(made(floor, 600_000), []))
    const { schedule } = PLATFORMS.get(id, 'test')
    const isFunction = name === 'ibm-code-engine (kind: function)'
    expect([tells(windows), tells(levels)]).toEqual([
      schedule === undefined || id === 'pilotlight',
      !WITHOUT_FLOOR.includes(name) && !isFunction,
    ])
  })
})

describe("Knative's autoscaler, as exported and simulated,", () => {
  /** One call alone, then five at once for a minute, of which the loop keeps fewer and fewer. */
  const alone = traceOf([[0, 0]], 3600_000, 0)
  const burst = traceOf(
    Array.from({ length: 5 }, (): Execution => [0, 60_000]),
    3600_000,
    0,
  )
  const simulated = (trace: typeof alone, keepAliveMs: number, id = 'knative') => {
    const { applied } = exported(id, planOf([appPlan({ app: trace.apps.name.at(0), keepAliveMs })]))
    return rowOf(runSimulation({ trace, model: INSTANCES_MODEL, policy: planPolicy(applied), seed: 1 }))
  }

  it.each(['knative', 'openshift-serverless'])('keeps the pod of a lone call for about its window: %s', (id) => {
    // The turn at 58 s is the last whose window has the call; the delay of 540 s counts from it.
    expect(simulated(alone, 600_000, id).idleMs).toBe(598_000)
    // Below a minute there is only the window, and a turn each 2 s.
    expect(simulated(alone, 30_000, id).idleMs).toBe(30_000)
  })

  it('lets pods go as the mean of the last minute falls, which windows do not say', () => {
    // The mean of 5 falls by one in 12 s: pods go at 72, 84, 96, 108 and 120 s, the last at the turn after its window.
    const idle = [72, 84, 96, 108, 120].map((at) => at - 60).reduce((sum, each) => sum + each, 0) * 1000
    const { idleMs = 0 } = simulated(burst, 60_000)
    expect(idleMs).toBeGreaterThan(idle - 5 * 2000)
    expect(idleMs).toBeLessThan(idle + 5 * 2000)
    expect(idleMs).toBeLessThan(5 * 60_000)
  })

  it.each([
    [70, 1],
    [140, 2],
    [141, 3],
  ])('has for %i requests at a time %i pods by default, none of which is full', (requests, pods) => {
    const executions = Array.from({ length: requests }, (): Execution => [0, 600_000])
    const busy = traceOf(executions, 3600_000, 0)
    const plan = defaultPlan(planOf([appPlan({ app: busy.apps.name.at(0) })]), PLATFORMS.get('knative', 'test'))
    const model = { ...INSTANCES_MODEL, concurrency: Number.POSITIVE_INFINITY, whileLoading: 'join' } as const
    const { timeline } = runSimulation({ trace: busy, model, policy: planPolicy(plan), seed: 1 })
    // The mean of a minute is whole after the first.
    expect([...loadedMb(timeline, busy.horizonMs)].slice(2, 9)).toEqual(Array.from({ length: 7 }, () => pods))
  })

  it.each([1, 50])('aims at pods that are full, on all three platforms: %i requests at a time', (concurrency) => {
    for (const id of ['knative', 'openshift-serverless', 'kserve']) {
      const { applied } = exported(id, planOf([appPlan({ concurrency })]))
      expect([id, applied.apps[0]!.autoscaler?.target]).toEqual([id, concurrency])
    }
  })
})
