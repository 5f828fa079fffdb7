/** How many executions of one app ran at once at most, in each of the latest stretches of time of one width. */
export class PeakSeries {
  running = 0
  private readonly widthMs: number
  /** The peaks of the latest stretches, and at last that of the present one. */
  private readonly peaks: Float64Array
  private stretch = -1

  constructor(stretches: number, widthMs: number) {
    this.peaks = new Float64Array(stretches + 1)
    this.widthMs = widthMs
  }

  began(now: number): void {
    this.turnTo(now)
    this.running += 1
    const last = this.peaks.length - 1
    this.peaks[last] = Math.max(this.peaks[last]!, this.running)
  }

  ended(now: number): void {
    this.turnTo(now)
    this.running -= 1
  }

  /** The peaks of the latest stretches that are over, oldest first, and that of the present one; 0 before the first. */
  upTo(now: number): Float64Array {
    this.turnTo(now)
    return this.peaks
  }

  private turnTo(now: number): void {
    const { peaks, running } = this
    const stretch = Math.floor(now / this.widthMs)
    const turns = this.stretch < 0 ? 0 : Math.min(stretch - this.stretch, peaks.length)
    if (turns > 0) {
      peaks.copyWithin(0, turns)
      // What runs through a stretch is its peak.
      peaks.fill(running, peaks.length - turns)
    }
    this.stretch = stretch
  }

  save(): { stretch: number; peaks: number[] } {
    return { stretch: this.stretch, peaks: [...this.peaks] }
  }

  /** Takes back what {@link save} gave; nothing runs then. */
  load({ stretch, peaks }: { stretch: number; peaks: readonly number[] }): void {
    this.stretch = stretch
    this.peaks.set(peaks)
  }
}
