import { packNames } from './build/packed-names.ts'
import { sharedArray } from './shared-array.ts'
import type { AppTable, CountColumns, EventColumns, Trace } from './trace.ts'
import { withDigest } from './trace-parts.ts'

/**
 * The trace with each function as an app of its own (the model option `unit: function`), called `app:function`, in the
 * order of the function table, so that function `f` is app `f`. It has an equal share of its app's memory, as FaasCache
 * charges functions of the Azure trace (Fuerst and Sharma, ASPLOS 2021), and its app's cold-start time. Minute counts
 * are not copied.
 */
export function byFunction(trace: Trace): Trace {
  const { functions, arrivals } = trace
  const every = sharedArray(Uint32Array, functions.count + 1)
  every.forEach((_, index) => {
    every[index] = index
  })
  const { digest: _, ...rest } = trace
  return withDigest({
    ...rest,
    apps: functionsAsApps(trace, every),
    functions: { ...functions, app: every.subarray(0, functions.count) },
    arrivals: arrivals.kind === 'counts' ? withoutGaps(arrivals) : eventsByFunction(arrivals, functions.count),
  })
}

/** The gaps are of the apps as they were. */
function withoutGaps(columns: CountColumns): CountColumns {
  const { gaps, ...cells } = columns
  return gaps === undefined ? columns : cells
}

function functionsAsApps({ apps, functions }: Trace, firstFunction: Uint32Array): AppTable {
  const memoryMb = sharedArray(Float64Array, functions.count)
  const coldStartMs = sharedArray(Float64Array, functions.count)
  const names: string[] = []
  functions.app.forEach((app, fn) => {
    memoryMb[fn] = apps.memoryMb[app]! / (apps.firstFunction[app + 1]! - apps.firstFunction[app]!)
    coldStartMs[fn] = apps.coldStartMs[app]!
    names.push(`${apps.name.at(app)}:${functions.name.at(fn)}`)
  })
  return { count: functions.count, name: packNames(names), memoryMb, coldStartMs, firstFunction }
}

/** The events regrouped by function; those of one function keep their order. */
function eventsByFunction(events: EventColumns, functions: number): EventColumns {
  const firstEvent = sharedArray(Float64Array, functions + 1)
  for (const fn of events.fn) firstEvent[fn + 1]! += 1
  for (let fn = 0; fn < functions; fn += 1) firstEvent[fn + 1]! += firstEvent[fn]!
  const next = firstEvent.slice()
  const startMs = sharedArray(Float64Array, events.fn.length)
  const durationMs = sharedArray(Float64Array, events.fn.length)
  const grouped = sharedArray(Uint32Array, events.fn.length)
  const start = sharedArray(Uint8Array, events.measured === undefined ? 0 : events.fn.length)
  const instance = sharedArray(Uint32Array, start.length)
  events.fn.forEach((fn, from) => {
    const to = next[fn]!
    next[fn] = to + 1
    startMs[to] = events.startMs[from]!
    durationMs[to] = events.durationMs[from]!
    grouped[to] = fn
    if (events.measured === undefined) return
    start[to] = events.measured.start[from]!
    instance[to] = events.measured.instance[from]!
  })
  const columns = { kind: 'events', firstEvent, startMs, durationMs, fn: grouped } as const
  return events.measured === undefined ? columns : { ...columns, measured: { start, instance } }
}
