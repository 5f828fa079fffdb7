import type { IdleRuns } from '../../policy/policy.ts'
import type { GapRuns } from '../../trace/arrivals/gap-runs.ts'

/** A place among the gaps of an app, which moves on from one arrival to later ones: in this model gaps are idle times. */
export class GapPlace implements IdleRuns {
  idleMs = new Float64Array(0)
  times = new Uint32Array(0)
  run = 0
  nth = 0

  /** Before the first gap of these. */
  open({ gapMs, times }: GapRuns): void {
    this.idleMs = gapMs
    this.times = times
    this.run = 0
    this.nth = 0
  }

  /** The next gap. */
  get gapMs(): number {
    return this.idleMs[this.run]!
  }

  /** So many equal gaps are next. */
  get alike(): number {
    return this.times[this.run]! - this.nth
  }

  /** Passes equal gaps, at most `most`; gives how many. */
  pass(most: number): number {
    const { alike } = this
    if (most < alike) {
      this.nth += most
      return most
    }
    this.run += 1
    this.nth = 0
    return alike
  }

  /** So many of the next `most` arrivals come before the moment `endMs`, if the latest was at `atMs`. */
  arrivalsBefore(endMs: number, atMs: number, most: number): number {
    let at = atMs
    let before = 0
    for (let { run, nth } = this; before < most; run += 1, nth = 0) {
      const gap = this.idleMs[run]!
      const alike = this.times[run]! - nth
      if (at + alike * gap >= endMs) return before + Math.ceil((endMs - at) / gap) - 1
      at += alike * gap
      before += alike
    }
    return before
  }
}
