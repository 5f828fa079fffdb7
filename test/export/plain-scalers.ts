import type { Data } from '../../src/export/files/export-file.ts'
import type { Export } from '../../src/export/export-plan.ts'
import { textOf } from './exported.ts'

/*
 * What each platform's scaler does, as its documentation says it: plain models that read the exported files of an app called
 * shop themselves, and share no code with the exporter. Times are minutes from Monday's midnight. Where the platform's file
 * says that something is assumed, the model assumes the same.
 */

/** Calls that come together, each of which keeps an instance busy from one minute to another. */
export interface Burst {
  readonly from: number
  readonly to: number
  /** Instances that they are served by. */
  readonly instances: number
}

/** How many instances there are at a minute. */
export type Scaler = (bursts: readonly Burst[]) => (minute: number) => number

type Held = (minute: number) => number

export const WEEK = 7 * 1440
const NAMES = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']

/** Minutes of the week at which a cron fires whose first two fields are minute and hour, and whose fifth is the day. */
function firingsOf(cron: string): number[] {
  const [minute = '', hour = '', , , days = ''] = cron.split(' ')
  return NAMES.flatMap((name, day) => {
    const isOn = days === '*' || days === '?' || days.split(',').includes(name)
    return isOn ? [day * 1440 + Number(hour) * 60 + Number(minute)] : []
  })
}

function wrapped(minute: number): number {
  return ((minute % WEEK) + WEEK) % WEEK
}

/** Actions set a level, which stays until the next; a rise takes so many minutes to be there. */
function setPoints(actions: readonly { readonly cron: string; readonly level: number }[], lead: number): Held {
  const levelFrom = new Map(
    actions.flatMap(({ cron, level }) => firingsOf(cron).map((minute) => [minute, level] as const)),
  )
  let level = levelFrom.get(Math.max(...levelFrom.keys())) ?? 0
  const asked = Array.from({ length: WEEK }, (_, minute) => (level = levelFrom.get(minute) ?? level))
  return (minute) => {
    const recent = Array.from({ length: lead + 1 }, (_, each) => asked[Math.floor(wrapped(minute - each))]!)
    return Math.min(...recent)
  }
}

/** Instances that are always held, and others that stay for `keep` minutes after they were in use, each by itself. */
function timed(keep: number, held: Held | number): Scaler {
  const level = typeof held === 'number' ? () => held : held
  return (bursts) => (minute) => {
    const used = bursts.filter(({ from, to }) => from <= minute && minute < to + keep)
    return Math.max(level(minute), ...used.map(({ instances }) => instances))
  }
}

/** The same of the last instance; others stay for `others` minutes. */
function sparing(others: number, last: number, held: number): Scaler {
  const [all, one] = [timed(others, held), timed(last, held)]
  return (bursts) => (minute) => Math.max(all(bursts)(minute), Math.min(1, one(bursts)(minute)))
}

/** From a minute on, for some minutes, at least a level. */
function raise(levels: number[], from: number, minutes: number, level: number): void {
  for (let each = from; each < from + minutes; each += 1) {
    levels[wrapped(each)] = Math.max(levels[wrapped(each)]!, level)
  }
}

interface KedaWaits {
  readonly cooldown: number
  readonly stable: number
  /** How far back calls are counted. */
  readonly rate: number
}

/** Cron triggers raise; the autoscaler keeps the highest of its window; once nothing was active for the cool-down, all go. */
function keda(minimum: number, triggers: readonly Data[], { cooldown, stable, rate }: KedaWaits): Scaler {
  const asked = Array.from({ length: WEEK }, () => 0)
  for (const { start, end, desiredReplicas } of triggers) {
    const ends = firingsOf(String(end))
    for (const from of firingsOf(String(start))) {
      const minutes = Math.min(...ends.map((each) => wrapped(each - from)))
      raise(asked, from, minutes, Number(desiredReplicas))
    }
  }
  // Seen at a poll, and started: a minute.
  const seen = asked.map((level, minute) => Math.min(level, asked[wrapped(minute - 1)]!))
  return (bursts) => (minute) => {
    let highest = 0
    let isActive = false
    // By quarters of a minute; the quarter that ends at a fall is over since one quarter less.
    for (let ago = 0; ago < Math.max(cooldown, stable) + 0.25; ago += 0.25) {
      const crons = seen[Math.floor(wrapped(minute - ago))]!
      const isCalled = bursts.some(({ from, to }) => from <= minute - ago && minute - ago < to + rate)
      const demand = Math.max(crons, isCalled ? 1 : 0)
      if (ago < stable + 0.25) highest = Math.max(highest, demand)
      if (ago < cooldown + 0.25 && demand > 0) isActive = true
    }
    if (minimum > 0) return Math.max(minimum, highest)
    // At the end of the cool-down all go, whatever the autoscaler would keep.
    return isActive ? Math.max(1, highest) : 0
  }
}

/**
 * Knative's loop, each 2 s: as many pods as the mean of the window asks for, but no fewer than half of those that there are;
 * the most of the delay; and the last pod for a retention. Half of the pods that a delay holds is wanted, too, so that each
 * halving waits for the delay again.
 */
function knative(annotations: Data, least: number): Scaler {
  const minutes = (key: string): number =>
    Number.parseInt(String(annotations[`autoscaling.knative.dev/${key}`]), 10) / 60
  const [window, delay] = [minutes('window'), minutes('scale-down-delay')]
  const retention = minutes('scale-to-zero-pod-retention-period')
  return (bursts) => {
    const mean = (at: number): number => {
      const inWindow = bursts.map(({ from, to, instances }) => {
        return instances * Math.max(0, Math.min(at, to) - Math.max(at - window, from))
      })
      return inWindow.reduce((sum, each) => sum + each, 0) / window
    }
    const busy = (at: number): number =>
      Math.max(0, ...bursts.filter(({ from, to }) => from <= at && at < to).map(({ instances }) => instances))
    const begin = Math.min(...bursts.map(({ from }) => from))
    const lastWanted: number[] = []
    let [there, zeroSince] = [0, Number.POSITIVE_INFINITY]
    const pods = Array.from({ length: bursts.length === 0 ? 0 : 8 * 60 * 30 }, (_, turn) => {
      const now = begin + turn / 30
      const wanted = Math.max(Math.ceil(mean(now) - 1e-9), Math.floor(there / 2))
      lastWanted[wanted] = now
      const delayed = delay === 0 ? wanted : lastWanted.findLastIndex((at) => at > now - delay + 1e-9)
      if (delayed > 0) zeroSince = Number.POSITIVE_INFINITY
      else if (there > 0) zeroSince = Math.min(zeroSince, now)
      const retained = there > 0 && delayed === 0 && now < zeroSince + retention - 1e-9 ? 1 : 0
      there = Math.max(busy(now), delayed, retained)
      return there
    })
    return (minute) => Math.max(least, busy(minute), pods[Math.floor((minute - begin) * 30)] ?? 0)
  }
}

function jsonOf(made: Export, path: string): Data {
  return JSON.parse(textOf(made, path)) as Data
}

function jsonIfThere(made: Export, path: string): Data | undefined {
  return made.files.some((file) => file.path === path) ? jsonOf(made, path) : undefined
}

/** The entries of a list that may be left out. */
function listOf(list: Data | null | undefined): readonly Data[] {
  return (list ?? []) as unknown as readonly Data[]
}

function minutesOf(text: unknown): number {
  return Number.parseInt(String(text), 10) / 60
}

/** Platforms that are told one app, one object: what apps/shop.json says. */
function plain(scalerOf: (object: Data) => Scaler): (made: Export) => Scaler {
  return (made) => scalerOf(jsonOf(made, 'apps/shop.json'))
}

function knativeService(made: Export): Scaler {
  const { annotations } = jsonOf(made, 'services/shop.json')['spec']!['template']!['metadata']!
  return knative(annotations!, Number(annotations!['autoscaling.knative.dev/min-scale']))
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

function slimfaas(made: Export): Scaler {
  const annotations = jsonOf(made, 'deployments/shop.json')['metadata']!['annotations']!
  const always = Number(annotations['SlimFaas/ReplicasMin'])
  const start = Number(annotations['SlimFaas/ReplicasAtStart'])
  const plainTimeout = Number(annotations['SlimFaas/TimeoutSecondBeforeSetReplicasMin'])
  const schedule = annotations['SlimFaas/Schedule'] as string | null | undefined
  const day = typeof schedule === 'string' ? (JSON.parse(schedule) as SlimSchedule).Default : undefined
  const timeoutAt = (minute: number): number => {
    if (day === undefined) return plainTimeout
    const [latest] = day.ScaleDownTimeout.toSorted((a, b) => since(minute, a.Time) - since(minute, b.Time))
    return latest!.Value
  }
  /** A wake-up counts as a call. */
  const isUp = (minute: number): boolean => {
    const idle = Math.min(...(day?.WakeUp ?? []).map((time) => since(minute, time)))
    return idle * 60 < timeoutAt(minute)
  }
  return (bursts) => (minute) => {
    // What a longer time-out wakes by a call of before takes a minute, too.
    const isLate = (to: number): boolean => [minute, minute - 1].every((at) => (minute - to) * 60 < timeoutAt(at))
    const isCalled = bursts.some(({ from, to }) => from <= minute && (minute < to || isLate(to)))
    // What is called from zero starts with as many as a wake-up does.
    if (isCalled) return Math.max(always, start)
    return isUp(minute) && isUp(minute - 1) ? start : always
  }
}

function openwhisk(made: Export): Scaler {
  const conf = textOf(made, 'invoker.conf')
  const seconds = (key: string): number => Number(new RegExp(`${key} = (\\d+) seconds`).exec(conf)![1])
  const always = seconds('pause-grace') + seconds('idle-container')
  const limits = jsonIfThere(made, 'limits/shop.json')
  // Beyond that, as many stay as the namespace keeps, for the time that it keeps them.
  const keeping = Number.parseInt(String(limits?.['warmedContainerKeepingTimeout'] ?? 0), 10)
  const count = Number(limits?.['warmedContainerKeepingCount'] ?? 0)
  const [all, kept] = [timed(always / 60, 0), timed((always + keeping) / 60, 0)]
  return (bursts) => (minute) => Math.max(all(bursts)(minute), Math.min(count, kept(bursts)(minute)))
}

function azureFunctions(made: Export): Scaler {
  const state = jsonOf(made, 'apps/shop.json')
  const premium = state['minimumElasticInstanceCount'] as number | undefined
  const always = premium ?? Number(listOf(state['alwaysReady'])[0]?.['instanceCount'] ?? 0)
  const timers = jsonIfThere(made, 'timers/shop.json')
  const actions = listOf(timers?.['changes']).map(({ cron, command }) => {
    const level = /(?:--settings \S+=|minimumElasticInstanceCount=)(\d+)$/.exec(String(command))?.[1]
    return { cron: String(cron), level: Number(level ?? 0) }
  })
  const held = actions.length === 0 ? () => always : setPoints(actions, 1)
  // Premium never goes below one instance.
  return timed(20, premium === undefined ? held : (minute) => Math.max(1, held(minute)))
}

function codeEngine(made: Export): Scaler {
  const app = jsonIfThere(made, 'apps/shop.json')
  // An app stays for about a minute beyond its delay.
  if (app !== undefined) return timed(Number(app['scale_down_delay']) / 60 + 1, Number(app['scale_min_instances'] ?? 0))
  return timed(Number(jsonOf(made, 'functions/shop.json')['scale_down_delay']) / 60, 0)
}

function fission(made: Export): Scaler {
  const { idletimeout, provisionedConcurrency } = jsonOf(made, 'functions/shop.json')['spec']!
  // The highest of the open windows, even below the base; -1 where none is open.
  const open = Array.from({ length: WEEK }, () => -1)
  for (const { start, duration, target } of listOf(provisionedConcurrency?.['windows'])) {
    const minutes = Number.parseInt(String(duration), 10)
    for (const from of firingsOf(String(start).replace(/^CRON_TZ=\S+ /, ''))) raise(open, from, minutes, Number(target))
  }
  const base = Number(provisionedConcurrency?.['target'] ?? 0)
  const asked = (minute: number): number => {
    const level = open[Math.floor(wrapped(minute))]!
    return level < 0 ? base : level
  }
  return timed(Number(idletimeout) / 60, (minute) => Math.min(asked(minute), asked(minute - 1)))
}

/** Every platform's own reading of what an export of it says of an app called shop. */
export const PLAIN_SCALERS: Readonly<Record<string, (made: Export) => Scaler>> = {
  'aws-lambda': (made) => {
    const actions = listOf(jsonOf(made, 'functions/shop.json')['actions']).map(({ Schedule, ScalableTargetAction }) => {
      const cron = /^cron\((.*)\)$/.exec(String(Schedule))![1]!
      return { cron, level: Number(ScalableTargetAction!['MinCapacity']) }
    })
    return timed(10, setPoints(actions, 2))
  },
  'azure-functions': azureFunctions,
  'azure-container-apps': (made) => {
    const { minReplicas, rules, cooldownPeriod } = jsonOf(made, 'apps/shop.json')['properties']!['template']!['scale']!
    const crons = listOf(rules).flatMap(({ custom }) => (custom === undefined ? [] : [custom['metadata']!]))
    return keda(Number(minReplicas), crons, { cooldown: Number(cooldownPeriod) / 60, stable: 5, rate: 0.25 })
  },
  'google-cloud-run': (made) => {
    const actions = listOf(jsonOf(made, 'services/shop.json')['jobs']).map(({ schedule, httpTarget }) => {
      const { scaling } = JSON.parse(atob(String(httpTarget!['body']))) as { scaling: { minInstanceCount: number } }
      return { cron: String(schedule), level: scaling.minInstanceCount }
    })
    return timed(15, setPoints(actions, 1))
  },
  openwhisk,
  'ibm-code-engine': codeEngine,
  'alibaba-fc': (made) => {
    const actions = listOf(jsonOf(made, 'provision/shop.json')['scheduledActions'])
    const points = actions.map(({ scheduleExpression, target }) => {
      return { cron: /^cron\(0 (.*)\)$/.exec(String(scheduleExpression))![1]!, level: Number(target) }
    })
    return timed(5, setPoints(points, 1))
  },
  'huawei-functiongraph': (made) => {
    const configs = listOf(jsonOf(made, 'reserved/shop.json')['tactics_config']!['cron_configs'])
    const points = configs.map(({ cron, count }) => {
      return { cron: String(cron).replace(/^CRON_TZ=UTC 0 /, ''), level: Number(count) }
    })
    return timed(1, setPoints(points, 1))
  },
  'tencent-scf': (made) => {
    const actions = listOf(jsonOf(made, 'provisioned/shop.json')['TriggerActions'])
    const points = actions.map(({ TriggerCronConfig, TriggerProvisionedConcurrencyNum }) => {
      return { cron: String(TriggerCronConfig).replace(/^0 /, ''), level: Number(TriggerProvisionedConcurrencyNum) }
    })
    const held = setPoints(points, 1)
    // Its clocks are eight hours ahead of those of the plan.
    return timed(10, (minute) => held(minute + 8 * 60))
  },
  fn: (made) => timed(Number(jsonOf(made, 'functions/shop.json')['idle_timeout']) / 60, 0),
  knative: knativeService,
  keda: (made) => {
    const { cooldownPeriod, minReplicaCount, advanced, triggers } = jsonOf(made, 'scaledobjects/shop.json')['spec']!
    const { scaleDown } = advanced!['horizontalPodAutoscalerConfig']!['behavior']!
    const { requestRate } = jsonOf(made, 'routes/shop.json')['spec']!['scalingMetric']!
    const crons = listOf(triggers).filter(({ type }) => String(type) === 'cron')
    return keda(
      Number(minReplicaCount),
      crons.map(({ metadata }) => metadata!),
      {
        cooldown: Number(cooldownPeriod) / 60,
        stable: Number(scaleDown!['stabilizationWindowSeconds']) / 60,
        rate: minutesOf(requestRate!['window']),
      },
    )
  },
  openfaas: (made) => {
    const { labels } = jsonOf(made, 'functions/shop.json')
    const label = (key: string): unknown => labels![`com.openfaas.scale.${key}`]
    const least = label('zero') === 'true' ? 0 : Number(label('min'))
    return sparing(minutesOf(label('down.window')), minutesOf(label('zero-duration')), least)
  },
  fission,
  nuclio: (made) => {
    const { minReplicas, scaleToZero } = jsonOf(made, 'functions/shop.json')['spec']!
    const [resource] = listOf(scaleToZero!['scaleResources'])
    // It looks once a minute whether the window is over.
    return timed(minutesOf(resource!['windowSize']) + 1, Number(minReplicas))
  },
  modal: plain((scale) => timed(Number(scale['scaledown_window']) / 60, Number(scale['min_containers']))),
  slimfaas,
  kserve: (made) => {
    const { metadata, spec } = jsonOf(made, 'services/shop.json')
    return knative(metadata!['annotations']!, Number(spec!['predictor']!['minReplicas']))
  },
  runpod: plain(({ idleTimeout, workersMin }) => timed(Number(idleTimeout) / 60, Number(workersMin))),
  'cloudflare-containers': plain(({ sleepAfter }) => timed(minutesOf(sleepAfter), 0)),
  // A service that always holds instances has no delay: others then go after the usual five minutes.
  koyeb: plain(({ deepSleepDelay, minScale }) => timed(Number(deepSleepDelay ?? 300) / 60, Number(minScale))),
  'hugging-face': plain(({ compute }) => {
    const { scaleToZeroTimeout, minReplica } = compute!['scaling']!
    return timed(Number(scaleToZeroTimeout), Number(minReplica))
  }),
  bentocloud: plain(({ scaling }) => {
    const window = Number(scaling!['policy']!['scale_down_stabilization_window'])
    return timed(window / 60, Number(scaling!['min_replicas']))
  }),
  beam: plain((scale) => timed(Number(scale['keep_warm_seconds']) / 60, Number(scale['min_containers']))),
  'vertex-ai': plain(({ dedicatedResources }) => {
    const { minReplicaCount, scaleToZeroSpec } = dedicatedResources as unknown as {
      minReplicaCount: number
      scaleToZeroSpec: { idleScaledownPeriod: string } | null
    }
    return timed(minutesOf(scaleToZeroSpec?.idleScaledownPeriod ?? '3600s'), minReplicaCount)
  }),
  'lambda-managed-instances': plain((config) => timed(60, Number(config['MinExecutionEnvironments']))),
  fly: plain((service) => timed(5, Number(service['min_machines_running']))),
  scaleway: plain((container) => sparing(0.5, 15, Number(container['min_scale']))),
  'openshift-serverless': knativeService,
  pilotlight: (made) => {
    const [app] = listOf(jsonOf(made, 'plan.json')['apps'])
    const { keepAliveMs, floor } = app!
    const steps = listOf(floor!['steps']).map(({ minute, instances }) => [Number(minute), Number(instances)] as const)
    const length = floor!['cycle'] === ('day' as unknown) ? 1440 : WEEK
    return timed(Number(keepAliveMs) / 60_000, (minute) => {
      const ago = (at: number): number => (((minute - at) % length) + length) % length
      return steps.reduce((latest, each) => (ago(each[0]) < ago(latest[0]) ? each : latest), steps[0]!)[1]
    })
  },
}
