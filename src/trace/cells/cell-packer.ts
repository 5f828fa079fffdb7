import { sharedArray } from '../shared-array.ts'
import type { PackedCells } from '../trace.ts'
import { decodeCells, encodeCell } from './cell-code.ts'

/** Some cells of one function, packed, in time order. */
export interface PackedRun {
  readonly bytes: Uint8Array
  /** How many cells there are. */
  readonly cells: number
  /** The bucket of the last of them; 0 where there is none. */
  readonly last: number
  readonly invocations: number
}

/** Packs the cells of a trace, function by function in the order of the table, and in time order within each. */
export class CellPacker {
  private readonly bucketMs: number
  private readonly firstCell: Float64Array
  private readonly firstByte: Float64Array
  private readonly invocations: Float64Array
  private readonly bytes: Uint8Array
  private fn = 0
  private cells = 0
  private at = 0
  private before = -1
  private readonly first = { minute: new Uint32Array(1), count: new Uint32Array(1), sum: 0 }

  /** `mostBytes` is what the cells take at the most. Memory that is not written to is not taken from the machine. */
  constructor(functions: number, bucketMs: number, mostBytes: number) {
    this.bucketMs = bucketMs
    this.firstCell = sharedArray(Float64Array, functions + 1)
    this.firstByte = sharedArray(Float64Array, functions + 1)
    this.invocations = sharedArray(Float64Array, functions)
    this.bytes = sharedArray(Uint8Array, mostBytes)
  }

  /** Adds a cell to the function at hand, later than its cells so far. */
  add(minute: number, count: number): void {
    this.at = encodeCell(this.bytes, this.at, minute - this.before, count)
    this.before = minute
    this.cells += 1
    this.invocations[this.fn]! += count
  }

  /** Adds a run of at least one cell to the function at hand, all of them later than its cells so far. */
  addRun({ bytes, cells, last, invocations }: PackedRun): void {
    const { first } = this
    // Only its first cell depends on what stands before it.
    const rest = decodeCells(bytes, 0, 1, first)
    this.at = encodeCell(this.bytes, this.at, first.minute[0]! - this.before, first.count[0]!)
    this.bytes.set(bytes.subarray(rest), this.at)
    this.at += bytes.length - rest
    this.before = last
    this.cells += cells
    this.invocations[this.fn]! += invocations
  }

  /** Goes on to the next function. */
  endFunction(): void {
    this.fn += 1
    this.before = -1
    this.firstCell[this.fn] = this.cells
    this.firstByte[this.fn] = this.at
  }

  /** The columns, after the last function. */
  columns(): PackedCells {
    const { bucketMs, firstCell, firstByte, invocations } = this
    return { bucketMs, firstCell, firstByte, cells: this.bytes.subarray(0, this.at), invocations }
  }
}
