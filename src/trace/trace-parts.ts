import { createHash } from 'node:crypto'
import { PackedNames, packed } from './build/packed-names.ts'
import type { Column, ColumnType } from './shared-array.ts'
import type { CountColumns, EventColumns, Trace } from './trace.ts'

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
const COUNTS = { firstCell: Float64Array, minute: Uint32Array, count: Uint32Array } as const
const EVENTS = { firstEvent: Float64Array, startMs: Float64Array, durationMs: Float64Array, fn: Uint32Array } as const

/** What a trace says of itself besides its columns; plain JSON. */
export type TraceAbout = Omit<Trace, 'apps' | 'functions' | 'arrivals'> & { readonly kind: 'counts' | 'events' }

/** A trace as plain data: what a file holds, and what a worker can be sent (columns on shared memory are not copied). */
export interface TraceParts {
  readonly about: TraceAbout
  readonly columns: Readonly<Record<string, Column>>
}

/** The columns, each with its type, that a trace of that kind has. */
export function columnTypes(kind: TraceAbout['kind']): readonly (readonly [string, ColumnType])[] {
  return Object.entries<ColumnType>({ ...TABLES, ...(kind === 'counts' ? COUNTS : EVENTS) })
}

/** Takes a trace apart; the columns are the trace's own. */
export function traceParts(trace: Trace): TraceParts {
  const { apps, functions, arrivals, ...about } = trace
  const appNames = packed(apps.name)
  const functionNames = packed(functions.name)
  const { kind, ...cells } = arrivals
  return {
    about: { ...about, kind },
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
      ...cells,
    },
  }
}

/** Puts a trace together again from what {@link traceParts} gave. */
export function traceFromParts({ about, columns }: TraceParts): Trace {
  const { kind, ...rest } = about
  const table = columns as { [K in keyof typeof TABLES]: InstanceType<(typeof TABLES)[K]> }
  const appNames = new PackedNames(table['apps.name'], table['apps.nameOffset'])
  const functionNames = new PackedNames(table['functions.name'], table['functions.nameOffset'])
  const names = Object.keys(kind === 'counts' ? COUNTS : EVENTS)
  const cells = Object.fromEntries(names.map((name) => [name, columns[name]]))
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
    arrivals: { kind, ...cells } as unknown as CountColumns | EventColumns,
  }
}

/**
 * SHA-256 (hex) of everything that a simulation can see of a trace: its columns in canonical order, its time and what it
 * offers; not where it came from. On machines with SHA instructions it reads over 1 GB/s.
 */
export function contentDigest({ about, columns }: TraceParts): string {
  const { kind, horizonMs, offers } = about
  const hash = createHash('sha256').update(JSON.stringify(['pilotlight trace content 1', kind, horizonMs, offers]))
  for (const [name] of columnTypes(kind)) {
    const column = columns[name]!
    hash.update(`${name} ${column.length}\n`)
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  }
  return hash.digest('hex')
}

/** The trace with the digest of its content. */
export function withDigest(trace: Omit<Trace, 'digest'>): Trace {
  const unsigned: Trace = { ...trace, digest: '' }
  return { ...unsigned, digest: contentDigest(traceParts(unsigned)) }
}
