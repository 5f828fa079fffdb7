import { GrowingColumn } from '../../core/column.ts'
import { decodeCells, encodeCell, MOST_CELL_BYTES } from '../cells/cell-code.ts'
import type { PackedRun } from '../cells/cell-packer.ts'

const BLOCK = 1 << 20
/**
 * After so many blocks, which all rows share, each shelf has large ones: the system's allocator gives back at once what is
 * larger than 32 MiB, and no less. Memory that is not written to is not taken from the machine.
 */
const SMALL_BLOCKS = 32
const LARGE_BLOCK = (32 << 20) + BLOCK
/** So many cells fit into a block whatever they hold. */
const MOST_CELLS = Math.floor(BLOCK / MOST_CELL_BYTES)

/** Packed runs, one after the other. */
export interface PackedRuns {
  /** How many cells a run has. */
  readonly cells: Uint32Array
  /** The buckets of its first and its last cell; 0 where it has none. */
  readonly first: Uint32Array
  readonly last: Uint32Array
  readonly invocations: Float64Array
  /** Where it ends in `bytes`; it begins where the one before ends. */
  readonly end: Uint32Array
  readonly bytes: Uint8Array
}

/** Where the next run of a shelf goes: so far into a block. */
interface Shelf {
  block: number
  used: number
}

/** The shelf of a small log. */
const EVERY_ROW = -1
const NO_ROOM: Shelf = { block: -1, used: Number.POSITIVE_INFINITY }

/**
 * Cells of (row, minute, count) in the order they were added, held as packed runs of one row, in time order within a run:
 * some 1.3 bytes per cell. A run never crosses from one block of memory to the next, so runs are copied whole. In a large log
 * the rows of one shelf share blocks: what leaves it shelf by shelf frees them, and need not be held twice.
 */
export class CellLog {
  private readonly blocks: Uint8Array[] = []
  /** How many runs of each block have not been dropped. */
  private readonly runsLeft: number[] = []
  private readonly shelfOf: (row: number) => number
  private readonly shelves = new Map<number, Shelf>()
  /** That of the run begun last. */
  private shelf: Shelf = NO_ROOM
  private readonly runRow = new GrowingColumn('uint32')
  private readonly runBlock = new GrowingColumn('uint32')
  private readonly runAt = new GrowingColumn('uint32')
  private readonly runBytes = new GrowingColumn('uint32')
  private readonly runCells = new GrowingColumn('uint32')
  private readonly runFirst = new GrowingColumn('uint32')
  private readonly runLast = new GrowingColumn('uint32')
  private readonly runInvocations = new GrowingColumn('float64')

  /** `shelfOf` gives the shelf of a row, a whole number from 0, of which there should not be many. */
  constructor(shelfOf: (row: number) => number = () => 0) {
    this.shelfOf = shelfOf
  }

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
      this.shelf.used + MOST_CELL_BYTES <= this.blocks[this.shelf.block]!.length
    const run = goesOn ? last : this.begin(row, 1)
    const gap = goesOn ? minute - this.runLast.at(run) : minute + 1
    if (!goesOn) this.runFirst.set(run, minute)
    const { shelf } = this
    const to = encodeCell(this.blocks[shelf.block]!, shelf.used, gap, count)
    this.runBytes.set(run, this.runBytes.at(run) + to - shelf.used)
    this.runCells.set(run, this.runCells.at(run) + 1)
    this.runLast.set(run, minute)
    this.runInvocations.set(run, this.runInvocations.at(run) + count)
    shelf.used = to
  }

  /** Adds one of some runs, of at most 65,536 cells, to a row, and gives the run's number. Makes no object: a large trace has a million runs. */
  addRun(row: number, runs: PackedRuns, index: number): number {
    const run = this.begin(row, runs.cells[index]!)
    const { shelf } = this
    const block = this.blocks[shelf.block]!
    const from = index === 0 ? 0 : runs.end[index - 1]!
    const length = runs.end[index]! - from
    for (let byte = 0; byte < length; byte += 1) block[shelf.used + byte] = runs.bytes[from + byte]!
    this.runBytes.set(run, length)
    this.runCells.set(run, runs.cells[index]!)
    this.runFirst.set(run, runs.first[index]!)
    this.runLast.set(run, runs.last[index]!)
    this.runInvocations.set(run, runs.invocations[index]!)
    shelf.used += length
    return run
  }

  /** Whether a run has the same cells as one of some others: equal cells are packed to equal bytes. */
  isRun(run: number, { bytes, end }: PackedRuns, index: number): boolean {
    return Buffer.compare(this.packed(run).bytes, bytes.subarray(index === 0 ? 0 : end[index - 1]!, end[index])) === 0
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
    const from = this.runAt.at(run)
    return {
      bytes: this.blocks[this.runBlock.at(run)]!.subarray(from, from + this.runBytes.at(run)),
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

  /** Gives up a run, whose cells nobody asks for any more: a block all of whose runs are given up is freed at once. */
  drop(run: number): void {
    const block = this.runBlock.at(run)
    this.runsLeft[block]! -= 1
    if (this.runsLeft[block] === 0) (this.blocks[block]!.buffer as ArrayBuffer).transfer(0)
  }

  private begin(row: number, cells: number): number {
    if (cells > MOST_CELLS) throw new Error(`a run has at most ${MOST_CELLS} cells`)
    const place = this.blocks.length < SMALL_BLOCKS ? EVERY_ROW : this.shelfOf(row)
    let shelf = this.shelves.get(place)
    if (shelf === undefined) this.shelves.set(place, (shelf = { ...NO_ROOM }))
    // A run without cells stands in a block too.
    if (shelf.used + Math.max(1, cells) * MOST_CELL_BYTES > (this.blocks[shelf.block]?.length ?? 0)) {
      const size = this.blocks.length < SMALL_BLOCKS ? BLOCK : LARGE_BLOCK
      shelf.block = this.blocks.push(new Uint8Array(size)) - 1
      shelf.used = 0
      this.runsLeft.push(0)
    }
    this.shelf = shelf
    this.runsLeft[shelf.block]! += 1
    this.runRow.push(row)
    this.runBlock.push(shelf.block)
    this.runAt.push(shelf.used)
    this.runBytes.push(0)
    this.runCells.push(0)
    this.runFirst.push(0)
    this.runLast.push(0)
    this.runInvocations.push(0)
    return this.runs - 1
  }
}
