/**
 * How many executions of one app ran at once on average, in stretches of time that all have the same width; a ring of the
 * latest ones. An execution that takes no time counts as 1 ms, so that it is demand as well.
 */
export class RecentConcurrency {
  running = 0
  private readonly widthMs: number
  /** Executions x ms per stretch. */
  private readonly work: Float64Array
  /** Up to when everything is in `work`, and since when there has been anything. */
  private at = -1
  private since = -1
  /** When an execution last began or ended. */
  changedAt = -1
  private beganAt = -1

  constructor(stretches: number, widthMs: number) {
    this.work = new Float64Array(stretches)
    this.widthMs = widthMs
  }

  began(now: number): void {
    this.turnTo(now)
    this.running += 1
    this.changedAt = now
    this.beganAt = now
  }

  ended(now: number): void {
    this.turnTo(now)
    this.running -= 1
    this.changedAt = now
    if (now === this.beganAt) this.work[this.cell(now)]! += 1
  }

  /** The mean over the latest stretches, the present one among them: over less where there has been less, but one whole. */
  mean(now: number, stretches: number): number {
    if (this.at < 0) return 0
    this.turnTo(now)
    const { work } = this
    const last = Math.floor(now / this.widthMs)
    const first = Math.max(0, last - stretches + 1)
    let sum = 0
    for (let left = last - first + 1, at = first % work.length; left > 0; left -= 1) {
      sum += work[at]!
      at = at + 1 === work.length ? 0 : at + 1
    }
    return sum / Math.max(this.widthMs, now - Math.max(this.since, first * this.widthMs))
  }

  private cell(now: number): number {
    return Math.floor(now / this.widthMs) % this.work.length
  }

  private turnTo(now: number): void {
    if (this.at < 0) {
      this.at = now
      this.since = now
      return
    }
    const last = Math.floor(now / this.widthMs)
    // What is older than the whole ring is gone.
    let stretch = Math.floor(this.at / this.widthMs)
    if (last - stretch > this.work.length) {
      stretch = last - this.work.length
      this.at = stretch * this.widthMs
    }
    for (; stretch < last; stretch += 1) {
      const end = (stretch + 1) * this.widthMs
      this.work[stretch % this.work.length]! += this.running * (end - this.at)
      this.at = end
      this.work[(stretch + 1) % this.work.length] = 0
    }
    this.work[last % this.work.length]! += this.running * (now - this.at)
    this.at = now
  }
}
