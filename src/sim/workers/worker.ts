import { workerData } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import type { LatencyTable } from '../../engine/latency.ts'
import { createLedger, type Ledger } from '../../engine/ledger.ts'
import { policies } from '../../policy/policies/index.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'
import type { Trace } from '../../trace/trace.ts'
import { type TraceParts, traceFromParts } from '../../trace/trace-parts.ts'
import { type AppHistory, historiesOf } from '../app-history.ts'
import { coldOverTime, type EqualParts } from '../cold-over-time.ts'
import type { CodeFile } from '../../own/code-file.ts'
import type { Model } from '../model.ts'
import { derivePlan, type PlanOptions } from '../plan/derive-plan.ts'
import type { Stretch } from '../replays/replay.ts'
import { type Simulation, simulateTogether, unitsOf } from '../simulation.ts'
import { demandBuiltIns, isPlanFile, policyInFile } from '../../own/own-code.ts'
import { guardedPolicy } from '../../own/guarded-policy.ts'
import { receivedModel, type SentModel } from './sent-model.ts'
import { tellDone, type Watch } from '../../own/watch.ts'

/** A stretch of apps of simulations that share a pass. */
export interface PassTask {
  readonly kind: 'pass'
  /** Each with the ledger that all workers fill, each its own rows. */
  readonly runs: readonly (SentSimulation & { readonly buffer: SharedArrayBuffer })[]
  readonly stretch: Stretch
  /** Where the worker tells how far it is, and what it is doing with code of a user's own. */
  readonly watch: Watch
}

/** What else is wanted of a simulation: the plan that its policy settles on, the histories of some apps, or when its cold starts are. */
export interface AskTask {
  readonly kind: 'ask'
  readonly of: SentSimulation
  readonly wanted: WantedFindings
  readonly watch: Watch
}

export type WantedFindings =
  | { readonly kind: 'plan'; readonly options: PlanOptions }
  | { readonly kind: 'histories'; readonly apps: readonly number[] }
  | { readonly kind: 'coldOverTime'; readonly parts: EqualParts }

/** What it gives. */
export interface Findings {
  readonly plan: Plan
  readonly histories: readonly AppHistory[]
  readonly coldOverTime: readonly number[]
}

/** A simulation as it is sent to a worker. */
export interface SentSimulation {
  readonly model: SentModel
  readonly source: { readonly id: string } | CodeFile
  readonly params: Simulation['params']
  readonly files: Readonly<Record<string, string>>
  readonly seed: number
  readonly accountFromMs: number
  readonly marksMs: readonly number[]
}

/** What a worker answers for a simulation: its part of what workers must not write together; or what went wrong. */
export type PartDone =
  | { readonly area: Float64Array; readonly slope: Float64Array; readonly latency: LatencyTable | null }
  | Failed

/** What a worker answers where something else was wanted. */
export type WorkerAnswer = { readonly found: Findings[WantedFindings['kind']] } | Failed

/** What the user can fix, or a fault. */
export type Failed = { readonly complaint: Complaint } | { readonly bug: unknown }

const whole = traceFromParts(workerData as TraceParts)
const traces = new Map<Model['unit'], Trace>()

/** Does one task; of a pass, gives what became of each of its simulations. */
export default async function doTask(task: PassTask | AskTask): Promise<readonly PartDone[] | WorkerAnswer> {
  try {
    return await (task.kind === 'pass' ? simulateStretch(task) : answer(task))
  } catch (error) {
    // What is wrong stays so for all that this thread would do. What nobody catches ends it.
    setImmediate(() => {
      throw error
    })
    return await new Promise<never>(() => undefined)
  }
}

async function simulateStretch({ runs, stretch, watch }: PassTask): Promise<readonly PartDone[]> {
  const opened = await Promise.all(
    runs.map(async ({ buffer, ...run }) => {
      try {
        const simulation = await received(run, watch)
        const { apps, horizonMs } = simulation.trace
        const shared = createLedger(apps.count, horizonMs, buffer, run.accountFromMs, run.marksMs)
        return { simulation, ledger: { ...shared, timeline: createLedger(0, horizonMs).timeline } }
      } catch (error) {
        return failed(error)
      }
    }),
  )
  const participants = opened.filter((each) => 'ledger' in each)
  const changedBy = builtInsAfter(runs)
  const failures = simulateTogether(participants, stretch, (share) => tellDone(watch, share))
  const changed = changedBy()
  return opened.map((each) => {
    if (!('ledger' in each)) return each
    const failure = failures[participants.indexOf(each)] ?? changed
    if (failure !== undefined) return failed(failure)
    const { timeline, latency } = each.ledger as Ledger
    return { area: timeline.area, slope: timeline.slope, latency }
  })
}

async function answer({ of, wanted, watch }: AskTask): Promise<WorkerAnswer> {
  try {
    const onProgress = (share: number): void => tellDone(watch, share)
    // These look for the model's units themselves.
    const simulation: Simulation = { ...(await received(of, watch)), trace: whole, onProgress }
    const changedBy = builtInsAfter([of])
    const found = find(simulation, wanted)
    const changed = changedBy()
    if (changed !== undefined) throw changed
    return { found }
  } catch (error) {
    return failed(error)
  }
}

function find(simulation: Simulation, wanted: WantedFindings): Findings[WantedFindings['kind']] {
  if (wanted.kind === 'plan') return derivePlan(simulation, wanted.options)
  if (wanted.kind === 'histories') return historiesOf(simulation, wanted.apps)
  return coldOverTime(simulation, wanted.parts)
}

/**
 * Gives what is to be asked right after code of a user's own has run, before anything else: whether it changed what the
 * language brings, which is then put back. It throws where that cannot be, so that the thread ends.
 */
function builtInsAfter(runs: readonly SentSimulation[]): () => UserError | undefined {
  const [file] = runs.flatMap(({ source, model }) => [
    ...('file' in source && !isPlanFile(source.file) ? [source.file] : []),
    ...(model.kind === 'cluster' ? [model.eviction, model.placement] : []).flatMap((rule) =>
      typeof rule === 'string' ? [] : [rule.file],
    ),
  ])
  if (file === undefined) return () => undefined
  return () => {
    try {
      demandBuiltIns(file)
      return undefined
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }
}

/** The simulation, over the trace in its model's units. */
async function received({ source, model, ...rest }: SentSimulation, watch: Watch): Promise<Simulation> {
  const run = JSON.stringify([model, rest])
  const trace = traces.get(model.unit) ?? unitsOf(whole, model)
  traces.set(model.unit, trace)
  return {
    ...rest,
    trace,
    model: await receivedModel(model, run, trace.apps.name, watch),
    policy: await policyOf(source, run, trace, watch),
  }
}

async function policyOf(
  source: SentSimulation['source'],
  run: string,
  trace: Trace,
  watch: Watch,
): Promise<PolicyDefinition> {
  if ('id' in source) return policies.get(source.id, 'policy')
  return guardedPolicy(await policyInFile(source, run), source.file, trace.apps.name, watch)
}

function failed(error: unknown): Failed {
  return error instanceof UserError ? { complaint: error.complaint } : { bug: error }
}
