import { AppCells, NO_LINK } from './app-cells.ts'
import { UnpackedCells } from '../cells/unpacked-cells.ts'
import { AppMinuteCounts } from './app-minute-counts.ts'
import { ArrivalBlock } from './arrival-block.ts'
import { CellReader } from './cell-reader.ts'
import type { MinuteSpread } from './spread.ts'
import type { CountColumns, EventColumns, Trace } from '../trace.ts'

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

/** Spread `minute`: the app's cell is one arrival that carries its count. It is heard as its first function's. */
class MinutesByApp implements AppArrivals {
  readonly block = new ArrivalBlock()
  private readonly trace: Trace
  private readonly columns: CountColumns
  private readonly minutes: AppMinuteCounts
  /** The app's only function and the next of its cells; -1 for an app of several. */
  private fn = -1
  private readonly cells: UnpackedCells
  private cell = 0
  private end = 0

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.minutes = new AppMinuteCounts(columns, trace)
    this.cells = new UnpackedCells(columns, trace)
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    const { firstFunction } = this.trace.apps
    const from = firstFunction[app]!
    const to = firstFunction[app + 1]!
    this.fn = to - from === 1 ? from : -1
    if (this.fn < 0) this.minutes.add(from, to)
    else {
      this.cell = 0
      this.end = this.cells.open(from)
    }
  }

  next(): number {
    this.block.length = this.fn < 0 ? this.fillFromMinutes() : this.fillFromCells(this.fn)
    return this.block.length
  }

  private fillFromCells(fn: number): number {
    const { block, cell } = this
    const { minute, count } = this.cells
    const { bucketMs } = this.columns
    const until = Math.min(this.end, cell + BLOCK)
    for (let from = cell, to = 0; from < until; from += 1, to += 1) {
      block.timeMs[to] = minute[from]! * bucketMs
      block.count[to] = count[from]!
    }
    block.fn.fill(fn, 0, until - cell)
    block.durationMs.fill(this.trace.functions.durationMs[fn]!, 0, until - cell)
    this.cell = until
    return until - cell
  }

  private fillFromMinutes(): number {
    const { block, minutes } = this
    const { bucketMs } = this.columns
    let row = 0
    for (; row < BLOCK; row += 1) {
      const minute = minutes.take()
      if (minute < 0) break
      const count = minutes.count[minute]!
      block.timeMs[row] = minute * bucketMs
      block.count[row] = count
      block.fn[row] = minutes.fn[minute]!
      block.durationMs[row] = Math.round(minutes.work[minute]! / count)
    }
    return row
  }
}

/** Every other spread: each invocation of a cell is an arrival of its own. */
class CountsByApp implements AppArrivals {
  readonly block = new ArrivalBlock()
  private readonly firstFunction: Uint32Array
  private readonly minutes: AppCells
  private readonly cells: CellReader
  /** The app's only function, its cells, the next of them and their number; -1 for an app of several. */
  private fn = -1
  private readonly only: UnpackedCells
  private cell = 0
  private end = 0
  /** Rows of the block that already hold the only function of the app. */
  private filled = 0

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.firstFunction = trace.apps.firstFunction
    this.only = new UnpackedCells(columns, trace)
    this.minutes = new AppCells(trace, columns)
    this.cells = new CellReader(trace, columns, spread, seed)
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    const from = this.firstFunction[app]!
    this.filled = 0
    this.fn = this.firstFunction[app + 1]! - from === 1 ? from : -1
    if (this.fn < 0) this.minutes.open(app)
    else {
      this.cell = 0
      this.end = this.only.open(from)
    }
  }

  next(): number {
    const { block, cells, minutes } = this
    block.length = 0
    if (this.fn >= 0) {
      this.fillFromOne(this.fn)
      return block.length
    }
    while (block.length < BLOCK) {
      let link = minutes.next()
      if (link === NO_LINK) break
      for (; link !== NO_LINK; link = minutes.linkNext[link]!)
        cells.gather(minutes.linkFn[link]!, minutes.minute, minutes.count[minutes.linkCell[link]!]!)
      cells.release(block, minutes.minute)
    }
    return block.length
  }

  private fillFromOne(fn: number): void {
    const { block, cells } = this
    const { minute, count } = this.only
    while (this.cell < this.end && block.length < BLOCK) {
      cells.appendTimes(block, fn, minute[this.cell]!, count[this.cell]!)
      this.cell += 1
    }
    // The other columns are the same in all of this app's blocks.
    if (block.length <= this.filled) return
    cells.fill(block, fn, this.filled)
    this.filled = block.length
  }
}
