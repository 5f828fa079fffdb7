import type { JoinReport } from '../../trace/build/join-report.ts'
import { type Trace, type TraceFact, TRIGGERS, type Trigger } from '../../trace/trace.ts'

/** What is in a trace. */
export interface TraceProfile {
  readonly trace: {
    readonly id: string
    readonly format: string
    readonly digest: string
    readonly apps: number
    readonly functions: number
    readonly invocations: number
    readonly horizonMs: number
    readonly arrivals: 'counts' | 'events'
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
      horizonMs,
      arrivals: arrivals.kind,
      offers,
    },
    functionsPerApp: functionsPerApp(trace),
    triggers: triggersOf(trace, perFunction),
    busiestFunction: busiest(trace, perFunction),
    join,
  }
}

function invocationsPerFunction({ functions, arrivals }: Trace): Float64Array {
  const sums = new Float64Array(functions.count)
  if (arrivals.kind === 'events') {
    for (const fn of arrivals.fn) sums[fn]! += 1
    return sums
  }
  const { firstCell, count } = arrivals
  for (let fn = 0; fn < functions.count; fn += 1) {
    for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) sums[fn]! += count[cell]!
  }
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
