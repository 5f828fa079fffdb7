import { basename } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { midnightBefore } from '../../core/time-zone.ts'
import { DAY } from '../../core/units.ts'
import { TraceBuilder } from '../build/builder.ts'
import { epochUnitOf } from '../build/event-time.ts'
import type { SourceFile } from '../build/join-report.ts'
import { LARGEST_COUNT } from '../table/count-row.ts'
import { parseDecimal } from '../table/decimal.ts'
import { placeOf, shown } from '../table/place.ts'
import type { Trace } from '../trace.ts'
import { type CountTable, readBeside, type Take } from './beside.ts'
import { columnsOf, getterOf } from './row-columns.ts'
import { GrowingCounts } from './growing-counts.ts'
import { memoryAmount, type RowPlace, timeAmount } from './fields.ts'
import type { Counts } from './mapping.ts'
import { MappedFunctions, momentReader, type ReaderParts, type RowReader } from './row-reader.ts'

/** Buckets are held as offsets from the first one seen plus this, so that earlier ones have room below. */
const MIDDLE = 2 ** 31

/** Rows of counts per bucket of time. */
export class CountReader implements RowReader {
  private readonly parts: ReaderParts
  private readonly counts: Counts
  private readonly builder: TraceBuilder
  private readonly functions: MappedFunctions
  private readonly moment: ((place: RowPlace) => number) | undefined
  private readonly columnSlot: number
  private readonly value: (() => string) | undefined
  private readonly addFacts: (fn: number, place: RowPlace) => void
  /** Of a table whose columns are functions or buckets: the slot of each. */
  private cells: { readonly name: string; readonly slot: number }[] = []
  /** The bucket, counted from the source's own 0, that MIDDLE stands for. */
  private base: number | undefined
  private readonly seen = new Set<number>()
  private readonly growing = new GrowingCounts()
  /** Functions of columns, whose facts their names tell once. */
  private readonly known = new Set<number>()
  private first = Number.POSITIVE_INFINITY
  private last = Number.NEGATIVE_INFINITY
  private firstMs = Number.POSITIVE_INFINITY
  /** Layout `rows`: the bucket that the columns of the file at hand begin with, and how many there are. */
  private fileStart = 0
  private fileBuckets = 0
  /** Layout `columns` with tables beside it: of the file at hand, the function of each column, and its counts by bucket. */
  private readonly besideFunctions = new Map<string, number>()
  private readonly besideCounts = new Map<number, Map<number, number>>()

  constructor(parts: ReaderParts, counts: Counts) {
    const { columns, mapping, source } = parts
    this.parts = parts
    this.counts = counts
    this.builder = new TraceBuilder(source, counts.bucketMs)
    this.functions = new MappedFunctions(this.builder, parts)
    this.moment = counts.layout === 'rows' || counts.layout === 'series' ? undefined : momentReader(parts)
    this.columnSlot = columns.slot('column')
    this.value = counts.value === undefined ? undefined : getterOf({ from: counts.value }, columns)
    const duration = mapping.duration === undefined ? undefined : timeAmount('duration', mapping.duration, columns)
    const memory = mapping.memory === undefined ? undefined : memoryAmount('memory', mapping.memory, columns)
    this.addFacts = (fn, place) => {
      const ms = duration?.(place)
      if (ms !== undefined) this.builder.addDuration(fn, ms, 1)
      const mb = memory?.(place)
      const { rows } = this.builder
      if (mb !== undefined && mb > 0) this.builder.addMemory(...rows.ownerAndApp(rows.appOf.at(fn)), mb, 1)
    }
  }

  beginFile(): void {
    this.fileStart += this.fileBuckets
    this.fileBuckets = 0
    this.cells = []
    this.besideFunctions.clear()
    this.besideCounts.clear()
  }

  async endFile(path: string): Promise<readonly SourceFile[]> {
    const { beside = {} } = this.counts
    const { mapping, defects } = this.parts
    const { builder } = this
    const counts: CountTable = {
      functions: this.besideFunctions,
      countOf: (fn, ms) => this.besideCounts.get(Math.floor(ms / this.counts.bucketMs))?.get(fn) ?? 0,
    }
    const takes = {
      duration: (fn, mean, weight) => builder.addDuration(fn, mean, weight),
      memory: (fn, mean, weight) =>
        builder.addMemory(...builder.rows.ownerAndApp(builder.rows.appOf.at(fn)), mean, weight),
    } satisfies Record<string, Take>
    const files: SourceFile[] = []
    for (const what of ['duration', 'memory'] as const) {
      const table = beside[what]
      if (table === undefined) continue
      const read = { what, table, mapping, byCount: what === 'duration' }
      const file = await readBeside(path, read, counts, takes[what])
      if (file === undefined) defects.note('beside-missing', () => `${basename(path)}: ${what}`)
      else files.push(file)
    }
    return files
  }

  onHeader(names: readonly string[]): void {
    const { columns, mapping } = this.parts
    const { layout, except = [], first = 1 } = this.counts
    if (layout === 'rows') {
      this.cells = names.slice(first - 1).map((name, index) => ({ name, slot: columns.slot(first + index) }))
      this.fileBuckets = this.cells.length
    }
    if (layout !== 'columns') return
    const moment = mapping.start ?? mapping.end
    const own = new Set<string | number>([...except, ...(moment === undefined ? [] : columnsOf({ from: moment.from }))])
    this.cells = names.flatMap((name, index) =>
      own.has(name) || own.has(index + 1) ? [] : [{ name, slot: columns.slot(index + 1) }],
    )
  }

  onRow(place: RowPlace): void {
    const { layout } = this.counts
    if (layout === 'columns') return this.takeColumns(place)
    const fn = this.functions.row(place)
    this.addFacts(fn, place)
    if (layout === 'rows') return this.takeRow(fn, place)
    if (layout === 'series') return this.takeSeries(fn, place)
    const bucket = this.bucketOf(this.moment!(place))
    const text = this.value!()
    this.add(fn, bucket, parseDecimal(text), () => text, place)
  }

  private takeColumns(place: RowPlace): void {
    const { columns } = this.parts
    const bucket = this.bucketOf(this.moment!(place))
    this.seen.add(bucket)
    for (const { name, slot } of this.cells) {
      columns.set(this.columnSlot, name)
      const fn = this.functions.row(place)
      if (!this.known.has(fn)) {
        this.known.add(fn)
        this.addFacts(fn, place)
      }
      if (columns.isEmpty(slot)) {
        this.growing.take(fn, 0)
        continue
      }
      const count = this.add(fn, bucket, columns.decimal(slot), () => columns.text(slot), place)
      if (this.counts.beside !== undefined) this.note(name, fn, bucket, count)
    }
  }

  /** Keeps a count for the tables beside this one. */
  private note(name: string, fn: number, bucket: number, count: number): void {
    const own = bucket - MIDDLE + this.base!
    this.besideFunctions.set(name, fn)
    const counts = this.besideCounts.get(own) ?? new Map<number, number>()
    if (counts.size === 0) this.besideCounts.set(own, counts)
    counts.set(fn, (counts.get(fn) ?? 0) + count)
  }

  private takeRow(fn: number, place: RowPlace): void {
    const { columns } = this.parts
    const { bucketMs } = this.counts
    this.cells.forEach(({ slot }, index) => {
      const bucket = this.bucketOf((this.fileStart + index) * bucketMs)
      if (!columns.isEmpty(slot)) this.add(fn, bucket, columns.decimal(slot), () => columns.text(slot), place)
    })
  }

  private takeSeries(fn: number, place: RowPlace): void {
    const text = this.value!()
    let pairs: unknown
    try {
      pairs = JSON.parse(text)
    } catch {
      pairs = undefined
    }
    if (!Array.isArray(pairs)) {
      const problem = `a list of pairs of a time and a count was expected, found ${shown(text)}`
      throw new UserError({ where: placeOf(place.path, place.line), problem })
    }
    for (const pair of pairs as unknown[]) {
      const [seconds, count] = Array.isArray(pair) ? (pair as unknown[]) : []
      if (typeof seconds !== 'number')
        throw new UserError({
          where: placeOf(place.path, place.line),
          problem: `a time in seconds was expected, found ${shown(JSON.stringify(pair) ?? '')}`,
        })
      const bucket = this.bucketOf(Math.round(seconds * 1000))
      this.seen.add(bucket)
      this.add(fn, bucket, parseDecimal(String(count)), () => String(count), place)
    }
  }

  private bucketOf(ms: number): number {
    const own = Math.floor(ms / this.counts.bucketMs)
    this.base ??= own
    const bucket = own - this.base + MIDDLE
    if (bucket < 0 || bucket >= 2 ** 32) {
      throw new UserError({ where: this.parts.where, problem: `its times lie more than ${MIDDLE} buckets apart` })
    }
    if (bucket < this.first) this.first = bucket
    if (bucket > this.last) this.last = bucket
    if (ms < this.firstMs) this.firstMs = ms
    return bucket
  }

  private add(fn: number, bucket: number, value: number | undefined, text: () => string, place: RowPlace): number {
    this.growing.take(fn, value ?? 0)
    if (value === 0) return 0
    if (value === undefined || value < 0 || value > LARGEST_COUNT) {
      const problem = `a count must be a number from 0 to ${LARGEST_COUNT}, found ${shown(text())}`
      throw new UserError({ where: placeOf(place.path, place.line), problem })
    }
    const count = Math.round(value)
    if (count !== value) this.parts.defects.note('count-rounded', () => `${basename(place.path)}:${place.line}`)
    this.builder.addCount(fn, bucket, count)
    return count
  }

  build(files: readonly SourceFile[]): Trace {
    const { builder, counts, last } = this
    const { defects, mapping, where } = this.parts
    const { bucketMs } = counts
    if (this.base === undefined || builder.rows.count === 0) throw new UserError({ where, problem: 'it has no counts' })
    if (builder.cells.runs === 0) throw new UserError({ where, problem: 'every count in it is 0' })
    for (const fn of this.growing.found()) defects.note('count-growing', () => builder.rows.fullNameOf(fn))
    const shift = this.base - MIDDLE
    const isCalendar = epochUnitOf(this.firstMs) === 'ms'
    const origin = this.parts.origin ?? (isCalendar || this.firstMs < 0 ? 'first' : 'zero')
    const { zone = 'UTC' } = mapping
    // Without a calendar, days begin where the time does.
    const midnight = midnightBefore(isCalendar ? zone : 'UTC')
    const zero =
      origin === 'first'
        ? this.first
        : origin === 'midnight'
          ? Math.floor(midnight(this.firstMs) / bucketMs) - shift
          : -shift
    const closed = this.closedGaps()
    const placeOf = (bucket: number): number =>
      bucket - zero - (closed.findLast(({ from }) => bucket >= from)?.buckets ?? 0)
    if (isCalendar) defects.note('time-epoch', () => new Date(this.firstMs).toISOString(), this.seen.size || 1)
    const horizonMs = (placeOf(last) + 1) * bucketMs
    const startsAtMs = (zero + shift) * bucketMs
    const calendar = { startsAtMs, ...(zone === 'UTC' ? {} : { zone }) }
    const time = isCalendar ? { placeOf, ...calendar } : { placeOf }
    return builder.build(horizonMs, { files, defects: defects.lines() }, time)
  }

  /** Notes gaps; gives those that are closed: from which bucket on how many buckets are taken out, added up. */
  private closedGaps(): readonly { readonly from: number; readonly buckets: number }[] {
    const { defects } = this.parts
    const { bucketMs, gaps = 'keep' } = this.counts
    const closed: { from: number; buckets: number }[] = []
    const buckets = [...this.seen].sort((a, b) => a - b)
    let out = 0
    buckets.forEach((bucket, index) => {
      const missing = index === 0 ? 0 : bucket - buckets[index - 1]! - 1
      if (missing === 0) return
      const days = gaps === 'close' ? Math.floor((missing * bucketMs) / DAY) : 0
      const example = (): string => `${missing} after bucket ${buckets[index - 1]! - buckets[0]!}`
      if (days > 0) {
        out += Math.round((days * DAY) / bucketMs)
        closed.push({ from: bucket, buckets: out })
        defects.note('gap-closed', example, days)
      }
      const left = missing - Math.round((days * DAY) / bucketMs)
      if (left > 0) defects.note('bucket-missing', example, left)
    })
    return closed
  }
}
