import { grown } from '../core/column.ts'

/** Executions that run, for a policy that hears of each how long it was waited for and took: a row of columns for each. */
export class Executions {
  fn = new Uint32Array(64)
  waitedMs = new Float64Array(64)
  tookMs = new Float64Array(64)
  private rows = 0
  private readonly free: number[] = []

  /** The row of an execution that begins. */
  begin(fn: number, waitedMs: number, tookMs: number): number {
    const row = this.free.pop() ?? this.newRow()
    this.fn[row] = fn
    this.waitedMs[row] = waitedMs
    this.tookMs[row] = tookMs
    return row
  }

  /** The row is that of another from now on. */
  end(row: number): void {
    this.free.push(row)
  }

  /** Forgets all. */
  clear(): void {
    this.rows = 0
    this.free.length = 0
  }

  private newRow(): number {
    if (this.rows === this.fn.length) {
      const room = 2 * this.rows
      this.fn = grown(this.fn, room)
      this.waitedMs = grown(this.waitedMs, room)
      this.tookMs = grown(this.tookMs, room)
    }
    this.rows += 1
    return this.rows - 1
  }
}
