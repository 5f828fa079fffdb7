import { grown } from '../../core/column.ts'

/** Columns of an instance: its rank and serial now, and those under which the heap has it. */
export const RANK_COLUMNS = 4
export const RANK = 0
export const SERIAL = 1
export const HEAP_RANK = 2
export const HEAP_SERIAL = 3
export const NOT_IDLE = -1
/** Compares with no rank: not even with that of an instance whose window has no end. */
export const NOT_IN_HEAP = Number.NaN

/** The columns of all instances of a cluster: an instance is on one node at a time, so its nodes' pools share them. */
export class RankTable {
  columns = new Float64Array(0)
  /** Counts the times that any instance became idle. */
  serial = 0

  reserve(instance: number): void {
    const at = instance * RANK_COLUMNS
    if (at < this.columns.length) return
    const columns = grown(this.columns, Math.max(RANK_COLUMNS * 64, 2 * at))
    for (let row = this.columns.length; row < columns.length; row += RANK_COLUMNS) {
      columns[row + SERIAL] = NOT_IDLE
      columns[row + HEAP_RANK] = NOT_IN_HEAP
      columns[row + HEAP_SERIAL] = NOT_IDLE
    }
    this.columns = columns
  }
}
