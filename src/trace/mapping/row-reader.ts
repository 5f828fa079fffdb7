import { UserError } from '../../core/user-error.ts'
import type { TraceBuilder } from '../build/builder.ts'
import type { DefectLog } from '../build/defect-log.ts'
import type { SourceFile } from '../build/join-report.ts'
import type { ReadOptions } from '../trace-format.ts'
import { placeOf, shown } from '../table/place.ts'
import type { Trace } from '../trace.ts'
import { type MomentReader, clockOf, guessedClock } from './moment-reader.ts'
import { type Columns, columnsOf, getterOf, slotOf, slotsOf } from './row-columns.ts'
import type { RowPlace } from './fields.ts'
import { copied } from './join.ts'
import type { Mapping, TextSource } from './mapping.ts'
import { SpanTable } from './span-table.ts'

/** Adds the rows of a file to a trace. */
export interface RowReader {
  onHeader?(names: readonly string[]): void
  /** The rows of another file follow. */
  beginFile?(): void
  onRow(place: RowPlace): void
  /** All rows of the file were read; gives the further files that were read with it. */
  endFile?(path: string): Promise<readonly SourceFile[]>
  /** Ends the trace. */
  build(files: readonly SourceFile[]): Trace
}

/** What every row reader works with. */
export interface ReaderParts {
  readonly mapping: Mapping
  readonly columns: Columns
  readonly defects: DefectLog
  readonly source: { readonly id: string; readonly format: string }
  /** Of what is read, for complaints. */
  readonly where: string
  readonly origin: ReadOptions['origin']
}

/** Finds the row of a function by the texts that a mapping gives, each looked at once. */
export class MappedFunctions {
  private readonly rows = new Map<string, Map<string, number>>()
  /** The same by the bytes that the texts are made of, which are looked at where a file gives them. */
  private readonly byBytes: SpanTable
  private readonly builder: TraceBuilder
  private readonly app: () => string
  private readonly fn: (() => string) | undefined

  constructor(builder: TraceBuilder, { mapping, columns }: Pick<ReaderParts, 'mapping' | 'columns'>) {
    this.builder = builder
    this.app = getterOf(mapping.app, columns)
    this.fn = mapping.function === undefined ? undefined : getterOf(mapping.function, columns)
    const sources = [mapping.app, ...(mapping.function === undefined ? [] : [mapping.function])]
    this.byBytes = new SpanTable(columns, [...new Set(sources.flatMap((source) => slotsOf(source, columns)))])
  }

  /** The function of the row at hand. */
  row(place: RowPlace): number {
    const { byBytes } = this
    if (!byBytes.isReady) return this.rowByTexts(place)
    const known = byBytes.find()
    if (known >= 0) return known
    const row = this.rowByTexts(place)
    byBytes.add(row)
    return row
  }

  private rowByTexts(place: RowPlace): number {
    const app = this.app()
    const fn = this.fn === undefined ? app : this.fn()
    const found = this.rows.get(app)?.get(fn)
    return found ?? this.add(app, fn, place)
  }

  private add(app: string, fn: string, place: RowPlace): number {
    if (app === '' || fn === '') {
      const problem = `${app === '' ? 'app' : 'function'} must be a name, found ""`
      throw new UserError({ where: placeOf(place.path, place.line), problem })
    }
    // Copies: a piece of the file's text would keep all of it alive.
    const names = [copied(app), copied(fn)] as const
    const row = this.builder.functionRow('', ...names)
    const ofApp = this.rows.get(app) ?? new Map<string, number>()
    if (ofApp.size === 0) this.rows.set(names[0], ofApp)
    ofApp.set(names[1], row)
    return row
  }
}

/** Reads the moment of the row at hand in ms; the first one decides what an `auto` unit is. */
export function momentReader({
  mapping,
  columns,
}: Pick<ReaderParts, 'mapping' | 'columns'>): (place: RowPlace) => number {
  const moment = mapping.start ?? mapping.end
  const name = mapping.start === undefined ? 'end' : 'start'
  if (moment === undefined) throw new Error('a mapping has a start or an end')
  const { from, match } = moment
  const zone = mapping.zone ?? 'UTC'
  const source: TextSource = match === undefined ? { from } : { from, match }
  const get = getterOf(source, columns)
  const slot = slotOf(source, columns)
  const column = columnsOf(source).join(', ')
  let clock: MomentReader | undefined = clockOf(moment, zone)
  return (place) => {
    if (slot !== undefined && clock?.ofNumber !== undefined) {
      const value = columns.decimal(slot)
      const plain = value === undefined ? Number.NaN : clock.ofNumber(value)
      if (Math.abs(plain) <= MOST_MS) return plain
    }
    const text = get()
    if (clock === undefined) {
      const guessed = guessedClock(text, zone)
      if (typeof guessed !== 'function') {
        const where = `${placeOf(place.path, place.line)}: ${column}`
        throw new UserError({ where, problem: `${name}: ${guessed.problem}`, hint: guessed.hint })
      }
      clock = guessed
    }
    const ms = clock(text)
    if (ms !== undefined && Math.abs(ms) <= MOST_MS) return ms
    const where = `${placeOf(place.path, place.line)}: ${column}`
    throw new UserError({ where, problem: `${name} must be a time as the mapping says, found ${shown(text)}` })
  }
}

const MOST_MS = 2 ** 52
