import { counted } from '../core/counted.ts'
import { nearest } from '../core/registry.ts'
import { streamOf } from '../core/random.ts'
import { UserError } from '../core/user-error.ts'
import { formatDuration } from '../core/units.ts'
import { packNames } from './build/packed-names.ts'
import { MOST_CELL_BYTES } from './cells/cell-code.ts'
import { CellPacker } from './cells/cell-packer.ts'
import { UnpackedCells } from './cells/unpacked-cells.ts'
import { sharedArray } from './shared-array.ts'
import type { AppTable, CountColumns, EventColumns, FunctionTable, Trace } from './trace.ts'
import { withDigest } from './trace-parts.ts'

/** A part of a trace: some of its time, and some of its apps. */
export interface Slice {
  /** Where it begins: ms since the trace began, or since 1970 where the trace has a calendar. */
  readonly from?: { readonly ms: number } | { readonly epochMs: number }
  /** How long it lasts, in ms; to the end by default. */
  readonly forMs?: number
  /** Names of apps, as the trace has them; one with a * at its end stands for all that begin so. */
  readonly apps?: readonly string[]
  /** The share of the apps that is drawn, above 0 and up to 1: an app is in or out by its name and the seed alone. */
  readonly sample?: number
  /** By default 1. */
  readonly seed?: number
}

/** Cuts a part out of a trace. Throws a {@link UserError} where nothing is left, or buckets would be cut in two. */
export function sliceTrace(trace: Trace, slice: Slice): Trace {
  const [fromMs, toMs] = timeOf(trace, slice)
  const apps = chosenApps(trace, slice)
  const functions = apps.flatMap((app) => range(trace.apps.firstFunction[app]!, trace.apps.firstFunction[app + 1]!))
  const arrivals =
    trace.arrivals.kind === 'events'
      ? // An execution of 0 ms may come as the trace ends; it is in every part that reaches to that end.
        slicedEvents(trace.arrivals, { apps, functions, fromMs, toMs: toMs < trace.horizonMs ? toMs : Infinity })
      : slicedCounts(trace, trace.arrivals, { functions, fromMs, toMs })
  const invocations =
    arrivals.kind === 'events' ? arrivals.fn.length : arrivals.invocations.reduce((sum, own) => sum + own, 0)
  if (invocations === 0) {
    throw new UserError({
      where: trace.id,
      problem: `no invocation of ${counted(apps.length, 'app')} lies in this part of the trace`,
    })
  }
  const { digest: _, startsAtMs, ...rest } = trace
  return withDigest({
    ...rest,
    ...(startsAtMs === undefined ? {} : { startsAtMs: startsAtMs + fromMs }),
    horizonMs: toMs - fromMs,
    invocations,
    apps: slicedApps(trace.apps, apps),
    functions: slicedFunctions(trace.functions, functions, apps),
    arrivals,
  })
}

function timeOf(trace: Trace, { from, forMs }: Slice): readonly [fromMs: number, toMs: number] {
  const { arrivals, horizonMs, id, startsAtMs } = trace
  let fromMs = 0
  if (from !== undefined && 'ms' in from) fromMs = from.ms
  else if (from !== undefined) {
    if (startsAtMs === undefined) {
      const problem = 'from is a date, and the trace does not tell when it was'
      throw new UserError({ where: id, problem, hint: 'Write how long after its beginning, as in 36h.' })
    }
    fromMs = from.epochMs - startsAtMs
  }
  const toMs = Math.min(horizonMs, fromMs + (forMs ?? Number.POSITIVE_INFINITY))
  if (fromMs < 0 || fromMs >= horizonMs) {
    const problem = `from lies outside the trace, which lasts ${formatDuration(horizonMs)}`
    throw new UserError({ where: id, problem })
  }
  if (
    arrivals.kind === 'counts' &&
    (fromMs % arrivals.bucketMs !== 0 || (toMs < horizonMs && toMs % arrivals.bucketMs !== 0))
  ) {
    const problem = `from and for would cut a bucket of ${formatDuration(arrivals.bucketMs)} in two`
    throw new UserError({ where: id, problem, hint: 'Choose multiples of it.' })
  }
  return [fromMs, toMs]
}

/** Rows of the apps that are kept, in their order. */
function chosenApps({ apps, id }: Trace, { apps: wanted, sample = 1, seed = 1 }: Slice): number[] {
  const rows = range(0, apps.count)
  const names = rows.map((app) => apps.name.at(app))
  for (const name of wanted ?? []) {
    if (names.some((each) => isNamed(each, name))) continue
    const near = nearest(name, names.slice(0, 10_000))
    const hint =
      near === undefined
        ? 'pilotlight trace shows some; a * at the end stands for all that begin so.'
        : `Did you mean "${near}"?`
    throw new UserError({ where: id, problem: `no app is called ${JSON.stringify(name)}`, hint })
  }
  const kept = rows.filter((app) => {
    const name = names[app]!
    if (wanted !== undefined && !wanted.some((each) => isNamed(name, each))) return false
    return sample >= 1 || streamOf(seed, `sample ${name}`).uniform() < sample
  })
  if (kept.length > 0) return kept
  throw new UserError({
    where: id,
    problem: `a sample of ${sample} of ${counted(apps.count, 'app')} has none`,
    hint: 'Draw a larger one.',
  })
}

function isNamed(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function slicedApps(table: AppTable, apps: readonly number[]): AppTable {
  const memoryMb = sharedArray(Float64Array, apps.length)
  const coldStartMs = sharedArray(Float64Array, apps.length)
  const firstFunction = sharedArray(Uint32Array, apps.length + 1)
  apps.forEach((app, row) => {
    memoryMb[row] = table.memoryMb[app]!
    coldStartMs[row] = table.coldStartMs[app]!
    firstFunction[row + 1] = firstFunction[row]! + table.firstFunction[app + 1]! - table.firstFunction[app]!
  })
  return {
    count: apps.length,
    name: packNames(apps.map((app) => table.name.at(app))),
    memoryMb,
    coldStartMs,
    firstFunction,
  }
}

function slicedFunctions(table: FunctionTable, functions: readonly number[], apps: readonly number[]): FunctionTable {
  const rowOfApp = new Map(apps.map((app, row) => [app, row]))
  const app = sharedArray(Uint32Array, functions.length)
  const trigger = sharedArray(Uint8Array, functions.length)
  const durationMs = sharedArray(Float64Array, functions.length)
  functions.forEach((fn, row) => {
    app[row] = rowOfApp.get(table.app[fn]!)!
    trigger[row] = table.trigger[fn]!
    durationMs[row] = table.durationMs[fn]!
  })
  return {
    count: functions.length,
    name: packNames(functions.map((fn) => table.name.at(fn))),
    app,
    trigger,
    durationMs,
  }
}

interface Cut {
  readonly functions: readonly number[]
  readonly fromMs: number
  readonly toMs: number
}

function slicedCounts(trace: Trace, columns: CountColumns, { functions, fromMs, toMs }: Cut): CountColumns {
  const { bucketMs, firstByte } = columns
  const [first, end] = [fromMs / bucketMs, Math.ceil(toMs / bucketMs)]
  // Only the first cell that is left may take more bytes than before.
  const bytes = functions.reduce((sum, fn) => sum + firstByte[fn + 1]! - firstByte[fn]! + MOST_CELL_BYTES, 0)
  const packer = new CellPacker(functions.length, bucketMs, bytes)
  const cells = new UnpackedCells(columns, trace)
  for (const fn of functions) {
    const length = cells.open(fn)
    for (let cell = 0; cell < length; cell += 1) {
      const minute = cells.minute[cell]!
      if (minute >= first && minute < end) packer.add(minute - first, cells.count[cell]!)
    }
    packer.endFunction()
  }
  return { kind: 'counts', ...packer.columns() }
}

function slicedEvents(
  columns: EventColumns,
  { apps, functions, fromMs, toMs }: Cut & { readonly apps: readonly number[] },
): EventColumns {
  const { firstEvent, startMs, durationMs, fn, measured } = columns
  const kept = apps.map((app) =>
    range(firstEvent[app]!, firstEvent[app + 1]!).filter((row) => startMs[row]! >= fromMs && startMs[row]! < toMs),
  )
  const length = kept.reduce((sum, rows) => sum + rows.length, 0)
  const rowOfFunction = new Map(functions.map((each, row) => [each, row]))
  const events = {
    firstEvent: sharedArray(Float64Array, apps.length + 1),
    startMs: sharedArray(Float64Array, length),
    durationMs: sharedArray(Float64Array, length),
    fn: sharedArray(Uint32Array, length),
  }
  const seen = { start: sharedArray(Uint8Array, length), instance: sharedArray(Uint32Array, length) }
  let to = 0
  kept.forEach((own, row) => {
    const numbers = new Map<number, number>([[0, 0]])
    for (const from of own) {
      events.startMs[to] = startMs[from]! - fromMs
      events.durationMs[to] = durationMs[from]!
      events.fn[to] = rowOfFunction.get(fn[from]!)!
      if (measured !== undefined) {
        const instance = measured.instance[from]!
        if (!numbers.has(instance)) numbers.set(instance, numbers.size)
        seen.start[to] = measured.start[from]!
        seen.instance[to] = numbers.get(instance)!
      }
      to += 1
    }
    events.firstEvent[row + 1] = to
  })
  return measured === undefined ? { kind: 'events', ...events } : { kind: 'events', ...events, measured: seen }
}
