import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { COLD, JOINED, PREWARM, REFUSED, WARM } from '../engine/outcomes.ts'
import type { Adapter } from './adapter.ts'
import type { LiveApp } from './live-app.ts'
import { orAborted } from './instance/or-aborted.ts'
import type { Visit, Watcher } from './fleet/watcher.ts'

const OUTCOMES = { [WARM]: 'warm', [COLD]: 'cold', [JOINED]: 'joined', [REFUSED]: 'refused' } as Record<number, string>
/** Seconds. */
const LATENCIES = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const MOMENTS = [0.000001, 0.000005, 0.00001, 0.00002, 0.00005, 0.0001, 0.001, 0.01]
const LATENESS = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 1]

/** The longest wait for what an engine says that a container uses, in ms. */
const MEASURING_MS = 2000

/** Calls are counted so many at a time, or when metrics are read. This takes much less time than each by itself. */
const AT_A_TIME = 64

/** What is counted of a call. */
type Counted = Pick<Visit, 'app' | 'outcome' | 'status' | 'waitedMs' | 'decidedMs' | 'ranMs'> & {
  readonly reason: Visit['reason'] | undefined
  readonly waits: true | undefined
  readonly isFault: boolean
}

/** A metric with its values, as prom-client gives them. */
export interface MetricFamily {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: readonly { readonly value: number; readonly labels: object; readonly metricName?: string }[]
}

/** Counts for Prometheus what an adapter does. */
export interface LiveMetrics {
  readonly watcher: Watcher
  /** The adapter whose instances are counted when metrics are asked for. */
  observe(adapter: Adapter): void
  /** A state was saved, or could not be. */
  saved(ok: boolean): void
  /** The same as data. */
  families(): Promise<readonly MetricFamily[]>
  /** The metrics in Prometheus's text format. */
  text(): Promise<string>
  readonly contentType: string
}

/** `apps` are by their rows; more may come. */
export function liveMetrics(apps: readonly LiveApp[]): LiveMetrics {
  const registry = new Registry()
  const name = (app: number): string => apps[app]!.name
  const made = instruments(registry)
  made.policyAnswers.set(1)
  let adapter: Adapter | undefined
  const uncounted: Counted[] = []
  const count = (): void => {
    for (const { app, outcome, reason, status, waitedMs, decidedMs, ranMs, waits, isFault } of uncounted.splice(0)) {
      made.invocations.inc({ app: name(app), outcome: OUTCOMES[outcome]!, status })
      if (outcome === COLD) made.coldStarts.inc({ app: name(app), reason: reason! })
      if (waits) made.waits.inc({ app: name(app) })
      if (outcome === REFUSED) continue
      if (!isFault) {
        made.added.observe({ app: name(app) }, waitedMs / 1000)
        made.execution.observe({ app: name(app) }, ranMs / 1000)
      }
      made.decision.observe(decidedMs / 1000)
    }
  }
  return {
    watcher: {
      visited({ app, outcome, reason, status, waitedMs, decidedMs, ranMs, waits, fault }) {
        // Its body is not kept.
        uncounted.push({
          app,
          outcome,
          reason,
          status,
          waitedMs,
          decidedMs,
          ranMs,
          waits,
          isFault: fault !== undefined,
        })
        if (uncounted.length === AT_A_TIME) count()
      },
      started: (app, tookMs) => made.start.observe({ app: name(app) }, tookMs / 1000),
      stayed: ({ app, orderedAt, goneAt }) =>
        made.residence.inc({ app: name(app) }, ((goneAt - orderedAt) / 1000) * apps[app]!.memoryMb),
      failed: (app, { kind }) => made.failures.inc({ app: name(app), kind }),
      decided: (app) => made.decisions.inc({ app: name(app) }),
      policyFailed: (app) => made.policyFailures.inc({ app: app === null ? '' : name(app) }),
      policyMissed: (app) => made.policyMissed.inc({ app: app === null ? '' : name(app) }),
      policyStands: (state) => made.policyAnswers.set(state === 'answers' ? 1 : 0),
      fired(_app, rank, _dueMs, lateMs) {
        made.lateness.observe({ timer: rank === PREWARM ? 'prewarm' : 'unload' }, lateMs / 1000)
      },
    },
    observe: (observed) => void (adapter = observed),
    saved: (ok) => made.saves.inc({ outcome: ok ? 'written' : 'failed' }),
    async families() {
      if (adapter !== undefined) await countInstances(adapter, apps, made)
      count()
      // The library's types lack a value of `type`.
      return (await registry.getMetricsAsJSON()) as unknown as readonly MetricFamily[]
    },
    async text() {
      if (adapter !== undefined) await countInstances(adapter, apps, made)
      count()
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

type Instruments = ReturnType<typeof instruments>

async function countInstances(adapter: Adapter, apps: readonly LiveApp[], made: Instruments): Promise<void> {
  const over = AbortSignal.timeout(MEASURING_MS)
  const used = await Promise.all(
    adapter.instances.map(async (each) => ({
      ...each,
      mb: await orAborted(each.instance.memoryMb(), over).catch(() => Number.NaN),
    })),
  )
  // Counted at once, since others may ask for the metrics meanwhile.
  made.instances.reset()
  made.memory.reset()
  made.underWay.set(adapter.underWay)
  made.waiting.set(adapter.waiting)
  for (const { app, instance, mb } of used) {
    made.instances.inc({ app: apps[app]!.name, state: instance.state })
    if (mb > 0) made.memory.inc({ app: apps[app]!.name }, mb * 1024 * 1024)
  }
}

function instruments(registry: Registry) {
  const registers = [registry]
  const counter = <const L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter({ name: `pilotlight_${name}`, help, labelNames, registers })
  const gauge = <const L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `pilotlight_${name}`, help, labelNames, registers })
  const histogram = <const L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram<L>({ name: `pilotlight_${name}`, help, buckets, labelNames, registers })
  return {
    invocations: counter('invocations_total', 'Invocations that were answered.', 'app', 'outcome', 'status'),
    coldStarts: counter('cold_starts_total', 'Cold starts, by reason.', 'app', 'reason'),
    added: histogram('added_latency_seconds', 'From arrival until it ran.', LATENCIES, 'app'),
    execution: histogram('execution_seconds', 'From its beginning until the whole answer was there.', LATENCIES, 'app'),
    waits: counter('waits_total', 'Calls that waited for room.', 'app'),
    waiting: gauge('calls_waiting', 'Calls that wait for room now.'),
    start: histogram('start_seconds', 'From the order to start an instance until it was ready.', LATENCIES, 'app'),
    decisions: counter('decisions_total', 'Times that the policy was asked for windows.', 'app'),
    decision: histogram('decision_seconds', 'What the engine and the policy took for an arrival.', MOMENTS),
    policyFailures: counter('policy_failures_total', 'Times that the policy threw or answered nonsense.', 'app'),
    policyMissed: counter('policy_missed_total', 'Answers of a policy of your own that did not come in time.', 'app'),
    policyAnswers: gauge('policy_answers', 'Whether the policy answers in time: 1 or 0.'),
    lateness: histogram('timer_lateness_seconds', 'How late pre-warms and unloads were ordered.', LATENESS, 'timer'),
    failures: counter('instance_failures_total', 'Instances that failed of themselves.', 'app', 'kind'),
    residence: counter('residence_mb_seconds_total', 'MB x seconds of instances that are gone.', 'app'),
    instances: gauge('instances', 'Instances that there are now.', 'app', 'state'),
    memory: gauge('resident_memory_bytes', 'Memory that instances use now.', 'app'),
    underWay: gauge('calls_under_way', 'Calls that wait or run.'),
    saves: counter('state_saves_total', 'Saves of the learnt state.', 'outcome'),
  }
}
