import { COLD, JOINED, REFUSED, WARM } from '../engine/outcomes.ts'
import { createLedger, type Ledger, type Reason, REASONS } from '../engine/ledger.ts'
import { planName } from '../live/live-app.ts'
import { meanStarts, type RecordedVisit, type Recording } from '../live/replay/recording.ts'
import { weekClock } from '../live/fleet/week-clock.ts'
import type { Policy, PolicyContext, PolicyDefinition } from '../policy/policy.ts'
import { wrapPolicy } from '../policy/wrap-policy.ts'
import { CLUSTER_MODEL, type Model } from '../sim/model.ts'
import { simulatePart } from '../sim/simulation.ts'
import { TraceBuilder } from '../trace/build/builder.ts'
import type { Trace } from '../trace/trace.ts'

/** How the simulator served an arrival. */
interface PredictedVisit {
  readonly outcome: number
  readonly reason: Reason | null
  /** From its arrival until it ran, in ms. */
  readonly waitedMs: number
}

/** What a policy answered in the simulation: at which idle moment, which windows. */
export interface PredictedDecision {
  readonly at: number
  readonly prewarmMs: number
  readonly keepAliveMs: number
}

/** What the simulator makes of a recording's arrivals. Lists have one entry per app, in the order of the recording. */
export interface Prediction {
  readonly ledger: Ledger
  /** In the order of arrival, as {@link arrivalsOf} gives them. */
  readonly visits: readonly (readonly PredictedVisit[])[]
  readonly decisions: readonly (readonly PredictedDecision[])[]
}

/** The recorded visits of each app in the order of their arrival. */
export function arrivalsOf({ apps, visits }: Recording): readonly (readonly RecordedVisit[])[] {
  return apps.map((_, app) => visits.filter((visit) => visit.app === app).toSorted((a, b) => a.arrivedAt - b.arrivedAt))
}

/** A call runs so many ms after its instance became ready at most; else it is not known which one it joined. */
const MOST_OFF_MS = 1000

/** One arrival that is simulated, and how long its execution takes, in ms. */
interface Arrival {
  readonly at: number
  readonly tookMs: number
}

/**
 * Simulates the recorded arrivals under the policy that served them, in the same memory. What the machine did is taken as
 * it was measured: a load takes as long as the app's recorded start that was ordered nearest to it, and executions end
 * when they were seen to end. So idle moments are those that were observed, and what is compared is what policy and engine
 * made of them.
 */
export function predict(recording: Recording, definition: PolicyDefinition): Prediction {
  const starts = startLookup(recording)
  const joins = joinLookup(recording)
  const arrivals = arrivalsOf(recording).map((visits, app) =>
    visits.map(({ arrivedAt, endedAt, outcome, waitedMs }) => {
      const waited =
        outcome === COLD ? starts(app, arrivedAt) : outcome === JOINED ? joins(app, arrivedAt, waitedMs) : 0
      return { at: arrivedAt, tookMs: Math.max(0, endedAt - arrivedAt - waited) }
    }),
  )
  return simulated(recording, definition, arrivals, starts)
}

/**
 * Simulates the arrivals that were planned, with the durations of the trace, as somebody would who has not seen the run;
 * only how long a start takes is learnt from it: the mean of each app's, or of all where an app never started. undefined for
 * recordings that do not tell what was planned.
 */
export function predictPlanned(recording: Recording, definition: PolicyDefinition): Prediction | undefined {
  const { planned, apps } = recording
  if (planned === undefined) return undefined
  const means = meanStarts(recording)
  const known = means.filter((ms) => !Number.isNaN(ms))
  const usual = known.length === 0 ? 0 : Math.round(known.reduce((sum, ms) => sum + ms, 0) / known.length)
  const arrivals: Arrival[][] = apps.map(() => [])
  for (const { app, atMs, durationMs } of planned.arrivals) {
    arrivals[app]!.push({ at: Math.round(planned.beginMs + atMs), tookMs: durationMs })
  }
  return simulated(recording, definition, arrivals, (app) => (Number.isNaN(means[app]!) ? usual : means[app]!))
}

function simulated(
  recording: Recording,
  definition: PolicyDefinition,
  arrivals: readonly (readonly Arrival[])[],
  starts: StartLookup,
): Prediction {
  const trace = traceOf(recording, arrivals)
  const { concurrency } = recording.apps[0]!
  const model: Model = {
    ...CLUSTER_MODEL,
    concurrency,
    reuse: recording.reuse,
    whileLoading: recording.whileLoading,
    nodes: [{ count: 1, memoryMb: recording.budgetMb }],
    eviction: 'lru',
    overflow: 'drop',
  }
  const ledger = createLedger(trace.apps.count, trace.horizonMs)
  const heard = listener(ledger, recording.apps.length, starts, concurrency)
  const policy = {
    ...definition,
    create: (params: never, context: PolicyContext) =>
      heard.hear(definition.create(params, { ...context, ...worldOf(recording) })),
  }
  const { params, seed } = recording.policy
  const loadTime = (app: number, now: number): number => starts(app, now)
  const simulation = {
    trace,
    model,
    policy: policy as PolicyDefinition,
    params: params as never,
    seed,
    replay: 'by-time',
    loadTime,
  }
  simulatePart(simulation, { ledger, from: 0, to: trace.apps.count })
  heard.end()
  return { ledger, visits: heard.visits, decisions: heard.decisions }
}

/** What a live policy is told beyond what a trace tells. */
function worldOf({ apps, clock }: Recording): Pick<PolicyContext, 'appNames' | 'clock'> {
  const appNames = { at: (app: number): string => planName(apps[app]!) }
  return clock === undefined ? { appNames } : { appNames, clock: weekClock(clock.originMs, clock.timeZone) }
}

/** How long the recorded start of an app took that was ordered nearest to a time, in ms; 0 where it never started. */
type StartLookup = (app: number, at: number) => number

function startLookup({ apps, stays, endMs }: Recording): StartLookup {
  const ordered = apps.map((_, app) => stays.filter((stay) => stay.app === app))
  return (app, at) => {
    let nearest: Recording['stays'][number] | undefined
    for (const stay of ordered[app]!) {
      if (nearest === undefined || Math.abs(stay.orderedAt - at) < Math.abs(nearest.orderedAt - at)) nearest = stay
    }
    return nearest === undefined ? 0 : (nearest.readyAt ?? Math.max(endMs, nearest.goneAt)) - nearest.orderedAt
  }
}

/**
 * How long an arrival waited for the start that it joined, by the clock of the fleet: until the moment nearest to its own
 * measure at which an instance of its app became ready.
 */
function joinLookup({ apps, stays }: Recording): (app: number, arrivedAt: number, waitedMs: number) => number {
  const ready = apps.map((_, app) => stays.flatMap((stay) => (stay.app === app ? (stay.readyAt ?? []) : [])))
  return (app, arrivedAt, waitedMs) => {
    const ran = arrivedAt + waitedMs
    let nearest = Math.round(ran)
    let distance = MOST_OFF_MS
    for (const at of ready[app]!) {
      if (at < arrivedAt || Math.abs(at - ran) > distance) continue
      nearest = at
      distance = Math.abs(at - ran)
    }
    return nearest - arrivedAt
  }
}

/** Rows of the trace are those of the recording: its apps are named so that their order is kept. */
function traceOf(recording: Recording, arrivals: readonly (readonly Arrival[])[]): Trace {
  const builder = new TraceBuilder({ id: recording.name, format: 'events' })
  const width = String(recording.apps.length).length
  let horizonMs = recording.endMs
  arrivals.forEach((each, app) => {
    const name = String(app).padStart(width, '0')
    const row = builder.functionRow('', name, 'f')
    builder.addMemory('', name, recording.apps[app]!.memoryMb, 1)
    for (const { at, tookMs } of each) {
      builder.addEvent(row, at, tookMs)
      horizonMs = Math.max(horizonMs, at + tookMs)
    }
  })
  return builder.build(horizonMs, { files: [], defects: [] })
}

/** A load that arrivals may join. */
interface Load {
  readonly endsAt: number
  room: number
}

/** Hears a policy's answers, and tells from the accounts how each arrival was served once the next fact comes. */
function listener(ledger: Ledger, apps: number, starts: StartLookup, concurrency: number) {
  const visits: PredictedVisit[][] = Array.from({ length: apps }, () => [])
  const decisions: PredictedDecision[][] = Array.from({ length: apps }, () => [])
  const loads: Load[][] = Array.from({ length: apps }, () => [])
  const before = new Map<number, ReturnType<typeof countsOf> & { readonly at: number }>()
  const waitOf = (app: number, at: number, outcome: number): number => {
    if (outcome === COLD) {
      const ms = starts(app, at)
      loads[app]!.push({ endsAt: at + ms, room: concurrency - 1 })
      return ms
    }
    if (outcome !== JOINED) return 0
    const joined = loads[app]!.findLast(({ endsAt, room }) => room > 0 && endsAt >= at)
    if (joined === undefined) return 0
    joined.room -= 1
    return joined.endsAt - at
  }
  const settle = (app: number): void => {
    const was = before.get(app)
    before.delete(app)
    if (was === undefined) return
    const served = outcomeBetween(was, countsOf(ledger, app))
    visits[app]!.push({ ...served, waitedMs: waitOf(app, was.at, served.outcome) })
  }
  return {
    visits,
    decisions,
    hear(policy: Policy): Policy {
      const heard = wrapPolicy(policy, (_method, call) => call)
      return {
        ...heard,
        arrived(app, now, idleMs, fn) {
          settle(app)
          before.set(app, { ...countsOf(ledger, app), at: now })
          policy.arrived(app, now, idleMs, fn)
        },
        decide(app, now, out) {
          policy.decide(app, now, out)
          decisions[app]!.push({ at: now, prewarmMs: out.prewarmMs, keepAliveMs: out.keepAliveMs })
        },
      }
    },
    end: () => visits.forEach((_, app) => settle(app)),
  }
}

function countsOf(ledger: Ledger, app: number) {
  const reasons = REASONS.map((reason) => ledger[reason][app]!)
  return { coldStarts: ledger.coldStarts[app]!, joined: ledger.joined[app]!, drops: ledger.drops[app]!, reasons }
}

function outcomeBetween(
  was: ReturnType<typeof countsOf>,
  is: ReturnType<typeof countsOf>,
): Omit<PredictedVisit, 'waitedMs'> {
  if (is.drops > was.drops) return { outcome: REFUSED, reason: null }
  if (is.joined > was.joined) return { outcome: JOINED, reason: null }
  if (is.coldStarts === was.coldStarts) return { outcome: WARM, reason: null }
  return { outcome: COLD, reason: REASONS[is.reasons.findIndex((count, index) => count > was.reasons[index]!)]! }
}
