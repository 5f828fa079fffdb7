import { type Calendar, calendarOf } from '../../core/calendar.ts'
import { UserError } from '../../core/user-error.ts'
import { MINUTE } from '../../core/units.ts'
import { CellLog } from './cell-log.ts'
import { countColumns } from '../table/count-columns.ts'
import { EventLog } from './event-log.ts'
import { FunctionRows } from './function-rows.ts'
import type { JoinReport } from './join-report.ts'
import { lostLetters } from './lost-letters.ts'
import { appTable, functionTable, type Measured, offersOf, type RowOrder, rowOrder } from './app-tables.ts'
import type { CountColumns, EventColumns, Trace, Trigger } from '../trace.ts'
import { withDigest } from '../trace-parts.ts'
import { TriggerChoice } from './trigger-choice.ts'
import { WeightedMeans } from './weighted-means.ts'

/** Where a trace's time lies. */
export interface TraceTime extends Calendar {
  /** The time, as events were added, that is the trace's time 0. */
  readonly zeroMs?: number
  /** The trace's bucket that a bucket of counts becomes, as counts were added; the order of buckets stays. */
  readonly placeOf?: (bucket: number) => number
}

/**
 * Gathers rows in any order and gives a {@link Trace} in canonical order (apps by name, functions by name within the
 * app), so that the order of a file's rows changes no bit of it. A builder holds counts or events, not both.
 */
export class TraceBuilder {
  /** The apps and functions mentioned so far. */
  readonly rows = new FunctionRows()
  /** The counts added so far; readers of whole rows of counts append to it directly. */
  readonly cells = new CellLog((row) => this.rows.initialOf(row))
  readonly triggers = new TriggerChoice()
  private readonly source: { readonly id: string; readonly format: string }
  /** Width of a bucket of counts in ms. */
  private readonly bucketMs: number
  private readonly events = new EventLog()
  private readonly durations = new WeightedMeans()
  private readonly memory = new WeightedMeans()
  private readonly coldStarts = new WeightedMeans()

  /** `bucketMs` is the width of the buckets that counts are of, in whole ms. */
  constructor(source: { readonly id: string; readonly format: string }, bucketMs = MINUTE) {
    this.source = source
    this.bucketMs = bucketMs
  }

  /** The row of a function, made at its first mention. `owner` may be empty. */
  functionRow(owner: string, app: string, fn: string): number {
    return this.rows.fn(owner, app, fn)
  }

  /**
   * A function was seen with a trigger, at a time in any unit (a day, say). Of several the one seen latest is kept; a
   * real one wins over `others` and `unknown`.
   */
  setTrigger(row: number, trigger: Trigger, time = 0): void {
    this.triggers.offer(row, trigger, time)
  }

  /** Adds invocations in a bucket (a minute, by default) since the trace began; cells of a row may come in any order, and add up. */
  addCount(row: number, minute: number, count: number): void {
    if (count > 0) this.cells.add(row, minute, count)
  }

  /**
   * Adds an execution; whole milliseconds since the trace began, or since any moment that {@link build} is told. A
   * function's mean duration is then that of its events.
   */
  addEvent(row: number, startMs: number, durationMs: number): void {
    this.events.add(row, startMs, durationMs)
  }

  /** What was seen of the execution added last: one of `START`, and the name of the instance, empty where it is not known. */
  measure(start: number, instance: string): void {
    this.events.measure(start, instance)
  }

  /** How many executions were added. */
  get eventCount(): number {
    return this.events.length
  }

  /** A function's mean duration, with its weight (above 0) among several (days). */
  addDuration(row: number, meanMs: number, weight: number): void {
    this.durations.add(row, meanMs, weight)
  }

  /** An app's mean memory, with its weight (above 0) among several. An app without functions is left out in the end. */
  addMemory(owner: string, app: string, mb: number, weight: number): void {
    this.memory.add(this.rows.app(owner, app), mb, weight)
  }

  /** A measured loading time of a function's app; an app's is the mean of all given. */
  addColdStart(row: number, ms: number): void {
    this.coldStarts.add(this.rows.appOf.at(row), ms, 1)
  }

  /** Whether a function has a mean duration. */
  hasDuration(row: number): boolean {
    return this.durations.has(row)
  }

  /** Whether an app, by its own row number, has a measured loading time. */
  hasColdStart(appRow: number): boolean {
    return this.coldStarts.has(appRow)
  }

  /** Whether an app, by its own row number, has memory. */
  hasMemory(appRow: number): boolean {
    return this.memory.has(appRow)
  }

  /**
   * The trace of all that was added. `horizonMs` is its end; no event may finish and no counted bucket end later. Events
   * that were added with other times than those of the trace have `zeroMs` at its time 0.
   */
  build(horizonMs: number, join: JoinReport, time: TraceTime = {}): Trace {
    return withDigest(this.content(horizonMs, join, time))
  }

  /** The same without its digest. */
  content(
    horizonMs: number,
    join: JoinReport,
    { zeroMs = 0, placeOf, ...calendar }: TraceTime = {},
  ): Omit<Trace, 'digest'> {
    if (this.cells.runs > 0 && this.events.length > 0) throw new Error('a trace holds counts or events, not both')
    const { rows } = this
    const order = rowOrder(rows)
    const measured = this.measured()
    const functions = functionTable(rows, order, measured)
    const arrivals = this.arrivals(order, functions.app, { zeroMs, placeOf })
    const offers = offersOf(order, measured)
    if (arrivals.kind === 'events') offers.push('arrivalTime')
    if (arrivals.kind === 'events' && arrivals.measured !== undefined) offers.push('measured')
    const invocations = invocationsOf(arrivals)
    if (!Number.isSafeInteger(invocations)) {
      throw new UserError({
        where: this.source.id,
        problem: `${invocations} invocations are too many to count exactly`,
      })
    }
    const apps = appTable(rows, order, measured)
    return {
      ...this.source,
      offers,
      ...calendarOf(calendar),
      horizonMs,
      invocations,
      apps,
      functions,
      arrivals,
      join: { ...join, defects: [...join.defects, ...lostLetters(rows.count, (row) => rows.fullNameOf(row))] },
    }
  }

  private measured(): Measured {
    const { rows, events } = this
    return {
      memoryMb: this.memory.means(rows.appCount),
      coldStartMs: this.coldStarts.means(rows.appCount),
      durationMs: events.length > 0 ? events.meanDurations(rows.count) : this.durations.means(rows.count),
      triggerOf: (row) => this.triggers.chosen(row),
    }
  }

  private arrivals(
    order: RowOrder,
    appOf: Uint32Array,
    { zeroMs, placeOf: bucketOf }: { readonly zeroMs: number; readonly placeOf: TraceTime['placeOf'] },
  ): CountColumns | EventColumns {
    const { rows, events, bucketMs } = this
    if (events.length === 0) {
      const nameOf = (row: number): string => rows.fullNameOf(row)
      return countColumns(this.cells, order.functions, { bucketMs, nameOf, placeOf: bucketOf })
    }
    const placeOf = new Uint32Array(rows.count)
    order.functions.forEach((row, place) => {
      placeOf[row] = place
    })
    return events.columns(placeOf, appOf, { apps: order.apps.length, zeroMs })
  }
}

function invocationsOf(arrivals: CountColumns | EventColumns): number {
  if (arrivals.kind === 'events') return arrivals.fn.length
  let sum = 0
  for (const each of arrivals.invocations) sum += each
  return sum
}
