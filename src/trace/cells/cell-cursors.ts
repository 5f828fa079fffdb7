import type { CountColumns, Trace } from '../trace.ts'
import { type CellColumns, decodeCells } from './cell-code.ts'
import { noCells } from './no-cells.ts'

/** No bucket: the function has no more cells. */
export const NO_BUCKET = 2 ** 32 - 1
/** So many cells of a function are unpacked at a time. */
const AHEAD = 16

/** The next cell of every function of a trace at once: how arrivals are read in time order. */
export class CellCursors {
  /** Per function the bucket of its next cell, or {@link NO_BUCKET}: read every minute, so it stands apart from the cells. */
  readonly upcoming: Uint32Array
  private readonly columns: CountColumns
  private readonly trace: Pick<Trace, 'id'>
  /** The cells unpacked ahead, `AHEAD` rows per function. */
  private readonly ahead: CellColumns
  /** Per function how many of those have been gone through, and how many there are. */
  private readonly done: Uint8Array
  private readonly unpacked: Uint8Array
  /** Per function the cells that are still packed, and where they begin. */
  private readonly left: Float64Array
  private readonly at: Float64Array
  /** Per function the invocations that are still packed. */
  private readonly waiting: Float64Array

  /** `trace` is the one whose arrivals the columns are. */
  constructor(columns: CountColumns, trace: Pick<Trace, 'id'>) {
    const { firstByte, firstCell, invocations } = columns
    const functions = firstCell.length - 1
    this.columns = columns
    this.trace = trace
    this.upcoming = new Uint32Array(functions)
    this.ahead = { minute: new Uint32Array(AHEAD * functions), count: new Uint32Array(AHEAD * functions), sum: 0 }
    this.done = new Uint8Array(functions)
    this.unpacked = new Uint8Array(functions)
    this.left = Float64Array.from({ length: functions }, (_, fn) => firstCell[fn + 1]! - firstCell[fn]!)
    this.at = firstByte.slice(0, functions)
    this.waiting = invocations.slice()
    for (let fn = 0; fn < functions; fn += 1) this.unpack(fn, -1)
  }

  /** Invocations of a function in its next cell. */
  count(fn: number): number {
    return this.ahead.count[AHEAD * fn + this.done[fn]!]!
  }

  /** Goes on to the cell after. */
  advance(fn: number): void {
    const next = this.done[fn]! + 1
    if (next === this.unpacked[fn]) this.unpack(fn, this.upcoming[fn]!)
    else {
      this.done[fn] = next
      this.upcoming[fn] = this.ahead.minute[AHEAD * fn + next]!
    }
  }

  /** Unpacks the next cells of a function; `before` is the bucket of the cell before them. */
  private unpack(fn: number, before: number): void {
    const { ahead, at, left, waiting } = this
    const { cells, firstByte } = this.columns
    const length = Math.min(AHEAD, left[fn]!)
    if (length > 0) {
      const bytes = cells.subarray(at[fn], firstByte[fn + 1])
      at[fn]! += decodeCells(bytes, 0, length, ahead, AHEAD * fn, before)
      waiting[fn]! -= ahead.sum
    }
    left[fn]! -= length
    if (left[fn] === 0 && (at[fn] !== firstByte[fn + 1] || waiting[fn] !== 0)) throw noCells(this.trace, fn)
    this.done[fn] = 0
    this.unpacked[fn] = length
    this.upcoming[fn] = length > 0 ? ahead.minute[AHEAD * fn]! : NO_BUCKET
  }
}
