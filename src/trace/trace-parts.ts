import { createHash } from 'node:crypto'
import { MINUTE } from '../core/units.ts'
import { PackedNames, packed } from './build/packed-names.ts'
import { UnpackedCells } from './cells/unpacked-cells.ts'
import type { TraceColumn, TraceColumnType } from './shared-array.ts'
import type { CountColumns, EventColumns, PackedCells, Trace } from './trace.ts'

/** The columns of a trace's tables, each with its type, in the order in which files hold them and digests read them. */
const TABLES = {
  'apps.name': Uint8Array,
  'apps.nameOffset': Float64Array,
  'apps.memoryMb': Float64Array,
  'apps.coldStartMs': Float64Array,
  'apps.firstFunction': Uint32Array,
  'functions.name': Uint8Array,
  'functions.nameOffset': Float64Array,
  'functions.app': Uint32Array,
  'functions.trigger': Uint8Array,
  'functions.durationMs': Float64Array,
} as const
const COUNTS = {
  firstCell: Float64Array,
  firstByte: Float64Array,
  cells: Uint8Array,
  invocations: Float64Array,
} as const
const GAPS = {
  'gaps.firstCell': Float64Array,
  'gaps.firstByte': Float64Array,
  'gaps.cells': Uint8Array,
  'gaps.invocations': Float64Array,
} as const
const MEASURED = { start: Uint8Array, instance: Uint32Array } as const
const EVENTS = { firstEvent: Float64Array, startMs: Float64Array, durationMs: Float64Array, fn: Uint32Array } as const

/** What a trace says of itself besides its columns; plain JSON. */
export type TraceAbout = Omit<Trace, 'apps' | 'functions' | 'arrivals'> &
  (
    | { readonly kind: 'counts'; readonly bucketMs: number; readonly hasGaps: boolean }
    | { readonly kind: 'events'; readonly isMeasured: boolean }
  )

/** A trace as plain data: what a file holds, and what a worker can be sent (columns on shared memory are not copied). */
export interface TraceParts {
  readonly about: TraceAbout
  readonly columns: Readonly<Record<string, TraceColumn>>
}

/** The columns, each with its type, that a trace of that kind has. */
export function columnTypes(about: TraceAbout): readonly (readonly [string, TraceColumnType])[] {
  return Object.entries<TraceColumnType>({ ...TABLES, ...arrivalTypes(about) })
}

function arrivalTypes(about: TraceAbout): Readonly<Record<string, TraceColumnType>> {
  if (about.kind === 'counts') return about.hasGaps ? { ...COUNTS, ...GAPS } : COUNTS
  return about.isMeasured ? { ...EVENTS, ...MEASURED } : EVENTS
}

/** Takes a trace apart; the columns are the trace's own. */
export function traceParts(trace: Trace): TraceParts {
  const { apps, functions, arrivals, ...about } = trace
  const appNames = packed(apps.name)
  const functionNames = packed(functions.name)
  return {
    about: { ...about, ...aboutArrivals(arrivals) },
    columns: {
      'apps.name': appNames.bytes,
      'apps.nameOffset': appNames.offset,
      'apps.memoryMb': apps.memoryMb,
      'apps.coldStartMs': apps.coldStartMs,
      'apps.firstFunction': apps.firstFunction,
      'functions.name': functionNames.bytes,
      'functions.nameOffset': functionNames.offset,
      'functions.app': functions.app,
      'functions.trigger': functions.trigger,
      'functions.durationMs': functions.durationMs,
      ...arrivalColumns(arrivals),
    },
  }
}

function aboutArrivals(arrivals: Trace['arrivals']) {
  if (arrivals.kind === 'counts')
    return { kind: 'counts', bucketMs: arrivals.bucketMs, hasGaps: arrivals.gaps !== undefined } as const
  return { kind: 'events', isMeasured: arrivals.measured !== undefined } as const
}

function arrivalColumns(arrivals: Trace['arrivals']): Record<string, TraceColumn> {
  if (arrivals.kind === 'counts') {
    const { firstCell, firstByte, cells, invocations, gaps } = arrivals
    const own = { firstCell, firstByte, cells, invocations }
    if (gaps === undefined) return own
    return {
      ...own,
      'gaps.firstCell': gaps.firstCell,
      'gaps.firstByte': gaps.firstByte,
      'gaps.cells': gaps.cells,
      'gaps.invocations': gaps.invocations,
    }
  }
  const { kind: _, measured, ...events } = arrivals
  return { ...events, ...measured }
}

/** Puts a trace together again from what {@link traceParts} gave. */
export function traceFromParts({ about, columns }: TraceParts): Trace {
  const table = columns as { [K in keyof typeof TABLES]: InstanceType<(typeof TABLES)[K]> }
  const appNames = new PackedNames(table['apps.name'], table['apps.nameOffset'])
  const functionNames = new PackedNames(table['functions.name'], table['functions.nameOffset'])
  const { rest, arrivals } = arrivalsOf(about, columns)
  return {
    ...rest,
    apps: {
      count: appNames.count,
      name: appNames,
      memoryMb: table['apps.memoryMb'],
      coldStartMs: table['apps.coldStartMs'],
      firstFunction: table['apps.firstFunction'],
    },
    functions: {
      count: functionNames.count,
      name: functionNames,
      app: table['functions.app'],
      trigger: table['functions.trigger'],
      durationMs: table['functions.durationMs'],
    },
    arrivals,
  }
}

function arrivalsOf(about: TraceAbout, columns: TraceParts['columns']) {
  const pick = (types: object) => Object.fromEntries(Object.keys(types).map((name) => [name, columns[name]]))
  if (about.kind === 'counts') {
    const { kind, bucketMs, hasGaps, ...rest } = about
    const own = { kind, bucketMs, ...pick(COUNTS) }
    return { rest, arrivals: (hasGaps ? { ...own, gaps: gapsIn(bucketMs, columns) } : own) as unknown as CountColumns }
  }
  const { kind, isMeasured, ...rest } = about
  const measured = isMeasured ? { measured: pick(MEASURED) } : {}
  return { rest, arrivals: { kind, ...pick(EVENTS), ...measured } as unknown as EventColumns }
}

function gapsIn(bucketMs: number, columns: TraceParts['columns']): PackedCells {
  const gaps = columns as { [K in keyof typeof GAPS]: InstanceType<(typeof GAPS)[K]> }
  return {
    bucketMs,
    firstCell: gaps['gaps.firstCell'],
    firstByte: gaps['gaps.firstByte'],
    cells: gaps['gaps.cells'],
    invocations: gaps['gaps.invocations'],
  }
}

/**
 * SHA-256 (hex) of everything that a simulation can see of a trace, and of what was measured: its columns in canonical
 * order, its time and what it offers; not where it came from, nor when it was. Cells count as they are unpacked, so that
 * no way of packing them changes it. On machines with SHA instructions it reads over 1 GB/s.
 */
export function contentDigest(trace: Trace): string {
  const { about, columns } = traceParts(trace)
  const { kind, horizonMs, offers } = about
  const buckets = about.kind === 'counts' && about.bucketMs !== MINUTE ? [about.bucketMs] : []
  const head = JSON.stringify(['pilotlight trace content 1', kind, horizonMs, offers, ...buckets])
  const hash = createHash('sha256').update(head)
  const take = (name: string, length: number, parts: Iterable<TraceColumn>): void => {
    hash.update(`${name} ${length}\n`)
    for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  }
  const names = columnTypes(about).map(([name]) => name)
  for (const name of names) if (!PACKED.has(name)) take(name, columns[name]!.length, [columns[name]!])
  if (trace.arrivals.kind === 'counts') {
    const { firstCell } = trace.arrivals
    for (const name of ['minute', 'count'] as const)
      take(name, firstCell.at(-1)!, unpackedColumn(trace, trace.arrivals, name))
  }
  return hash.digest('hex')
}

/** Columns that stand for the cells, which count in their unpacked form, or follow from them. */
const PACKED: ReadonlySet<string> = new Set<keyof typeof COUNTS | keyof typeof GAPS>([
  'firstByte',
  'cells',
  'invocations',
  'gaps.firstCell',
  'gaps.firstByte',
  'gaps.cells',
  'gaps.invocations',
])

/** One of the two columns of the cells of all functions, function by function. */
function* unpackedColumn(trace: Trace, counts: CountColumns, name: 'minute' | 'count'): Generator<TraceColumn> {
  const cells = new UnpackedCells(counts, trace)
  for (let fn = 0; fn < trace.functions.count; fn += 1) {
    const length = cells.open(fn)
    if (length > 0) yield cells[name].subarray(0, length)
  }
}

/** The trace with the digest of its content. */
export function withDigest(trace: Omit<Trace, 'digest'>): Trace {
  const unsigned: Trace = { ...trace, digest: '' }
  return { ...unsigned, digest: contentDigest(unsigned) }
}
