/**
 * A stretch of arrivals as columns, filled again and again: nothing here grows with the number of invocations. An
 * arrival stands for `count` invocations (more than 1 only in the spread `minute`).
 */
export class ArrivalBlock {
  length = 0
  app = new Uint32Array(0)
  timeMs = new Float64Array(0)
  durationMs = new Float64Array(0)
  fn = new Uint32Array(0)
  count = new Uint32Array(0)

  /** Makes room for `rows` arrivals; the ones already there are kept. */
  reserve(rows: number): void {
    if (rows <= this.timeMs.length) return
    const room = Math.max(1024, rows, this.timeMs.length * 2)
    this.app = grown(new Uint32Array(room), this.app)
    this.timeMs = grown(new Float64Array(room), this.timeMs)
    this.durationMs = grown(new Float64Array(room), this.durationMs)
    this.fn = grown(new Uint32Array(room), this.fn)
    this.count = grown(new Uint32Array(room), this.count)
  }
}

/** The larger column with the rows of the old one. */
export function grown<T extends Uint32Array | Float64Array>(column: T, old: T): T {
  column.set(old)
  return column
}
