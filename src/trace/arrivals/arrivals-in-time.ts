import { grown } from '../../core/column.ts'
import { MINUTE } from '../../core/units.ts'
import { ArrivalBlock } from './arrival-block.ts'
import { CellReader } from './cell-reader.ts'
import { OffsetSorter } from './offset-sorter.ts'
import { CellCursors, NO_BUCKET } from '../cells/cell-cursors.ts'
import type { MinuteSpread } from './spread.ts'
import type { CountColumns, EventColumns, Trace } from '../trace.ts'

/** The arrivals of all apps in time order, one minute (or one bucket of a trace of counts) a block; at equal times apps stand in the order of their rows. */
export interface ArrivalsInTime {
  /** What the latest `next` filled. */
  readonly block: ArrivalBlock
  /** Fills the block with the arrivals of the next minute or bucket that has any and gives their number, which may be 0; -1 after the last. */
  next(): number
}

/** Opens a trace's arrivals in time order: app for app the same ones as `arrivalsByApp` gives. */
export function arrivalsInTime(trace: Trace, spread: MinuteSpread | 'minute', seed: number): ArrivalsInTime {
  const { arrivals } = trace
  if (arrivals.kind === 'events') return new EventsInTime(trace, arrivals)
  if (spread === 'minute') return new MinutesInTime(trace, arrivals)
  return new CountsInTime(trace, arrivals, spread, seed)
}

class EventsInTime implements ArrivalsInTime {
  readonly block = new ArrivalBlock()
  private readonly columns: EventColumns
  private readonly cursor: Float64Array
  /** Of the minute's events, when they come in it and their places among those that were found. */
  private readonly sorter = new OffsetSorter()
  private readonly minutes: number
  private minute = 0
  /** When the first event is that was not gathered yet. */
  private nextMs = 0
  /** The minute's events as they are found, app by app: their rows and apps. */
  private rows = new Float64Array(1024)
  private apps = new Uint32Array(1024)

  constructor(trace: Trace, columns: EventColumns) {
    this.columns = columns
    this.cursor = columns.firstEvent.slice(0, trace.apps.count)
    this.minutes = Math.floor(trace.horizonMs / MINUTE) + 1
  }

  next(): number {
    if (this.minute >= this.minutes) return -1
    const length = this.gather(this.minute * MINUTE)
    // Minutes without an arrival are passed over, of which a trace of few rows may have any number.
    this.minute = Math.max(this.minute + 1, Math.floor(this.nextMs / MINUTE))
    this.sorter.sort(length, MINUTE, true)
    this.fill(length)
    return length
  }

  /** Finds the events of the minute that begins at `startMs`; gives their number. */
  private gather(startMs: number): number {
    const { columns, cursor, sorter } = this
    let length = 0
    let nextMs = Number.POSITIVE_INFINITY
    for (let app = 0; app < cursor.length; app += 1) {
      const end = columns.firstEvent[app + 1]!
      let row = cursor[app]!
      for (; row < end && columns.startMs[row]! < startMs + MINUTE; row += 1) {
        if (length === this.rows.length) this.grow()
        this.rows[length] = row
        this.apps[length] = app
        sorter.offsets[length] = columns.startMs[row]! - startMs
        sorter.tags[length] = length
        length += 1
      }
      cursor[app] = row
      if (row < end && columns.startMs[row]! < nextMs) nextMs = columns.startMs[row]!
    }
    this.nextMs = nextMs
    return length
  }

  private fill(length: number): void {
    const { block, columns, sorter } = this
    block.reserve(length)
    block.length = length
    for (let to = 0; to < length; to += 1) {
      const place = sorter.tags[to]!
      const row = this.rows[place]!
      block.app[to] = this.apps[place]!
      block.timeMs[to] = columns.startMs[row]!
      block.durationMs[to] = columns.durationMs[row]!
      block.fn[to] = columns.fn[row]!
      block.count[to] = 1
    }
  }

  private grow(): void {
    const room = 2 * this.rows.length
    this.rows = grown(this.rows, room)
    this.apps = grown(this.apps, room)
    this.sorter.reserve(room)
  }
}

/** The cells of one minute after the other, over all functions. */
class CellsInTime {
  minute = -1
  private nextMinute = 0
  readonly minutes: number
  private readonly cursors: CellCursors

  constructor(trace: Trace, columns: CountColumns) {
    this.cursors = new CellCursors(columns, trace)
    this.minutes = Math.ceil(trace.horizonMs / columns.bucketMs)
  }

  /** Calls `each` for the functions invoked in the next minute that has any, in the order of their rows; false after the last. */
  next(each: (fn: number, count: number) => void): boolean {
    const { cursors } = this
    const { upcoming } = cursors
    const minute = this.nextMinute
    if (minute >= this.minutes) return false
    this.minute = minute
    let next = NO_BUCKET
    for (let fn = 0; fn < upcoming.length; fn += 1) {
      if (upcoming[fn] === minute) {
        each(fn, cursors.count(fn))
        cursors.advance(fn)
      }
      if (upcoming[fn]! < next) next = upcoming[fn]!
    }
    // Minutes without a cell are passed over.
    this.nextMinute = next
    return true
  }
}

class MinutesInTime implements ArrivalsInTime {
  readonly block = new ArrivalBlock()
  private readonly trace: Trace
  private readonly columns: CountColumns
  private readonly cells: CellsInTime
  /** Invocations x ms of the arrival being gathered. */
  private work = 0

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.cells = new CellsInTime(trace, columns)
  }

  next(): number {
    this.block.length = 0
    const isOver = !this.cells.next((fn, count) => this.add(fn, count))
    this.endArrival()
    return isOver ? -1 : this.block.length
  }

  private add(fn: number, count: number): void {
    const { block, columns, trace } = this
    const app = trace.functions.app[fn]!
    const latest = block.length - 1
    if (latest >= 0 && block.app[latest] === app) {
      block.count[latest]! += count
      this.work += count * trace.functions.durationMs[fn]!
      return
    }
    this.endArrival()
    const row = latest + 1
    block.reserve(row + 1)
    block.app[row] = app
    block.timeMs[row] = this.cells.minute * columns.bucketMs
    block.fn[row] = fn
    block.count[row] = count
    block.length = row + 1
    this.work = count * trace.functions.durationMs[fn]!
  }

  private endArrival(): void {
    const row = this.block.length - 1
    if (row >= 0) this.block.durationMs[row] = Math.round(this.work / this.block.count[row]!)
  }
}

class CountsInTime implements ArrivalsInTime {
  readonly block = new ArrivalBlock()
  private readonly cells: CellsInTime
  private readonly reader: CellReader
  /** The app of each function. */
  private readonly apps: Uint32Array

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.cells = new CellsInTime(trace, columns)
    this.reader = new CellReader(trace, columns, spread, seed)
    this.apps = trace.functions.app
  }

  next(): number {
    const { block, cells, reader } = this
    block.length = 0
    if (!cells.next((fn, count) => reader.gather(fn, cells.minute, count))) return -1
    reader.release(block, cells.minute)
    for (let row = 0; row < block.length; row += 1) block.app[row] = this.apps[block.fn[row]!]!
    return block.length
  }
}
