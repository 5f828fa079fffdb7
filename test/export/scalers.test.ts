import { describe, expect, it } from 'vitest'
import { type Data, listOf } from '../../src/export/files/export-file.ts'
import type { Export } from '../../src/export/export-plan.ts'
import { type Floor, levelAt } from '../../src/policy/plan/floor.ts'
import { planPolicy } from '../../src/policy/plan/plan-policy.ts'
import { INSTANCES_MODEL } from '../../src/sim/model.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { type Execution, rowOf, traceOf } from '../sim/scenario.ts'
import { appPlan, DAILY, exported, planOf, textOf, WEEKLY } from './exported.ts'

/*
 * What each platform's scaler holds of a schedule when nobody calls, minute by minute over a week, by a plain model of that
 * scaler that reads the exported files itself and shares no code with the exporter.
 */

const WEEK = 7 * 1440
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

const PLANS: readonly (readonly [string, Floor])[] = [
  ['one level at all times', daily([0, 2])],
  ['office hours', daily([8 * HOUR, 3], [18 * HOUR, 0])],
  ['over night', daily([6 * HOUR, 0], [22 * HOUR, 2])],
  ['several steps a day', DAILY],
  ['never nothing', daily([7 * HOUR, 5], [20 * HOUR, 1])],
  ['stairs up and down', daily([6 * HOUR, 1], [9 * HOUR, 2], [12 * HOUR, 4], [15 * HOUR, 2], [21 * HOUR, 0])],
  ['a short rise', daily([12 * HOUR, 2], [12 * HOUR + 10, 0])],
  ['working days', WEEKLY],
  ['a weekend', weekly([4, 20, 2], [6, 23, 0])],
  ['over the end of the week', weekly([1, 6, 0], [6, 20, 3])],
]

const NAMES = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']

/** Minutes of the week at which a cron of minute, hour and days fires. */
function firings(minute: string, hour: string, days: string): number[] {
  return NAMES.flatMap((name, day) => {
    const isOn = days === '*' || days === '?' || days.split(',').includes(name)
    return isOn ? [day * 1440 + Number(hour) * 60 + Number(minute)] : []
  })
}

/** The same of a cron whose first two fields are minute and hour, and whose fifth is the day of the week. */
function firingsOf(cron: string): number[] {
  const [minute = '', hour = '', , , days = ''] = cron.split(' ')
  return firings(minute, hour, days)
}

function wrapped(minute: number): number {
  return ((minute % WEEK) + WEEK) % WEEK
}

/** Actions set a level, which stays until the next; a rise takes so many minutes to be there. */
function setPoints(actions: readonly { readonly at: readonly number[]; readonly level: number }[], lead: number) {
  const events = actions.flatMap(({ at, level }) => at.map((minute) => ({ minute, level })))
  const asked = (minute: number): number => {
    const ago = (each: { readonly minute: number }): number => wrapped(minute - each.minute)
    return events.reduce((latest, each) => (ago(each) < ago(latest) ? each : latest)).level
  }
  return (minute: number): number => {
    const recent = Array.from({ length: lead + 1 }, (_, each) => asked(minute - each))
    return Math.min(...recent)
  }
}

/** Cron triggers raise; the autoscaler keeps the highest of its window, and after the cool-down all is gone. */
function keda(
  minimum: number,
  triggers: readonly Data[],
  waits: { readonly cooldown: number; readonly stable: number },
) {
  const windows = triggers.map(({ start, end, desiredReplicas }) => {
    const [from, to] = [start, end].map((cron) => {
      return firingsOf(String(cron))
    }) as [number[], number[]]
    return { from, to, level: Number(desiredReplicas) }
  })
  const asked = (minute: number): number => {
    const open = windows.filter(({ from, to }) => {
      const begun = Math.min(...from.map((each) => wrapped(minute - each)))
      const ended = Math.min(...to.map((each) => wrapped(minute - each)))
      return begun < ended
    })
    return Math.max(0, ...open.map(({ level }) => level))
  }
  // Seen at a poll, and started: a minute.
  const seen = (minute: number): number => Math.min(asked(minute), asked(minute - 1))
  return (minute: number): number => {
    let highest = 0
    let isActive = false
    for (let ago = 0; ago <= Math.max(waits.cooldown, waits.stable) + 1; ago += 1) {
      const level = seen(minute - ago)
      // The minute that ends at a fall is over since one minute less.
      if (ago < waits.stable + 1) highest = Math.max(highest, level)
      if (ago < waits.cooldown + 1 && level > 0) isActive = true
    }
    if (minimum > 0) return Math.max(minimum, highest)
    // At the end of the cool-down all go, whatever the autoscaler would keep.
    return isActive ? Math.max(1, highest) : 0
  }
}

function jsonOf(made: Export, path: string): Data {
  return JSON.parse(textOf(made, path)) as Data
}

/** The scalers' own reading of the files of an app called shop, kept for ten minutes. */
const SCALERS: Readonly<Record<string, (made: Export) => (minute: number) => number>> = {
  keda: (made) => {
    const { cooldownPeriod, minReplicaCount, advanced, triggers } = jsonOf(made, 'scaledobjects/shop.json')['spec']!
    const { scaleDown } = advanced!['horizontalPodAutoscalerConfig']!['behavior']!
    const stable = Number(scaleDown!['stabilizationWindowSeconds']) / 60
    const cooldown = Number(cooldownPeriod) / 60
    const crons = listOf(triggers).filter(({ type }) => String(type) === 'cron')
    const metadata = crons.map(({ metadata }) => metadata!)
    return keda(Number(minReplicaCount), metadata, { cooldown, stable })
  },
  'azure-container-apps': (made) => {
    const { scale } = jsonOf(made, 'apps/shop.json')['properties']!['template']!
    const { minReplicas, rules, cooldownPeriod } = scale!
    const crons = listOf(rules).flatMap(({ custom }) => (custom === undefined ? [] : [custom['metadata']!]))
    return keda(Number(minReplicas), crons, { cooldown: Number(cooldownPeriod) / 60, stable: 5 })
  },
  fission: (made) => {
    const concurrency = jsonOf(made, 'functions/shop.json')['spec']!['provisionedConcurrency']!
    const all = listOf(concurrency['windows']).map(({ start, duration, target }) => {
      const from = firingsOf(String(start).replace(/^CRON_TZ=\S+ /, ''))
      return { from, minutes: Number.parseInt(String(duration), 10), level: Number(target) }
    })
    const asked = (minute: number): number => {
      const open = all.filter(({ from, minutes }) => from.some((each) => wrapped(minute - each) < minutes))
      return open.length === 0 ? Number(concurrency['target']) : Math.max(...open.map(({ level }) => level))
    }
    return (minute) => Math.min(asked(minute), asked(minute - 1))
  },
  'aws-lambda': (made) =>
    setPoints(
      listOf(jsonOf(made, 'functions/shop.json')['actions']).map(({ Schedule, ScalableTargetAction }) => {
        const at = firingsOf(/^cron\((.*)\)$/.exec(String(Schedule))![1]!)
        return { at, level: Number(ScalableTargetAction!['MinCapacity']) }
      }),
      2,
    ),
  'alibaba-fc': (made) =>
    setPoints(
      listOf(jsonOf(made, 'provision/shop.json')['scheduledActions']).map(({ scheduleExpression, target }) => {
        const at = firingsOf(/^cron\(0 (.*)\)$/.exec(String(scheduleExpression))![1]!)
        return { at, level: Number(target) }
      }),
      1,
    ),
  'huawei-functiongraph': (made) =>
    setPoints(
      listOf(jsonOf(made, 'reserved/shop.json')['tactics_config']!['cron_configs']).map(({ cron, count }) => {
        return { at: firingsOf(String(cron).replace(/^CRON_TZ=UTC 0 /, '')), level: Number(count) }
      }),
      1,
    ),
  'google-cloud-run': (made) =>
    setPoints(
      listOf(jsonOf(made, 'services/shop.json')['jobs']).map(({ schedule, httpTarget }) => {
        const { scaling } = JSON.parse(atob(String(httpTarget!['body']))) as { scaling: { minInstanceCount: number } }
        return { at: firingsOf(String(schedule)), level: scaling.minInstanceCount }
      }),
      1,
    ),
  slimfaas: (made) => {
    const annotations = jsonOf(made, 'deployments/shop.json')['metadata']!['annotations']!
    const always = Number(annotations['SlimFaas/ReplicasMin'])
    const schedule = annotations['SlimFaas/Schedule']
    if (schedule === null || schedule === undefined) return () => always
    const { Default: day } = JSON.parse(String(schedule)) as SlimSchedule
    const isUp = (minute: number): boolean => {
      const idle = Math.min(...day.WakeUp.map((time) => since(minute, time)))
      const timeout = day.ScaleDownTimeout.reduce((latest, each) =>
        since(minute, each.Time) < since(minute, latest.Time) ? each : latest,
      )
      return idle * 60 < timeout.Value
    }
    return (minute) => (isUp(minute) && isUp(minute - 1) ? Number(annotations['SlimFaas/ReplicasAtStart']) : always)
  },
}

interface SlimSchedule {
  readonly Default: {
    readonly WakeUp: readonly string[]
    readonly ScaleDownTimeout: readonly { readonly Time: string; readonly Value: number }[]
  }
}

/** Minutes since a time of day. */
function since(minute: number, time: string): number {
  const at = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  return (((minute - at) % 1440) + 1440) % 1440
}

describe.each(Object.entries(SCALERS))('the scaler of %s', (id, scalerOf) => {
  it.each(PLANS)('holds what the simulation takes it to hold of a plan with %s', (_, floor) => {
    const made = exported(id, planOf([appPlan({ floor, standIn: floor })]))
    const held = scalerOf(made)
    const wrong: string[] = []
    for (let minute = 0; minute < WEEK; minute += 1) {
      const simulated = levelAt(made.applied.apps[0]!.floor, minute)
      if (simulated !== held(minute)) wrong.push(`minute ${minute}: simulated ${simulated}, held ${held(minute)}`)
    }
    expect(wrong.slice(0, 5)).toEqual([])
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
    return rowOf(simulate({ trace, model: INSTANCES_MODEL, policy: planPolicy(applied), seed: 1 }))
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

  it.each([1, 50])('aims at pods that are full, on all three platforms: %i requests at a time', (concurrency) => {
    for (const id of ['knative', 'openshift-serverless', 'kserve']) {
      const { applied } = exported(id, planOf([appPlan({ concurrency })]))
      expect([id, applied.apps[0]!.autoscaler?.target]).toEqual([id, concurrency])
    }
  })
})
