import type { CountColumns } from '../trace.ts'
import { MOST_CELL_BYTES } from './cell-code.ts'
import { CellPacker } from './cell-packer.ts'

/** Cells that lie open, function by function, in time order within each. */
export interface PlainCells {
  /** Width of a bucket in whole ms. */
  readonly bucketMs: number
  /** `functions + 1` entries: the cells of function `f` are rows `firstCell[f]` up to, not including, `firstCell[f + 1]`. */
  readonly firstCell: Float64Array
  /** Number of the bucket since the trace began. */
  readonly minute: Uint32Array
  /** Invocations in that bucket, at least 1. */
  readonly count: Uint32Array
}

/** The counts of a trace whose cells lie open. */
export function packCells({ bucketMs, firstCell, minute, count }: PlainCells): CountColumns {
  const functions = firstCell.length - 1
  const packer = new CellPacker(functions, bucketMs, MOST_CELL_BYTES * minute.length)
  for (let fn = 0; fn < functions; fn += 1) {
    for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) packer.add(minute[cell]!, count[cell]!)
    packer.endFunction()
  }
  return { kind: 'counts', ...packer.columns() }
}
