import { grown } from '../../core/column.ts'

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
    this.app = grown(this.app, room)
    this.timeMs = grown(this.timeMs, room)
    this.durationMs = grown(this.durationMs, room)
    this.fn = grown(this.fn, room)
    this.count = grown(this.count, room)
  }
}
