import { keyOf } from '../core/random.ts'
import { MINUTE } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { ArrivalBlock } from './arrival-block.ts'
import { ArrivalSorter, sortTimes } from './sort-arrivals.ts'
import { type MinuteSpread, Spreader } from './spread.ts'
import type { CountColumns, EventColumns, Trace } from './trace.ts'

/** A block is handed over once it holds this many arrivals. */
const BLOCK = 4096
/** One function's invocations in one minute; beyond it single arrivals are neither sensible nor possible. */
const MOST_IN_A_MINUTE = 2 ** 24

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
    for (let fn = minutes.from; fn < minutes.to; fn += 1) {
      const cell = minutes.cursor[fn]!
      if (cell >= minutes.end[fn]! || columns.minute[cell] !== soonest) continue
      minutes.cursor[fn] = cell + 1
      if (firstFunction < 0) firstFunction = fn
      invocations += columns.count[cell]!
      work += columns.count[cell]! * this.durations[fn]!
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
  private readonly columns: CountColumns
  private readonly minutes: AppMinutes
  private readonly cells: CellReader
  private readonly sorter = new ArrivalSorter()
  /** Rows of the block that already hold the only function of the app. */
  private filled = 0

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.columns = columns
    this.minutes = new AppMinutes(trace, columns)
    this.cells = new CellReader(trace, columns, spread, seed)
    this.block.reserve(BLOCK)
  }

  open(app: number): void {
    this.filled = 0
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
    const { block, cells, minutes } = this
    const end = minutes.end[fn]!
    let cell = minutes.cursor[fn]!
    while (cell < end && block.length < BLOCK) {
      const from = block.length
      cells.place(block, fn, cell)
      if (!cells.areOrdered) sortTimes(block.timeMs, from, block.length)
      cell += 1
    }
    minutes.cursor[fn] = cell
    // The other columns are the same in all of this app's blocks.
    if (block.length <= this.filled) return
    cells.fill(block, fn, this.filled)
    this.filled = block.length
  }

  private merge(soonest: number): boolean {
    if (soonest === Number.POSITIVE_INFINITY) return false
    const { block, cells, columns, minutes } = this
    const from = block.length
    for (let fn = minutes.from; fn < minutes.to; fn += 1) {
      const cell = minutes.cursor[fn]!
      if (cell >= minutes.end[fn]! || columns.minute[cell] !== soonest) continue
      minutes.cursor[fn] = cell + 1
      cells.append(block, fn, cell)
    }
    this.sorter.sort(block, from)
    return true
  }
}

/** Turns cells into arrivals, the same whoever asks and in whatever order. */
export class CellReader {
  /** Whether the arrivals of one cell come in time order. */
  readonly areOrdered: boolean
  private readonly trace: Trace
  private readonly columns: CountColumns
  private readonly spreader: Spreader
  private readonly keys: Uint32Array

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.trace = trace
    this.columns = columns
    this.spreader = new Spreader(spread, seed)
    this.areOrdered = this.spreader.isOrdered
    this.keys = this.spreader.draws ? streamKeys(trace) : new Uint32Array(0)
  }

  /** Appends the arrivals of one cell of a function to the block, all columns. */
  append(block: ArrivalBlock, fn: number, cell: number): void {
    const from = block.length
    this.place(block, fn, cell)
    this.fill(block, fn, from)
  }

  /** Appends the times of one cell of a function to the block, and only the times. */
  place(block: ArrivalBlock, fn: number, cell: number): void {
    const count = this.columns.count[cell]!
    const minute = this.columns.minute[cell]!
    const from = block.length
    if (count > MOST_IN_A_MINUTE) throw this.tooMany(fn, minute, count)
    block.reserve(from + count)
    this.spreader.place(block.timeMs, from, count, minute * MINUTE, this.keys[2 * fn]!, this.keys[2 * fn + 1]!)
    block.length = from + count
  }

  /** Makes the block's rows from `from` on single invocations of the function. */
  fill(block: ArrivalBlock, fn: number, from: number): void {
    block.durationMs.fill(this.trace.functions.durationMs[fn]!, from, block.length)
    block.fn.fill(fn, from, block.length)
    block.count.fill(1, from, block.length)
  }

  private tooMany(fn: number, minute: number, count: number): UserError {
    return new UserError({
      where: this.trace.id,
      problem: `function ${this.trace.functions.name.at(fn)} has ${count} invocations in minute ${minute + 1}, at most ${MOST_IN_A_MINUTE} can be spread over one minute`,
      hint: 'Use the spread "minute", which takes a cell as one arrival.',
    })
  }
}

/** Two words per function that name its random stream: of its own name, so that the unit of decision changes no draw. */
function streamKeys(trace: Trace): Uint32Array {
  const keys = new Uint32Array(2 * trace.functions.count)
  for (let fn = 0; fn < trace.functions.count; fn += 1) keys.set(keyOf(trace.functions.name.at(fn)), 2 * fn)
  return keys
}
