import { UnpackedCells } from '../cells/unpacked-cells.ts'
import type { CountColumns, Trace } from '../trace.ts'

/**
 * The minutes of one app after the other, its functions added up: a dense row of minutes that is used again for every
 * app, with one bit per minute to find and clear the few that are in use. Hot: measured by bench/paper.ts.
 */
export class AppMinuteCounts {
  /** Per minute since the trace began: the first function invoked, invocations, and invocations x ms of execution. */
  readonly fn: Uint32Array
  readonly count: Float64Array
  readonly work: Float64Array
  private readonly cells: UnpackedCells
  private readonly durationMs: Float64Array
  /** One bit per minute, 32 to a word. */
  private readonly used: Uint32Array
  private word = 0

  constructor(columns: CountColumns, trace: Trace) {
    const minutes = Math.ceil(trace.horizonMs / columns.bucketMs)
    this.cells = new UnpackedCells(columns, trace)
    this.durationMs = trace.functions.durationMs
    this.fn = new Uint32Array(minutes)
    this.count = new Float64Array(minutes)
    this.work = new Float64Array(minutes)
    this.used = new Uint32Array(Math.ceil(minutes / 32))
  }

  /** Adds up the functions of an app, rows `from` up to, not including, `to`. All minutes must have been taken. */
  add(from: number, to: number): void {
    const { cells, fn: fns, count, work, used } = this
    this.word = 0
    for (let fn = from; fn < to; fn += 1) {
      const end = cells.open(fn)
      const durationMs = this.durationMs[fn]!
      const { minute: minutes, count: counts } = cells
      for (let cell = 0; cell < end; cell += 1) {
        const minute = minutes[cell]!
        const invocations = counts[cell]!
        const bit = 1 << (minute & 31)
        const word = minute >>> 5
        if ((used[word]! & bit) === 0) {
          used[word]! |= bit
          fns[minute] = fn
          count[minute] = invocations
          work[minute] = invocations * durationMs
        } else {
          count[minute]! += invocations
          work[minute]! += invocations * durationMs
        }
      }
    }
  }

  /** Takes the next minute in use, in time order; -1 after the last. */
  take(): number {
    const { used } = this
    for (let { word } = this; word < used.length; word += 1) {
      const bits = used[word]!
      if (bits === 0) continue
      this.word = word
      used[word] = bits & (bits - 1)
      return 32 * word + 31 - Math.clz32(bits & -bits)
    }
    this.word = used.length
    return -1
  }
}
