import type { Experiment } from '../config/experiment.ts'
import type { TraceSummary } from '../metrics/comparison.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { TraceRecord } from '../store/traces.ts'
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

/** What a store keeps of an experiment as it was planned. */
export function experimentRecord(experiment: Experiment, plan: Plan, trace: Trace): ExperimentRecord {
  const { name, text, prices = null } = experiment
  const runs = plan.runs.map(({ label, digest }) => ({ label, digest }))
  return { name, source: text, trace: traceRecord(trace), baseline: plan.baseline, prices, runs }
}
