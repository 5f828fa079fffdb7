import { workerData } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import type { LatencyTable } from '../../engine/latency.ts'
import { createLedger } from '../../engine/ledger.ts'
import { policies } from '../../policy/policies/index.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'
import type { Trace } from '../../trace/trace.ts'
import { type TraceParts, traceFromParts } from '../../trace/trace-parts.ts'
import type { Model } from '../model.ts'
import { guardedPolicy } from './own-policy.ts'
import { type PolicyFile, policyInFile } from './policy-file.ts'
import { tellDone, type Watch } from './watch.ts'
import { type Simulation, simulatePart, unitsOf } from '../simulate.ts'

/** One task of a worker: the apps `from` up to, not including, `to` of one simulation. */
export interface PartTask {
  readonly model: Model
  readonly source: { readonly id: string } | PolicyFile
  readonly params: Simulation['params']
  readonly files?: Simulation['files']
  readonly seed: number
  readonly accountFromMs: number
  /** The ledger that all workers fill, each its own rows. */
  readonly buffer: SharedArrayBuffer
  readonly from: number
  readonly to: number
  /** Where the worker tells what it is doing with a user's own policy. */
  readonly watch?: Watch
}

/** What a worker answers: its part of what workers must not write together; or what the user can mend. */
export type PartDone =
  | { readonly area: Float64Array; readonly slope: Float64Array; readonly latency: LatencyTable | null }
  | { readonly complaint: Complaint }
  | { readonly bug: unknown }

const whole = traceFromParts(workerData as TraceParts)
const traces = new Map<Model['unit'], Trace>()

/** Runs one task. */
export default async function simulateOnePart(task: PartTask): Promise<PartDone> {
  const { model, source, params, files = {}, seed, accountFromMs, buffer, from, to, watch } = task
  const trace = traces.get(model.unit) ?? unitsOf(whole, model)
  traces.set(model.unit, trace)
  const shared = createLedger(trace.apps.count, trace.horizonMs, buffer, accountFromMs)
  const own = createLedger(0, trace.horizonMs)
  const ledger = { ...shared, timeline: own.timeline }
  try {
    const policy = await policyOf(source, trace, watch)
    const onProgress = (share: number): void => void (watch !== undefined && tellDone(watch, share))
    simulatePart({ trace, model, policy, params, files, seed, onProgress }, { ledger, from, to })
  } catch (error) {
    if (error instanceof UserError) return { complaint: error.complaint }
    return { bug: error }
  }
  return { area: own.timeline.area, slope: own.timeline.slope, latency: ledger.latency }
}

async function policyOf(source: PartTask['source'], trace: Trace, watch?: Watch): Promise<PolicyDefinition> {
  if ('id' in source) return policies.get(source.id, 'policy')
  return guardedPolicy(await policyInFile(source.file, source.sha256), source.file, trace.apps.name, watch)
}
