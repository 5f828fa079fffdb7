import type { FunctionRows } from './function-rows.ts'
import { medianOf } from './median.ts'
import { packNames } from './packed-names.ts'
import { type TraceColumn, type TraceColumnType, sharedArray } from '../shared-array.ts'
import type { AppTable, FunctionTable, TraceFact } from '../trace.ts'

/** The duration of every function of a trace that has no durations at all. */
const DURATION_WITHOUT_ANY_MS = 1000

/** What was measured, per row as rows were first mentioned; NaN where nothing was. */
export interface Measured {
  /** MB by app row. */
  readonly memoryMb: Float64Array
  /** Cold-start time by app row. */
  readonly coldStartMs: Float64Array
  /** Mean duration by function row. */
  readonly durationMs: Float64Array
  /** Index into TRIGGERS of a function row. */
  triggerOf(row: number): number
}

/** The rows in canonical order. */
export interface RowOrder {
  readonly apps: Uint32Array
  readonly functions: Uint32Array
}

/** The canonical order: apps by name, functions by name within the app. */
export function rowOrder(rows: FunctionRows): RowOrder {
  const apps = rows.appsInOrder()
  return { apps, functions: Uint32Array.from([...apps].flatMap((appRow) => rows.functionsInOrder(appRow))) }
}

/** The tables in canonical order. An app without memory or loading time has the median app's, a function without duration the median's. */
export function appTable(rows: FunctionRows, order: RowOrder, measured: Measured): AppTable {
  const firstFunction = sharedArray(Uint32Array, order.apps.length + 1)
  const functionsOf = new Uint32Array(rows.appCount)
  for (const row of order.functions) functionsOf[rows.appOf.at(row)]! += 1
  order.apps.forEach((appRow, place) => {
    firstFunction[place + 1] = firstFunction[place]! + functionsOf[appRow]!
  })
  const memory = pick(measured.memoryMb, order.apps)
  const usual = medianOf(memory)
  const loading = pick(measured.coldStartMs, order.apps)
  const usualLoading = medianOf(loading)
  return {
    count: order.apps.length,
    name: packNames(Array.from(order.apps, (appRow) => rows.appNameOf(appRow))),
    memoryMb: shared(Float64Array, memory, (mb) => (Number.isNaN(mb) ? usual : mb)),
    coldStartMs: shared(Float64Array, loading, (ms) => Math.round(Number.isNaN(ms) ? usualLoading : ms)),
    firstFunction,
  }
}

/** See {@link appTable}. Durations are whole milliseconds, at least 1. */
export function functionTable(rows: FunctionRows, order: RowOrder, measured: Measured): FunctionTable {
  const placeOfApp = new Uint32Array(rows.appCount)
  order.apps.forEach((appRow, place) => {
    placeOfApp[appRow] = place
  })
  const durations = pick(measured.durationMs, order.functions).map(wholeDuration)
  const median = medianOf(durations)
  const usual = Number.isNaN(median) ? DURATION_WITHOUT_ANY_MS : Math.round(median)
  return {
    count: order.functions.length,
    name: packNames(Array.from(order.functions, (row) => rows.functionNameOf(row))),
    app: shared(Uint32Array, order.functions, (row) => placeOfApp[rows.appOf.at(row)]!),
    trigger: shared(Uint8Array, order.functions, (row) => measured.triggerOf(row)),
    durationMs: shared(Float64Array, durations, (ms) => (Number.isNaN(ms) ? usual : ms)),
  }
}

/** What the tables offer beyond arrivals. Measurements of apps that have no functions do not count. */
export function offersOf(order: RowOrder, measured: Measured): TraceFact[] {
  const offers: TraceFact[] = []
  if (pick(measured.memoryMb, order.apps).some(known)) offers.push('memory')
  if (pick(measured.durationMs, order.functions).some(known)) offers.push('duration')
  if (order.functions.some((row) => measured.triggerOf(row) > 0)) offers.push('trigger')
  if (pick(measured.coldStartMs, order.apps).some(known)) offers.push('coldStart')
  return offers
}

function known(value: number): boolean {
  return !Number.isNaN(value)
}

/** A mean that was measured and rounds to nothing still stands for some time. */
function wholeDuration(ms: number): number {
  return Number.isNaN(ms) ? ms : Math.max(1, Math.round(ms))
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!)
}

/** Maps a column into shared memory; NaN gets the one bit pattern that every machine writes alike. */
function shared<T extends TraceColumn>(
  type: TraceColumnType<T>,
  from: Float64Array | Uint32Array,
  map: (value: number) => number,
): T {
  const column = sharedArray(type, from.length)
  from.forEach((value, place) => {
    const mapped = map(value)
    column[place] = Number.isNaN(mapped) ? Number.NaN : mapped
  })
  return column
}
