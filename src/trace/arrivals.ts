import { MINUTE } from '../core/units.ts'
import { ArrivalBlock } from './arrival-block.ts'
import { CellReader } from './cell-reader.ts'
import type { MinuteSpread } from './spread.ts'
import type { CountColumns, EventColumns, Trace } from './trace.ts'

/** A block is handed over once it holds this many arrivals. */
const BLOCK = 4096

/** The arrivals of one app after the other, in time order, block by block. Hot: measured by bench/arrivals.ts. */
export interface AppArrivals {
  /** What the latest `next` filled; its `app` column is left alone. */
  readonly block: ArrivalBlock
  open(app: number): void
  /** Fills the block with the app's next arrivals and gives their number; 0 when there are no more. */
  next(): number
}

/** Opens a trace's arrivals app by app. `spread` matters to minute counts only. */
export function arrivalsByApp(trace: Trace, spread: MinuteSpread | 'minute', seed: number): AppArrivals {
  const { arrivals } = trace
  if (arrivals.kind === 'events') return new EventsByApp(arrivals)
  if (spread === 'minute') return new MinutesByApp(trace, arrivals)
  return new CountsByApp(trace, arrivals, spread, seed)
}

class EventsByApp implements AppArrivals {
  readonly block = new ArrivalBlock()
  private readonly columns: EventColumns
  private row = 0
  private end = 0

  constructor(columns: EventColumns) {
    this.columns = columns
    this.block.reserve(BLOCK)
    this.block.count.fill(1)
  }

  open(app: number): void {
    this.row = this.columns.firstEvent[app]!
    this.end = this.columns.firstEvent[app + 1]!
  }

  next(): number {
    const { block, columns, row } = this
    const until = Math.min(this.end, row + BLOCK)
    for (let from = row, to = 0; from < until; from += 1, to += 1) {
      block.timeMs[to] = columns.startMs[from]!
      block.durationMs[to] = columns.durationMs[from]!
      block.fn[to] = columns.fn[from]!
    }
    this.row = until
    block.length = until - row
    return block.length
  }
}

/** Finds the minutes of an app in which any of its functions was invoked, in time order. */
class AppMinutes {
  /** Next cell per function of the app, and where each function's cells end. */
  readonly cursor: Float64Array
  readonly end: Float64Array
  from = 0
  to = 0
  private readonly trace: Trace
  private readonly columns: CountColumns

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.cursor = columns.firstCell.slice(0, trace.functions.count)
    this.end = columns.firstCell.slice(1)
  }

  open(app: number): void {
    this.from = this.trace.apps.firstFunction[app]!
    this.to = this.trace.apps.firstFunction[app + 1]!
    for (let fn = this.from; fn < this.to; fn += 1) this.cursor[fn] = this.columns.firstCell[fn]!
  }

  /** The app's next minute with invocations; Infinity when there is none. */
  next(): number {
    const { cursor, end, from, to } = this
    const { minute } = this.columns
    let soonest = Number.POSITIVE_INFINITY
    for (let fn = from; fn < to; fn += 1) {
      const cell = cursor[fn]!
      if (cell < end[fn]! && minute[cell]! < soonest) soonest = minute[cell]!
    }
    return soonest
  }

  /** Steps over the cell of the first function, from `fn` on, that was invoked in the minute; gives it, or `to`. */
  take(minute: number, fn: number): number {
    const { cursor, end, to } = this
    for (; fn < to; fn += 1) {
      const cell = cursor[fn]!
      if (cell >= end[fn]! || this.columns.minute[cell] !== minute) continue
      cursor[fn] = cell + 1
      return fn
    }
    return to
  }
}

/** Spread `minute`: the app's cell is one arrival that carries its count. It is heard as its first function's. */
class MinutesByApp implements AppArrivals {
  readonly block = new ArrivalBlock()
  private readonly columns: CountColumns
  private readonly durations: Float64Array
  private readonly minutes: AppMinutes

  constructor(trace: Trace, columns: CountColumns) {
    this.columns = columns
    this.durations = trace.functions.durationMs
    this.minutes = new AppMinutes(trace, columns)
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    this.minutes.open(app)
  }

  next(): number {
    const { block, minutes } = this
    block.length = 0
    if (minutes.to - minutes.from === 1) this.fillFromOne(minutes.from)
    else while (block.length < BLOCK && this.merge(minutes.next())) continue
    return block.length
  }

  private fillFromOne(fn: number): void {
    const { block, columns, minutes } = this
    const cell = minutes.cursor[fn]!
    const until = Math.min(minutes.end[fn]!, cell + BLOCK)
    const length = until - cell
    for (let from = cell, to = 0; from < until; from += 1, to += 1) {
      block.timeMs[to] = columns.minute[from]! * MINUTE
      block.count[to] = columns.count[from]!
    }
    block.fn.fill(fn, 0, length)
    block.durationMs.fill(this.durations[fn]!, 0, length)
    minutes.cursor[fn] = until
    block.length = length
  }

  private merge(soonest: number): boolean {
    if (soonest === Number.POSITIVE_INFINITY) return false
    const { block, columns, minutes } = this
    let invocations = 0
    let work = 0
    let firstFunction = -1
    for (let fn = minutes.take(soonest, minutes.from); fn < minutes.to; fn = minutes.take(soonest, fn + 1)) {
      const count = columns.count[minutes.cursor[fn]! - 1]!
      if (firstFunction < 0) firstFunction = fn
      invocations += count
      work += count * this.durations[fn]!
    }
    const row = block.length
    block.timeMs[row] = soonest * MINUTE
    block.count[row] = invocations
    block.fn[row] = firstFunction
    block.durationMs[row] = Math.round(work / invocations)
    block.length = row + 1
    return true
  }
}

/** Every other spread: each invocation of a cell is an arrival of its own. */
class CountsByApp implements AppArrivals {
  readonly block = new ArrivalBlock()
  private readonly minutes: AppMinutes
  private readonly cells: CellReader
  /** Rows of the block that already hold the only function of the app. */
  private filled = 0

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.minutes = new AppMinutes(trace, columns)
    this.cells = new CellReader(trace, columns, spread, seed)
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    this.filled = 0
    this.minutes.open(app)
  }

  next(): number {
    const { block, cells, minutes } = this
    block.length = 0
    if (minutes.to - minutes.from === 1) {
      this.fillFromOne(minutes.from)
      return block.length
    }
    while (block.length < BLOCK) {
      const minute = minutes.next()
      if (minute === Number.POSITIVE_INFINITY) break
      for (let fn = minutes.take(minute, minutes.from); fn < minutes.to; fn = minutes.take(minute, fn + 1)) {
        cells.gather(fn, minutes.cursor[fn]! - 1)
      }
      cells.release(block, minute)
    }
    return block.length
  }

  private fillFromOne(fn: number): void {
    const { block, cells, minutes } = this
    const end = minutes.end[fn]!
    let cell = minutes.cursor[fn]!
    while (cell < end && block.length < BLOCK) {
      cells.appendTimes(block, fn, cell)
      cell += 1
    }
    minutes.cursor[fn] = cell
    // The other columns are the same in all of this app's blocks.
    if (block.length <= this.filled) return
    cells.fill(block, fn, this.filled)
    this.filled = block.length
  }
}
