import { beginning } from '../../core/calendar.ts'
import type { JoinReport } from '../../trace/build/join-report.ts'
import { UnpackedCells } from '../../trace/cells/unpacked-cells.ts'
import { START, type Trace, type TraceFact, TRIGGERS, type Trigger } from '../../trace/trace.ts'

/** What is in a trace. */
export interface TraceProfile {
  readonly trace: {
    readonly id: string
    readonly format: string
    readonly digest: string
    readonly apps: number
    readonly functions: number
    readonly invocations: number
    /** When it begins, in ISO 8601 (UTC); null where the source does not tell. */
    readonly startsAt: string | null
    /** The same by the clocks of the trace's time zone, to the minute. */
    readonly begins: string | null
    readonly horizonMs: number
    readonly arrivals: 'counts' | 'events'
    /** Width of a bucket of counts; null where there are single events. */
    readonly bucketMs: number | null
    readonly offers: readonly TraceFact[]
  }
  /** How many functions apps have. */
  readonly functionsPerApp: {
    readonly mean: number
    readonly median: number
    readonly most: number
    readonly withOne: number
  }
  /** Triggers that occur, those with the most invocations first. */
  readonly triggers: readonly { readonly trigger: Trigger; readonly functions: number; readonly invocations: number }[]
  /** Null when nothing was invoked. */
  readonly busiestFunction: { readonly app: string; readonly function: string; readonly invocations: number } | null
  /** Invocations in equal parts of the trace's time. */
  readonly overTime: { readonly partMs: number; readonly invocations: readonly number[] }
  /** What the platform was seen to do; null where the trace does not tell. */
  readonly measured: {
    readonly cold: number
    readonly warm: number
    readonly unknown: number
    readonly instances: number
  } | null
  readonly join: JoinReport
}

/** Looks through a trace once. */
export function profileOf(trace: Trace): TraceProfile {
  const { id, format, digest, apps, functions, invocations, horizonMs, arrivals, offers, join } = trace
  const perFunction = invocationsPerFunction(trace)
  return {
    trace: {
      id,
      format,
      digest,
      apps: apps.count,
      functions: functions.count,
      invocations,
      begins: beginning(trace) ?? null,
      startsAt: trace.startsAtMs === undefined ? null : new Date(trace.startsAtMs).toISOString(),
      horizonMs,
      arrivals: arrivals.kind,
      bucketMs: arrivals.kind === 'counts' ? arrivals.bucketMs : null,
      offers,
    },
    functionsPerApp: functionsPerApp(trace),
    triggers: triggersOf(trace, perFunction),
    busiestFunction: busiest(trace, perFunction),
    overTime: overTime(trace),
    measured: measuredOf(trace),
    join,
  }
}

/** The most parts that the time of a trace is shown in. */
const PARTS = 60

function overTime(trace: Trace): TraceProfile['overTime'] {
  const { arrivals, functions, horizonMs } = trace
  const least = arrivals.kind === 'counts' ? arrivals.bucketMs : 1
  const partMs = Math.max(1, Math.ceil(horizonMs / PARTS / least)) * least
  const invocations = Array.from({ length: Math.max(1, Math.ceil(horizonMs / partMs)) }, () => 0)
  const last = invocations.length - 1
  if (arrivals.kind === 'events') {
    for (const ms of arrivals.startMs) invocations[Math.min(last, Math.floor(ms / partMs))]! += 1
    return { partMs, invocations }
  }
  const cells = new UnpackedCells(arrivals, trace)
  const bucketsPerPart = partMs / arrivals.bucketMs
  for (let fn = 0; fn < functions.count; fn += 1) {
    const length = cells.open(fn)
    for (let cell = 0; cell < length; ) {
      // Cells are in the order of time, so that those of a part follow one another.
      const part = Math.floor(cells.minute[cell]! / bucketsPerPart)
      const end = (part + 1) * bucketsPerPart
      let sum = 0
      for (; cell < length && cells.minute[cell]! < end; cell += 1) sum += cells.count[cell]!
      invocations[part]! += sum
    }
  }
  return { partMs, invocations }
}

function measuredOf({ arrivals, apps }: Trace): TraceProfile['measured'] {
  if (arrivals.kind === 'counts' || arrivals.measured === undefined) return null
  const { start, instance } = arrivals.measured
  const seen = [0, 0, 0]
  for (const code of start) seen[code]! += 1
  let instances = 0
  for (let app = 0; app < apps.count; app += 1) {
    let most = 0
    for (let row = arrivals.firstEvent[app]!; row < arrivals.firstEvent[app + 1]!; row += 1)
      most = Math.max(most, instance[row]!)
    instances += most
  }
  return { cold: seen[START.cold]!, warm: seen[START.warm]!, unknown: seen[START.unknown]!, instances }
}

function invocationsPerFunction({ functions, arrivals }: Trace): Float64Array {
  if (arrivals.kind === 'counts') return arrivals.invocations
  const sums = new Float64Array(functions.count)
  for (const fn of arrivals.fn) sums[fn]! += 1
  return sums
}

function functionsPerApp({ apps, functions }: Trace): TraceProfile['functionsPerApp'] {
  const sizes = Array.from({ length: apps.count }, (_, app) => apps.firstFunction[app + 1]! - apps.firstFunction[app]!)
  const sorted = sizes.toSorted((a, b) => a - b)
  return {
    mean: apps.count === 0 ? 0 : functions.count / apps.count,
    median: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
    most: sorted.at(-1) ?? 0,
    withOne: sizes.filter((size) => size === 1).length,
  }
}

function triggersOf({ functions }: Trace, perFunction: Float64Array): TraceProfile['triggers'] {
  const rows = TRIGGERS.map((trigger) => ({ trigger, functions: 0, invocations: 0 }))
  for (const [fn, trigger] of functions.trigger.entries()) {
    const row = rows[trigger]!
    row.functions += 1
    row.invocations += perFunction[fn]!
  }
  return rows.filter((row) => row.functions > 0).toSorted((a, b) => b.invocations - a.invocations)
}

function busiest({ apps, functions }: Trace, perFunction: Float64Array): TraceProfile['busiestFunction'] {
  let most = -1
  for (const [fn, invocations] of perFunction.entries()) {
    if (invocations > (most === -1 ? 0 : perFunction[most]!)) most = fn
  }
  if (most === -1) return null
  return { app: apps.name.at(functions.app[most]!), function: functions.name.at(most), invocations: perFunction[most]! }
}
