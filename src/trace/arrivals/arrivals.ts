import { AppCells, NO_LINK } from './app-cells.ts'
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
  private cell = 0

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.minutes = new AppMinuteCounts(columns, trace.functions, Math.ceil(trace.horizonMs / columns.bucketMs))
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    const { firstFunction } = this.trace.apps
    const from = firstFunction[app]!
    const to = firstFunction[app + 1]!
    this.fn = to - from === 1 ? from : -1
    if (this.fn < 0) this.minutes.add(from, to)
    else this.cell = this.columns.firstCell[from]!
  }

  next(): number {
    this.block.length = this.fn < 0 ? this.fillFromMinutes() : this.fillFromCells(this.fn)
    return this.block.length
  }

  private fillFromCells(fn: number): number {
    const { block, cell, columns } = this
    const { bucketMs } = columns
    const until = Math.min(columns.firstCell[fn + 1]!, cell + BLOCK)
    for (let from = cell, to = 0; from < until; from += 1, to += 1) {
      block.timeMs[to] = columns.minute[from]! * bucketMs
      block.count[to] = columns.count[from]!
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
  private readonly columns: CountColumns
  private readonly minutes: AppCells
  private readonly cells: CellReader
  /** Rows of the block that already hold the only function of the app. */
  private filled = 0

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.columns = columns
    this.minutes = new AppCells(trace, columns)
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
      let link = minutes.next()
      if (link === NO_LINK) break
      for (; link !== NO_LINK; link = minutes.linkNext[link]!)
        cells.gather(minutes.linkFn[link]!, minutes.linkCell[link]!)
      cells.release(block, minutes.minute)
    }
    return block.length
  }

  private fillFromOne(fn: number): void {
    const { block, cells, minutes } = this
    const end = this.columns.firstCell[fn + 1]!
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
