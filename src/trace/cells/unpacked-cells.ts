import type { PackedCells, Trace } from '../trace.ts'
import { decodeCells } from './cell-code.ts'
import { noCells } from './no-cells.ts'
import type { PlainCells } from './pack-cells.ts'

/**
 * The cells of one function, or of a few that follow one another, as columns that are filled again and again: how every
 * reader gets at the cells of a trace, app by app, so that those of all apps are never unpacked at a time.
 */
export class UnpackedCells {
  /** Number of the bucket since the trace began, in time order within each function. */
  minute = new Uint32Array(1024)
  /** Invocations in that bucket, at least 1. */
  count = new Uint32Array(1024)
  /** Of the function that was unpacked last, its invocations. */
  sum = 0
  private readonly columns: PackedCells
  private readonly trace: Pick<Trace, 'id' | 'horizonMs'>
  private readonly rowsAre: 'function' | 'app'

  /** `trace` is the one whose arrivals the columns are. */
  constructor(columns: PackedCells, trace: Pick<Trace, 'id' | 'horizonMs'>, rowsAre: 'function' | 'app' = 'function') {
    this.columns = columns
    this.trace = trace
    this.rowsAre = rowsAre
  }

  /**
   * Unpacks the cells of the functions `from` up to, not including, `to`, one after the other: those of function `f` are
   * rows `firstCell[f] - firstCell[from]` and following. Gives how many there are. Throws a {@link UserError} where what is
   * packed is no cells, as only in a file that no pilotlight wrote.
   */
  open(from: number, to = from + 1): number {
    const { bucketMs, cells, firstByte, firstCell, invocations } = this.columns
    const begin = firstCell[from]!
    const length = firstCell[to]! - begin
    if (length > this.minute.length) {
      this.minute = new Uint32Array(2 * length)
      this.count = new Uint32Array(2 * length)
    }
    for (let fn = from; fn < to; fn += 1) {
      const row = firstCell[fn]! - begin
      const own = firstCell[fn + 1]! - firstCell[fn]!
      if (own === 0) continue
      const bytes = cells.subarray(firstByte[fn], firstByte[fn + 1])
      const end = decodeCells(bytes, 0, own, this, row)
      const isInTime = this.minute[row + own - 1]! * bucketMs < this.trace.horizonMs
      const isWhole = end === bytes.length && this.sum === invocations[fn]!
      if (!isWhole || !isInTime) throw noCells(this.trace, fn, this.rowsAre)
    }
    return length
  }
}

/** All cells of a trace of counts at once, in memory of their own: 8 bytes per cell, so for small traces. */
export function plainCells(trace: Trace): PlainCells {
  const { arrivals, functions } = trace
  if (arrivals.kind !== 'counts') throw new Error(`the trace ${trace.id} has events, and counts were expected`)
  const cells = new UnpackedCells(arrivals, trace)
  const { bucketMs, firstCell } = arrivals
  const length = cells.open(0, functions.count)
  return { bucketMs, firstCell, minute: cells.minute.subarray(0, length), count: cells.count.subarray(0, length) }
}
