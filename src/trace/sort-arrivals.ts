import type { ArrivalBlock } from './arrival-block.ts'
import { sortNumbers } from './sort-numbers.ts'

/** Sequence numbers stay below this, so that a time and a number fit one double exactly for 4 billion ms. */
const PLACES = 2 ** 21

/** Puts the rows of a block into time order, equal times in the order in which they stand. */
export class ArrivalSorter {
  private keys = new Float64Array(0)
  private rows = new Uint32Array(0)
  private copy = new Float64Array(0)

  /** Sorts rows `from` up to the block's length. */
  sort(block: ArrivalBlock, from: number): void {
    const length = block.length - from
    if (length < 2) return
    if (this.keys.length < length) {
      this.keys = new Float64Array(length * 2)
      this.rows = new Uint32Array(length * 2)
      this.copy = new Float64Array(length * 2)
    }
    this.rank(block.timeMs, from, length)
    this.permute(block.timeMs, from, length)
    this.permute(block.durationMs, from, length)
    this.permute(block.fn, from, length)
    this.permute(block.app, from, length)
    this.permute(block.count, from, length)
  }

  /** Finds the order: `rows[i]` is the row, from `from` on, that belongs at place `i`. */
  private rank(times: Float64Array, from: number, length: number): void {
    const { keys, rows } = this
    const start = times[from]!
    if (length <= PLACES) {
      for (let row = 0; row < length; row += 1) keys[row] = (times[from + row]! - start) * PLACES + row
      sortNumbers(keys, 0, length)
      for (let place = 0; place < length; place += 1) {
        const key = keys[place]!
        rows[place] = key - Math.floor(key / PLACES) * PLACES
      }
      return
    }
    const order = Array.from({ length }, (_, row) => row)
    order.sort((a, b) => times[from + a]! - times[from + b]! || a - b)
    rows.set(order)
  }

  private permute(column: Float64Array | Uint32Array, from: number, length: number): void {
    const { rows, copy } = this
    for (let row = 0; row < length; row += 1) copy[row] = column[from + row]!
    for (let place = 0; place < length; place += 1) column[from + place] = copy[rows[place]!]!
  }
}
