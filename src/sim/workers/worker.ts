import { workerData } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import type { LatencyTable } from '../../engine/latency.ts'
import { createLedger } from '../../engine/ledger.ts'
import { policies } from '../../policy/policies/index.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'
import type { Trace } from '../../trace/trace.ts'
import { type TraceParts, traceFromParts } from '../../trace/trace-parts.ts'
import { type AppHistory, historyOf } from '../app-history.ts'
import type { CodeFile } from '../code-file.ts'
import type { Model } from '../model.ts'
import { derivePlan, type PlanOptions } from '../plan/derive-plan.ts'
import { type Simulation, simulatePart, unitsOf } from '../simulate.ts'
import { policyInFile } from './own-code.ts'
import { guardedPolicy } from './own-policy.ts'
import { receivedModel, type SentModel } from './sent-model.ts'
import { tellDone, type Watch } from './watch.ts'

/** One simulation as it is sent to a worker, and what is wanted of it. */
export interface WorkerTask {
  readonly model: SentModel
  readonly source: { readonly id: string } | CodeFile
  readonly params: Simulation['params']
  readonly files?: Simulation['files']
  readonly seed: number
  readonly accountFromMs: number
  readonly wanted: Wanted
  /** Where the worker tells what it is doing with code of a user's own. */
  readonly watch?: Watch
}

/** What a worker may be asked for: some apps' accounts, the plan that the policy settles on, or the history of one app. */
export type Wanted =
  /** The apps `from` up to, not including, `to`; `buffer` is the ledger that all workers fill, each its own rows. */
  | { readonly kind: 'part'; readonly buffer: SharedArrayBuffer; readonly from: number; readonly to: number }
  | { readonly kind: 'plan'; readonly options: PlanOptions }
  | { readonly kind: 'history'; readonly app: number }

/** What it gives: of accounts, the part that workers must not write together. */
export interface Findings {
  readonly part: { readonly area: Float64Array; readonly slope: Float64Array; readonly latency: LatencyTable | null }
  readonly plan: Plan
  readonly history: AppHistory
}

/** What a worker answers: what was wanted, what the user can mend, or a bug. */
export type WorkerAnswer =
  | { readonly found: Findings[Wanted['kind']] }
  | { readonly complaint: Complaint }
  | { readonly bug: unknown }

const whole = traceFromParts(workerData as TraceParts)
const traces = new Map<Model['unit'], Trace>()

/** Does one task. */
export default async function doTask(task: WorkerTask): Promise<WorkerAnswer> {
  const { source, params, files = {}, seed, accountFromMs, watch } = task
  const trace = traces.get(task.model.unit) ?? unitsOf(whole, task.model)
  traces.set(task.model.unit, trace)
  try {
    const model = await receivedModel(task.model, trace.apps.name, watch)
    const policy = await policyOf(source, trace, watch)
    const onProgress = (share: number): void => void (watch !== undefined && tellDone(watch, share))
    // A part is one of apps in the model's units; the others look for these units themselves.
    const of = task.wanted.kind === 'part' ? trace : whole
    const simulation = { trace: of, model, policy, params, files, seed, accountFromMs, onProgress }
    return { found: findingsOf(simulation, task.wanted) }
  } catch (error) {
    if (error instanceof UserError) return { complaint: error.complaint }
    return { bug: error }
  }
}

function findingsOf(simulation: Simulation, wanted: Wanted): Findings[Wanted['kind']] {
  if (wanted.kind === 'plan') return derivePlan(simulation, wanted.options)
  if (wanted.kind === 'history') return historyOf(simulation, wanted.app)
  const { trace, accountFromMs } = simulation
  const { buffer, from, to } = wanted
  const shared = createLedger(trace.apps.count, trace.horizonMs, buffer, accountFromMs)
  const own = createLedger(0, trace.horizonMs)
  const ledger = { ...shared, timeline: own.timeline }
  simulatePart(simulation, { ledger, from, to })
  return { area: own.timeline.area, slope: own.timeline.slope, latency: ledger.latency }
}

async function policyOf(source: WorkerTask['source'], trace: Trace, watch?: Watch): Promise<PolicyDefinition> {
  if ('id' in source) return policies.get(source.id, 'policy')
  return guardedPolicy(await policyInFile(source), source.file, trace.apps.name, watch)
}
