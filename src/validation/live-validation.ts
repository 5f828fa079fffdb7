import { COLD, WARM } from '../engine/outcomes.ts'
import type { Recording } from '../live/replay/recording.ts'
import { quantiles } from '../metrics/quantile.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { arrivalsOf, predict, type PredictedDecision, predictPlanned, type Prediction } from './live-prediction.ts'

/** A figure that was predicted, and the same as it was observed. */
interface PredictedFigure {
  readonly predicted: number
  readonly observed: number
}

/** An arrival that was served otherwise than predicted. */
export interface Mismatch {
  readonly app: string
  readonly arrivedAt: number
  readonly predicted: string
  readonly observed: string
  /** How far it was from the nearest edge of the app's windows, in ms; null: it had none. */
  readonly edgeMs: number | null
  /** Whether that is within the greatest lateness of a timer. */
  readonly explained: boolean
}

/** What was predicted and observed of one app, or of all. */
export interface ValidatedApp {
  readonly name: string
  readonly invocations: number
  readonly coldStarts: PredictedFigure
  /** MB·s of memory, resident from the order to load until it is gone. */
  readonly residentMbS: PredictedFigure
  /** Mean ms from arrival until it ran. */
  readonly addedMs: PredictedFigure
  /**
   * Of those that only one side took, `tied` were at a ms in which one call of the app arrived and another ended: a
   * recording does not tell which was first. `differing` are all others.
   */
  readonly decisions: PredictedFigure & { readonly differing: number; readonly tied: number }
}

/** What the simulation of the planned arrivals gives, over all apps, beside what was observed. */
interface PlannedComparison {
  readonly coldStarts: PredictedFigure
  readonly residentMbS: PredictedFigure
  readonly addedMs: PredictedFigure
}

export interface Validation {
  readonly schema: 1
  readonly name: string
  readonly policy: string
  readonly apps: readonly ValidatedApp[]
  readonly total: ValidatedApp
  /** Observed over predicted resident memory time, less 1, in %. */
  readonly residentDeviationPercent: number
  /** Of the arrivals as they were planned, without any knowledge of the run but how long starts take; null: not recorded. */
  readonly planned: PlannedComparison | null
  readonly mismatches: readonly Mismatch[]
  readonly unexplained: number
  /** Quantiles (p50, p99, most) of how late timers fired and arrivals were sent, in ms. */
  readonly timersLateMs: readonly number[]
  readonly sendsLateMs: readonly number[]
  readonly notSent: number
  readonly failed: number
}

/** What one word an outcome is. */
const WORDS = ['warm', 'cold', 'joined', 'refused']

/** Simulates a recording's arrivals, and compares what was predicted with what was observed. */
export function validateRecording(recording: Recording, definition: PolicyDefinition): Validation {
  const prediction = predict(recording, definition)
  const apps = recording.apps.map((_, app) => validatedApp(recording, prediction, app))
  const mismatches = recording.apps.flatMap((_, app) => mismatchesOf(recording, prediction, app))
  const total = totalOf(apps)
  const { predicted, observed } = total.residentMbS
  return {
    schema: 1,
    name: recording.name,
    policy: recording.policy.id,
    apps,
    total,
    residentDeviationPercent: predicted === 0 ? 0 : (observed / predicted - 1) * 100,
    planned: plannedComparison(recording, definition, total),
    mismatches,
    unexplained: mismatches.filter(({ explained }) => !explained).length,
    timersLateMs: quantiles(Float64Array.from(recording.timersLate), [0.5, 0.99, 1]),
    sendsLateMs: quantiles(Float64Array.from(recording.sends.lateMs), [0.5, 0.99, 1]),
    notSent: recording.sends.notSent,
    failed: recording.sends.failed,
  }
}

function plannedComparison(
  recording: Recording,
  definition: PolicyDefinition,
  total: ValidatedApp,
): PlannedComparison | null {
  const planned = predictPlanned(recording, definition)
  if (planned === undefined) return null
  const { ledger, visits } = planned
  const all = visits.flat()
  const memory = recording.apps.map(({ memoryMb }, app) => (residentMs(ledger, app) / 1000) * memoryMb)
  return {
    coldStarts: { predicted: sumOf(ledger.coldStarts), observed: total.coldStarts.observed },
    residentMbS: { predicted: sumOf(memory), observed: total.residentMbS.observed },
    addedMs: {
      predicted: sumOf(all.map(({ waitedMs }) => waitedMs)) / Math.max(1, all.length),
      observed: total.addedMs.observed,
    },
  }
}

function residentMs(ledger: Prediction['ledger'], app: number): number {
  return ledger.idleMs[app]! + ledger.busyMs[app]! + ledger.loadingMs[app]!
}

function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

function validatedApp(recording: Recording, prediction: Prediction, app: number): ValidatedApp {
  const { ledger, decisions } = prediction
  const { name, memoryMb } = recording.apps[app]!
  const visits = arrivalsOf(recording)[app]!
  const stays = recording.stays.filter((stay) => stay.app === app)
  const decided = recording.decisions.filter((decision) => decision.app === app)
  const count = Math.max(1, visits.length)
  return {
    name,
    invocations: visits.length,
    coldStarts: {
      predicted: ledger.coldStarts[app]!,
      observed: visits.filter(({ outcome }) => outcome === COLD).length,
    },
    residentMbS: {
      predicted: (residentMs(ledger, app) / 1000) * memoryMb,
      observed: (stays.reduce((sum, { orderedAt, goneAt }) => sum + goneAt - orderedAt, 0) / 1000) * memoryMb,
    },
    addedMs: {
      predicted: sumOf(prediction.visits[app]!.map(({ waitedMs }) => waitedMs)) / count,
      observed: visits.reduce((sum, { waitedMs }) => sum + waitedMs, 0) / count,
    },
    decisions: {
      predicted: decisions[app]!.length,
      observed: decided.length,
      ...differences(decisions[app]!, decided, tiesOf(visits)),
    },
  }
}

/**
 * Counts decisions that only one side took. They are compared by their moments: where one side decides once more, all later
 * ones are still the same. `ties` are moments at which it is not known what was first.
 */
export function differences(
  predicted: readonly PredictedDecision[],
  observed: readonly Omit<Recording['decisions'][number], 'app'>[],
  ties: ReadonlySet<number>,
): { readonly differing: number; readonly tied: number } {
  const left = new Map<string, { readonly at: number; count: number }>()
  for (const { at, prewarmMs, keepAliveMs } of predicted) {
    const key = `${at} ${prewarmMs} ${keepAliveMs}`
    left.set(key, { at, count: (left.get(key)?.count ?? 0) + 1 })
  }
  const [ours, theirs] = [
    { differing: 0, tied: 0 },
    { differing: 0, tied: 0 },
  ]
  for (const { at, prewarmMs, keepAliveMs } of observed) {
    const same = left.get(`${at} ${prewarmMs} ${keepAliveMs ?? Infinity}`)
    if (same !== undefined && same.count > 0) same.count -= 1
    else theirs[ties.has(at) ? 'tied' : 'differing'] += 1
  }
  for (const { at, count } of left.values()) ours[ties.has(at) ? 'tied' : 'differing'] += count
  return { differing: Math.max(ours.differing, theirs.differing), tied: Math.max(ours.tied, theirs.tied) }
}

/** Moments at which one call arrived and another one ended. */
function tiesOf(visits: readonly { readonly arrivedAt: number; readonly endedAt: number }[]): ReadonlySet<number> {
  const arrivals = new Set(visits.map(({ arrivedAt }) => arrivedAt))
  const ends = visits.filter(({ arrivedAt, endedAt }) => endedAt > arrivedAt && arrivals.has(endedAt))
  return new Set(ends.map(({ endedAt }) => endedAt))
}

function mismatchesOf(recording: Recording, prediction: Prediction, app: number): Mismatch[] {
  const { name } = recording.apps[app]!
  // A clock of whole ms may tell two moments of one ms either way round.
  const tolerance = recording.timersLate.reduce((most, ms) => Math.max(most, ms), 1)
  return arrivalsOf(recording)[app]!.flatMap(({ arrivedAt, outcome, reason }, index) => {
    const other = prediction.visits[app]![index]!
    if (other.outcome === outcome && other.reason === (outcome === COLD ? reason : null)) return []
    const edgeMs = edgeDistance(prediction, app, arrivedAt)
    return [
      {
        app: name,
        arrivedAt,
        predicted: worded(other.outcome, other.reason),
        observed: worded(outcome, outcome === WARM ? null : reason),
        edgeMs,
        explained: edgeMs !== null && edgeMs <= tolerance,
      },
    ]
  })
}

function worded(outcome: number, reason: string | null): string {
  return outcome === COLD ? `cold (${reason})` : WORDS[outcome]!
}

/** How far an arrival was from where the app's latest windows began or ended, in ms. */
function edgeDistance({ decisions }: Prediction, app: number, arrivedAt: number): number | null {
  const latest = decisions[app]!.findLast(({ at }) => at <= arrivedAt)
  if (latest === undefined) return null
  const { at, prewarmMs, keepAliveMs } = latest
  const edges = [at, at + prewarmMs, at + prewarmMs + keepAliveMs].filter((edge) => edge < Infinity)
  return Math.min(...edges.map((edge) => Math.abs(arrivedAt - edge)))
}

function totalOf(apps: readonly ValidatedApp[]): ValidatedApp {
  const sum = (of: (app: ValidatedApp) => number): number => apps.reduce((all, app) => all + of(app), 0)
  const pair = (of: (app: ValidatedApp) => PredictedFigure): PredictedFigure => {
    return { predicted: sum((app) => of(app).predicted), observed: sum((app) => of(app).observed) }
  }
  const invocations = sum((app) => app.invocations)
  const added = pair((app) => ({
    predicted: app.addedMs.predicted * app.invocations,
    observed: app.addedMs.observed * app.invocations,
  }))
  return {
    name: 'all',
    invocations,
    coldStarts: pair((app) => app.coldStarts),
    residentMbS: pair((app) => app.residentMbS),
    addedMs: {
      predicted: added.predicted / Math.max(1, invocations),
      observed: added.observed / Math.max(1, invocations),
    },
    decisions: {
      ...pair((app) => app.decisions),
      differing: sum((app) => app.decisions.differing),
      tied: sum((app) => app.decisions.tied),
    },
  }
}
