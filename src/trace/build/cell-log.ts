import { GrowingColumn } from '../../core/column.ts'

const BLOCK_BITS = 16
const BLOCK = 1 << BLOCK_BITS

/**
 * Cells of (row, minute, count) in the order they were added, held as runs of one row: 8 bytes a cell. A run never
 * crosses from one block of memory to the next, so runs are copied whole.
 */
export class CellLog {
  private readonly minutes: Uint32Array[] = []
  private readonly counts: Uint32Array[] = []
  private readonly runRow = new GrowingColumn('uint32')
  private readonly runAt = new GrowingColumn('float64')
  private readonly runLength = new GrowingColumn('uint32')
  private used = BLOCK

  /** How many runs there are. */
  get runs(): number {
    return this.runRow.length
  }

  /** Adds one cell; cells of one row that come one after the other share a run. */
  add(row: number, minute: number, count: number): void {
    const last = this.runs - 1
    if (last < 0 || this.runRow.at(last) !== row || this.used === BLOCK) this.begin(row, 1)
    const run = this.runs - 1
    const block = this.minutes.length - 1
    this.minutes[block]![this.used] = minute
    this.counts[block]![this.used] = count
    this.used += 1
    this.runLength.set(run, this.runLength.at(run) + 1)
  }

  /** Adds a run of the first `length` cells of two scratch columns (at most 65,536), and gives the run's number. */
  append(row: number, minutes: Uint32Array, counts: Uint32Array, length: number): number {
    this.begin(row, length)
    const block = this.minutes.length - 1
    this.minutes[block]!.set(minutes.subarray(0, length), this.used)
    this.counts[block]!.set(counts.subarray(0, length), this.used)
    this.used += length
    const run = this.runs - 1
    this.runLength.set(run, length)
    return run
  }

  /** The row that a run is of. */
  rowOf(run: number): number {
    return this.runRow.at(run)
  }

  /** A run's cells; views, not copies. */
  cellsOf(run: number): { readonly minute: Uint32Array; readonly count: Uint32Array } {
    const at = this.runAt.at(run)
    const block = Math.floor(at / BLOCK)
    const from = at % BLOCK
    const to = from + this.runLength.at(run)
    return { minute: this.minutes[block]!.subarray(from, to), count: this.counts[block]!.subarray(from, to) }
  }

  private begin(row: number, room: number): void {
    // A run without cells stands in a block too.
    if (this.used + Math.max(1, room) > BLOCK) {
      this.minutes.push(new Uint32Array(BLOCK))
      this.counts.push(new Uint32Array(BLOCK))
      this.used = 0
    }
    this.runRow.push(row)
    this.runAt.push((this.minutes.length - 1) * BLOCK + this.used)
    this.runLength.push(0)
  }
}
