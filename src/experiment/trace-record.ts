import { resolve } from 'node:path'
import type { Experiment } from '../config/experiment.ts'
import type { TraceSummary } from '../metrics/run.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { TraceRecord } from '../store/traces.ts'
import { defectsNote } from '../trace/build/join-report.ts'
import type { Trace } from '../trace/trace.ts'
import type { Plan } from './plan.ts'

/** What a comparison says of a trace. */
export function traceSummary(trace: Trace): TraceSummary {
  const { id, format, digest, apps, functions, invocations, horizonMs } = trace
  return { id, format, digest, apps: apps.count, functions: functions.count, invocations, horizonMs }
}

/** What a store keeps of a trace. */
function traceRecord(trace: Trace): TraceRecord {
  return { ...traceSummary(trace), offers: trace.offers }
}

/** A trace, and the path that it was read from. */
export interface ReadTrace {
  readonly trace: Trace
  readonly path: string
}

/** What a store keeps of an experiment as it was planned. */
export function experimentRecord(experiment: Experiment, plan: Plan, read: ReadTrace): ExperimentRecord {
  const { name, file, text, prices = null } = experiment
  const { baseline } = plan
  const defects = defectsNote(read.trace.join)
  const notes = defects === undefined ? plan.notes : [...plan.notes, defects]
  const runs = plan.runs.map(({ label, variant, digest }) => ({ label, variant, digest }))
  const places = { file: resolve(file), trace: resolve(read.path) }
  return { name, source: text, places, trace: traceRecord(read.trace), baseline, notes, prices, runs }
}
