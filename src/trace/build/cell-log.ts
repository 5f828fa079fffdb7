import { GrowingColumn } from '../../core/column.ts'
import { decodeCells, encodeCell, encodeCells, MOST_CELL_BYTES } from '../cells/cell-code.ts'
import type { PackedRun } from '../cells/cell-packer.ts'

const BLOCK_BITS = 20
const BLOCK = 1 << BLOCK_BITS
/** So many cells fit into a block whatever they hold. */
const MOST_CELLS = Math.floor(BLOCK / MOST_CELL_BYTES)

/**
 * Cells of (row, minute, count) in the order they were added, held as packed runs of one row, in time order within a run:
 * some 1.3 bytes per cell. A run never crosses from one block of memory to the next, so runs are copied whole.
 */
export class CellLog {
  private readonly blocks: Uint8Array[] = []
  private readonly runRow = new GrowingColumn('uint32')
  private readonly runAt = new GrowingColumn('float64')
  private readonly runBytes = new GrowingColumn('uint32')
  private readonly runCells = new GrowingColumn('uint32')
  private readonly runFirst = new GrowingColumn('uint32')
  private readonly runLast = new GrowingColumn('uint32')
  private readonly runInvocations = new GrowingColumn('float64')
  private used = BLOCK

  /** How many runs there are. */
  get runs(): number {
    return this.runRow.length
  }

  /** Adds one cell; cells of one row that come one after the other, each later than the one before, share a run. */
  add(row: number, minute: number, count: number): void {
    const last = this.runs - 1
    const goesOn =
      last >= 0 &&
      this.runRow.at(last) === row &&
      this.runCells.at(last) > 0 &&
      this.runLast.at(last) < minute &&
      this.used + MOST_CELL_BYTES <= BLOCK
    const run = goesOn ? last : this.begin(row, 1)
    const gap = goesOn ? minute - this.runLast.at(run) : minute + 1
    if (!goesOn) this.runFirst.set(run, minute)
    const to = encodeCell(this.blocks.at(-1)!, this.used, gap, count)
    this.runBytes.set(run, this.runBytes.at(run) + to - this.used)
    this.runCells.set(run, this.runCells.at(run) + 1)
    this.runLast.set(run, minute)
    this.runInvocations.set(run, this.runInvocations.at(run) + count)
    this.used = to
  }

  /**
   * Adds a run of the first `length` cells of two scratch columns (at most 65,536), whose minutes must rise, and gives the
   * run's number.
   */
  append(row: number, minutes: Uint32Array, counts: Uint32Array, length: number): number {
    const run = this.begin(row, length)
    const to = encodeCells(this.blocks.at(-1)!, this.used, length, { minute: minutes, count: counts })
    let invocations = 0
    for (let cell = 0; cell < length; cell += 1) invocations += counts[cell]!
    this.runBytes.set(run, to - this.used)
    this.runCells.set(run, length)
    this.runFirst.set(run, minutes[0] ?? 0)
    this.runLast.set(run, length === 0 ? 0 : minutes[length - 1]!)
    this.runInvocations.set(run, invocations)
    this.used = to
    return run
  }

  /** The row that a run is of. */
  rowOf(run: number): number {
    return this.runRow.at(run)
  }

  /** How many bytes a run takes; 0 for one without cells. */
  bytesOf(run: number): number {
    return this.runBytes.at(run)
  }

  /** The minute of a run's first cell. */
  firstOf(run: number): number {
    return this.runFirst.at(run)
  }

  /** The minute of a run's last cell. */
  lastOf(run: number): number {
    return this.runLast.at(run)
  }

  /** A run as it is held. */
  packed(run: number): PackedRun {
    const at = this.runAt.at(run)
    const from = at % BLOCK
    return {
      bytes: this.blocks[Math.floor(at / BLOCK)]!.subarray(from, from + this.runBytes.at(run)),
      cells: this.runCells.at(run),
      last: this.runLast.at(run),
      invocations: this.runInvocations.at(run),
    }
  }

  /** A run's cells. */
  cellsOf(run: number): { readonly minute: Uint32Array; readonly count: Uint32Array } {
    const { bytes, cells } = this.packed(run)
    const minute = new Uint32Array(cells)
    const count = new Uint32Array(cells)
    decodeCells(bytes, 0, cells, { minute, count, sum: 0 })
    return { minute, count }
  }

  private begin(row: number, cells: number): number {
    if (cells > MOST_CELLS) throw new Error(`a run has at most ${MOST_CELLS} cells`)
    // A run without cells stands in a block too.
    if (this.used + Math.max(1, cells) * MOST_CELL_BYTES > BLOCK) {
      this.blocks.push(new Uint8Array(BLOCK))
      this.used = 0
    }
    this.runRow.push(row)
    this.runAt.push((this.blocks.length - 1) * BLOCK + this.used)
    this.runBytes.push(0)
    this.runCells.push(0)
    this.runFirst.push(0)
    this.runLast.push(0)
    this.runInvocations.push(0)
    return this.runs - 1
  }
}
