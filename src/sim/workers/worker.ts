import { workerData } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import type { LatencyTable } from '../../engine/latency.ts'
import { createLedger, type Ledger } from '../../engine/ledger.ts'
import { policies } from '../../policy/policies/index.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'
import type { Trace } from '../../trace/trace.ts'
import { type TraceParts, traceFromParts } from '../../trace/trace-parts.ts'
import type { Model } from '../model.ts'
import type { Stretch } from '../replays/replay.ts'
import { type Simulation, simulateTogether, unitsOf } from '../simulate.ts'
import { guardedPolicy } from './own-policy.ts'
import { type PolicyFile, policyInFile } from './policy-file.ts'
import { tellDone, type Watch } from './watch.ts'

/** One task of a worker: a stretch of apps of simulations that share a pass. */
export interface PassTask {
  readonly runs: readonly RunTask[]
  readonly stretch: Stretch
  /** Where the worker tells how far it is, and what it is doing with a user's own policy. */
  readonly watch: Watch
}

/** One simulation of a task. */
export interface RunTask {
  readonly model: Model
  readonly source: { readonly id: string } | PolicyFile
  readonly params: Simulation['params']
  readonly files: Readonly<Record<string, string>>
  readonly seed: number
  readonly accountFromMs: number
  /** The ledger that all workers fill, each its own rows. */
  readonly buffer: SharedArrayBuffer
}

/** What a worker answers for a simulation: its part of what workers must not write together; or what went wrong. */
export type PartDone =
  | { readonly area: Float64Array; readonly slope: Float64Array; readonly latency: LatencyTable | null }
  | Failed

/** What the user can mend, or a fault. */
export type Failed = { readonly complaint: Complaint } | { readonly bug: unknown }

const whole = traceFromParts(workerData as TraceParts)
const traces = new Map<Model['unit'], Trace>()

/** Runs one task; gives what became of each of its simulations. */
export default async function simulateStretch({ runs, stretch, watch }: PassTask): Promise<readonly PartDone[]> {
  const done = await Promise.all(
    runs.map((run) =>
      opened(run, watch).then(
        (participant) => participant,
        (error: unknown) => failed(error),
      ),
    ),
  )
  const participants = done.filter((each) => 'ledger' in each)
  const failures = simulateTogether(participants, stretch, (share) => tellDone(watch, share))
  return done.map((each) => {
    if (!('ledger' in each)) return each
    const failure = failures[participants.indexOf(each)]
    if (failure !== undefined) return failed(failure)
    const { timeline, latency } = each.ledger
    return { area: timeline.area, slope: timeline.slope, latency }
  })
}

async function opened(
  { model, source, params, files, seed, accountFromMs, buffer }: RunTask,
  watch: Watch,
): Promise<{ readonly simulation: Simulation; readonly ledger: Ledger }> {
  const trace = traces.get(model.unit) ?? unitsOf(whole, model)
  traces.set(model.unit, trace)
  const shared = createLedger(trace.apps.count, trace.horizonMs, buffer, accountFromMs)
  const { timeline } = createLedger(0, trace.horizonMs)
  const policy = await policyOf(source, trace, watch)
  return { simulation: { trace, model, policy, params, files, seed }, ledger: { ...shared, timeline } }
}

async function policyOf(source: RunTask['source'], trace: Trace, watch: Watch): Promise<PolicyDefinition> {
  if ('id' in source) return policies.get(source.id, 'policy')
  return guardedPolicy(await policyInFile(source.file, source.sha256), source.file, trace.apps.name, watch)
}

function failed(error: unknown): Failed {
  return error instanceof UserError ? { complaint: error.complaint } : { bug: error }
}
