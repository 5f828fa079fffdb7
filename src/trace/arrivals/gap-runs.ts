import { grown } from '../../core/column.ts'
import { type ActiveBuckets, markCells } from '../cells/cell-code.ts'
import { noCells } from '../cells/no-cells.ts'
import { UnpackedCells } from '../cells/unpacked-cells.ts'
import type { CountColumns, Trace } from '../trace.ts'

/**
 * The active minutes of one app, its functions taken together: the first of them, and then the gaps from one to the next
 * as runs of equal gaps. Apps are invoked minute after minute, or by a timer, so runs are several times fewer than
 * minutes. Filled again for every app. Hot: measured by bench/paper.ts.
 */
export class GapRuns {
  /** When the first active minute begins, in ms; -1 where the app is never invoked. */
  firstMs = -1
  /** The first function of the app. */
  fn = 0
  /** The number of runs, and each one's gap, and how many such gaps follow each other. */
  length = 0
  /** The number of gaps in all runs. */
  gaps = 0
  gapMs = new Float64Array(256)
  times = new Uint32Array(256)
  private readonly trace: Trace
  private readonly columns: CountColumns
  private readonly buckets: ActiveBuckets
  private readonly unpacked: UnpackedCells
  /** Where the trace has its gaps. */
  private readonly packed: UnpackedCells | null
  private app = 0
  private end = 0
  /** Whether the invocations of the buckets are those of the app at hand. */
  private isMarked = false

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.unpacked = new UnpackedCells(columns, trace)
    this.packed = columns.gaps === undefined ? null : new UnpackedCells(columns.gaps, trace, 'app')
    const length = Math.ceil(trace.horizonMs / columns.bucketMs)
    const words = Math.ceil(length / 32)
    this.buckets = { length, active: new Int32Array(words), invocations: new Float64Array(words) }
  }

  open(app: number): void {
    const { firstFunction } = this.trace.apps
    this.app = app
    this.fn = firstFunction[app]!
    this.end = firstFunction[app + 1]!
    this.firstMs = -1
    this.length = 0
    this.gaps = 0
    this.isMarked = false
    if (this.packed === null) {
      this.mark()
      this.takeRuns()
    } else this.unpackRuns(this.packed)
  }

  /** How often the app was invoked before a time in ms. */
  invocationsBefore(atMs: number): number {
    const { columns, buckets, unpacked } = this
    const end = Math.ceil(atMs / columns.bucketMs)
    let sum = 0
    if (end <= 0) return sum
    if (end >= buckets.length) {
      for (let { fn } = this; fn < this.end; fn += 1) sum += columns.invocations[fn]!
      return sum
    }
    if (!this.isMarked) {
      this.mark()
      buckets.active.fill(0)
    }
    const words = Math.floor(end / 32)
    for (let word = 0; word < words; word += 1) sum += buckets.invocations[word]!
    if (end % 32 === 0) return sum
    for (let { fn } = this; fn < this.end; fn += 1) {
      const cells = unpacked.open(fn)
      for (let cell = 0; cell < cells; cell += 1) {
        const minute = unpacked.minute[cell]!
        if (minute < end && minute >= 32 * words) sum += unpacked.count[cell]!
      }
    }
    return sum
  }

  /** Marks the buckets in which the app's functions have cells, and adds their invocations up. */
  private mark(): void {
    const { cells, firstByte, firstCell, invocations } = this.columns
    this.buckets.invocations.fill(0)
    this.isMarked = true
    for (let { fn } = this; fn < this.end; fn += 1) {
      const own = firstCell[fn + 1]! - firstCell[fn]!
      if (own === 0) continue
      const marked = markCells(cells, firstByte[fn]!, firstByte[fn + 1]!, own, this.buckets)
      if (marked !== invocations[fn]) throw noCells(this.trace, fn)
    }
  }

  /** Takes the runs as the trace has them; see packed-gaps.ts. */
  private unpackRuns(packed: UnpackedCells): void {
    const cells = packed.open(this.app)
    if (cells === 0) return
    const { minute: nth, count: gap } = packed
    const { bucketMs } = this.columns
    this.makeRoom(cells)
    const { gapMs, times } = this
    let minute = gap[0]! - 1
    this.firstMs = minute * bucketMs
    for (let run = 0, cell = 1; cell < cells; run = cell, cell += 1) {
      const own = nth[cell]! - nth[run]!
      times[run] = own
      gapMs[run] = gap[cell]! * bucketMs
      minute += own * gap[cell]!
    }
    this.length = cells - 1
    this.gaps = nth[cells - 1]!
    if (nth[0] !== 0 || minute >= this.buckets.length) throw noCells(this.trace, this.app, 'app')
  }

  /** Goes through the minutes that are marked, from one stretch without a gap to the next, and takes the marks away. */
  private takeRuns(): void {
    const { active } = this.buckets
    // The run that is open: its gap in minutes, and how often it was met.
    let gap = 0
    let times = 0
    let latest = -1
    for (let word = 0; word < active.length; word += 1) {
      let bits = active[word]!
      if (bits === 0) continue
      active[word] = 0
      let minute = 32 * word
      if (latest < 0) {
        minute += trailingZeros(bits)
        this.firstMs = minute * this.columns.bucketMs
        latest = minute
        bits = (bits >>> minute) & ~1
      }
      while (bits !== 0) {
        const silent = trailingZeros(bits)
        bits = (bits >>> silent) | 0
        minute += silent
        const together = trailingOnes(bits)
        if (minute - latest !== gap) {
          if (times > 0) this.add(gap, times)
          gap = minute - latest
          times = 0
        }
        times += 1
        if (together > 1) {
          if (gap !== 1) {
            this.add(gap, times)
            gap = 1
            times = 0
          }
          times += together - 1
        }
        latest = minute + together - 1
        minute += together
        bits = together === 32 ? 0 : (bits >>> together) | 0
      }
    }
    if (times > 0) this.add(gap, times)
  }

  private add(gap: number, times: number): void {
    const run = this.length
    if (run === this.gapMs.length) this.makeRoom(2 * run)
    this.gapMs[run] = gap * this.columns.bucketMs
    this.times[run] = times
    this.length = run + 1
    this.gaps += times
  }

  private makeRoom(runs: number): void {
    if (runs <= this.gapMs.length) return
    this.gapMs = grown(this.gapMs, runs)
    this.times = grown(this.times, runs)
  }
}

/** Of a word that is not 0. */
function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

function trailingOnes(bits: number): number {
  return bits === -1 ? 32 : trailingZeros(~bits)
}
