import type { TraceSummary } from '../metrics/run.ts'
import type { TraceRecord } from '../store/traces.ts'
import type { Trace } from '../trace/trace.ts'

/** What a comparison says of a trace. */
export function traceSummary(trace: Trace): TraceSummary {
  const { id, format, digest, apps, functions, invocations, horizonMs } = trace
  return { id, format, digest, apps: apps.count, functions: functions.count, invocations, horizonMs }
}

/** What a store keeps of a trace. */
export function traceRecord(trace: Trace): TraceRecord {
  return { ...traceSummary(trace), offers: trace.offers }
}
