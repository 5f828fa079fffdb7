import { UserError } from '../../../src/core/user-error.ts'
import { DAY, MINUTE } from '../../../src/core/units.ts'
import { packCells } from '../../../src/trace/cells/pack-cells.ts'
import type { CountColumns, EventColumns, Names, Trace } from '../../../src/trace/trace.ts'

/** What a page makes of a log: enough for the world of the paper, where executions take no time. */
export interface App {
  readonly name: string
  readonly memoryMb: number
  /** Minutes with invocations, rising, or the times of single events in ms. */
  readonly at: readonly number[]
  /** Invocations in each of the minutes; absent for events. */
  readonly count?: readonly number[]
}

/** The trace of apps as a page has them, each with one function. No memory is taken for 1 MB each. */
export function traceOfApps(id: string, apps: readonly App[], horizonMs: number): Trace {
  const sorted = apps.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const hasMemory = sorted.every(({ memoryMb }) => memoryMb > 0)
  const isCounts = sorted.every(({ count }) => count !== undefined)
  const arrivals = isCounts ? countColumns(sorted) : eventColumns(sorted)
  const names: Names = { count: sorted.length, at: (index) => sorted[index]!.name }
  const first = Uint32Array.from({ length: sorted.length + 1 }, (_, app) => app)
  return {
    id,
    format: isCounts ? 'counts' : 'events',
    digest: '',
    offers: [...(hasMemory ? (['memory'] as const) : []), ...(isCounts ? [] : (['arrivalTime'] as const))],
    horizonMs,
    invocations: sorted.reduce(
      (sum, { at, count }) => sum + (count?.reduce((all, each) => all + each, 0) ?? at.length),
      0,
    ),
    apps: {
      count: sorted.length,
      name: names,
      memoryMb: Float64Array.from(sorted, ({ memoryMb }) => (hasMemory ? memoryMb : Number.NaN)),
      coldStartMs: new Float64Array(sorted.length).fill(Number.NaN),
      firstFunction: first,
    },
    functions: {
      count: sorted.length,
      name: names,
      app: first.slice(0, sorted.length),
      trigger: new Uint8Array(sorted.length),
      durationMs: new Float64Array(sorted.length),
    },
    arrivals,
    join: { files: [], defects: [] },
  }
}

function firstOf(apps: readonly App[]): Float64Array {
  const first = new Float64Array(apps.length + 1)
  for (const [app, { at }] of apps.entries()) first[app + 1] = first[app]! + at.length
  return first
}

function countColumns(apps: readonly App[]): CountColumns {
  const minute = Uint32Array.from(apps.flatMap(({ at }) => at))
  const count = Uint32Array.from(apps.flatMap(({ count: counts }) => counts!))
  return packCells({ bucketMs: MINUTE, firstCell: firstOf(apps), minute, count })
}

function eventColumns(apps: readonly App[]): EventColumns {
  const startMs = Float64Array.from(apps.flatMap(({ at }) => at))
  const fn = Uint32Array.from(apps.flatMap(({ at }, app) => at.map(() => app)))
  const durationMs = new Float64Array(startMs.length)
  return { kind: 'events', firstEvent: firstOf(apps), startMs, durationMs, fn }
}

/**
 * Reads a CSV that a reader dropped: Azure's counts per minute (HashApp, …, 1, 2, …), or single events with the columns
 * `app` and `start_ms`, and `memory_mb` if there is one. Throws a {@link UserError} for anything else.
 */
export function traceOfCsv(text: string, name: string): Trace {
  const lines = text.split(/\r?\n/)
  const header = cells(lines[0] ?? '').map((cell) => cell.trim())
  const rows = lines.slice(1).flatMap((line, index) => (line === '' ? [] : [{ cells: cells(line), line: index + 2 }]))
  if (header.includes('HashApp') && header.includes('1')) return ofCounts(header, rows, name)
  if (header.includes('app') && header.includes('start_ms')) return ofEvents(header, rows, name)
  const problem = `expected a header with app and start_ms, or that of Azure’s counts, found ${JSON.stringify(header.join().slice(0, 60))}`
  throw new UserError({ where: name, problem, hint: 'pilotlight init on the command line reads nearly any log.' })
}

interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
}

/** The cells of a line: between quotes a comma is one of the cell, and two quotes are one (RFC 4180). */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  )
}

/** Beyond this, in ms, a time is none: some 30,000 years. */
const MOST = 1e15

function numberAt(row: CsvRow, column: number, name: string): number {
  const text = row.cells[column] ?? ''
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= MOST) return value
  const problem = `expected a number from 0 to ${MOST}, found ${JSON.stringify(text.slice(0, 40))}`
  throw new UserError({ where: `${name}:${row.line}`, problem })
}

function ofEvents(header: readonly string[], rows: readonly CsvRow[], name: string): Trace {
  const [app, start, memory] = ['app', 'start_ms', 'memory_mb'].map((column) => header.indexOf(column))
  const byApp = new Map<string, { memoryMb: number; at: number[] }>()
  for (const row of rows) {
    const id = row.cells[app!] ?? ''
    const known = byApp.get(id) ?? { memoryMb: memory === -1 ? 0 : numberAt(row, memory!, name), at: [] }
    known.at.push(Math.floor(numberAt(row, start!, name)))
    byApp.set(id, known)
  }
  demandRows(rows, name)
  const least = Math.min(...[...byApp.values()].map(({ at }) => at.reduce((low, ms) => Math.min(low, ms), Infinity)))
  let horizonMs = 1
  const apps = [...byApp].map(([id, { memoryMb, at }]): App => {
    const sorted = at.map((ms) => ms - least).toSorted((one, other) => one - other)
    horizonMs = Math.max(horizonMs, sorted.at(-1)! + 1)
    return { name: id, memoryMb, at: sorted }
  })
  return traceOfApps(name, apps, horizonMs)
}

function ofCounts(header: readonly string[], rows: readonly CsvRow[], name: string): Trace {
  const [owner, app, first] = [header.indexOf('HashOwner'), header.indexOf('HashApp'), header.indexOf('1')]
  const minutes = header.length - first!
  const byApp = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const id = `${owner === -1 ? '' : `${row.cells[owner!]}/`}${row.cells[app!]}`
    const known = byApp.get(id) ?? new Map<number, number>()
    for (let minute = 0; minute < minutes; minute += 1) {
      if (row.cells[first! + minute] === '0') continue
      const count = numberAt(row, first! + minute, name)
      if (count > 0) known.set(minute, (known.get(minute) ?? 0) + count)
    }
    byApp.set(id, known)
  }
  demandRows(rows, name)
  const apps = [...byApp].map(([id, counts]): App => {
    const at = [...counts.keys()].toSorted((one, other) => one - other)
    return { name: id, memoryMb: 0, at, count: at.map((minute) => counts.get(minute)!) }
  })
  return traceOfApps(name, apps, Math.max(minutes * MINUTE, minutes === 1440 ? DAY : 0))
}

function demandRows(rows: readonly CsvRow[], name: string): void {
  if (rows.length === 0) throw new UserError({ where: name, problem: 'there is a header and no row' })
}
