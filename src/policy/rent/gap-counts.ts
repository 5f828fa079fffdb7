import { grown } from '../../core/column.ts'

const FIRST_ROOM = 8

/** All idle times of one app, by bin: only the bins that occur, in rising order, with their counts. */
export class GapCounts {
  total = 0
  /** Distinct bins, and how many idle times are in each: the first `distinct` cells. */
  distinct = 0
  bins = new Uint32Array(FIRST_ROOM)
  counts = new Float64Array(FIRST_ROOM)

  learn(bin: number, times = 1): void {
    this.total += times
    const { bins, distinct } = this
    let low = 0
    let high = distinct
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bins[middle]! >= bin) high = middle
      else low = middle + 1
    }
    if (low < distinct && bins[low] === bin) {
      this.counts[low]! += times
      return
    }
    if (distinct === bins.length) {
      this.bins = grown(bins, 2 * distinct)
      this.counts = grown(this.counts, 2 * distinct)
    }
    this.bins.copyWithin(low + 1, low, distinct)
    this.counts.copyWithin(low + 1, low, distinct)
    this.bins[low] = bin
    this.counts[low] = times
    this.distinct = distinct + 1
  }

  /**
   * The keep-alive time, in bins, that would have cost least on all idle times so far where a miss costs as much as holding
   * for `worth` bins; the shortest of several. An idle time of bin b is over within b bins.
   */
  cheapest(worth: number): number {
    const { bins, counts, distinct } = this
    // Holding for no time at all misses every idle time that is not 0.
    let left = this.total
    let held = 0
    let previous = 0
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let at = 0; at < distinct; at += 1) {
      const bin = bins[at]!
      if (at === 0 && bin > 0) least = left * worth
      held += left * (bin - previous)
      if (held >= least) break
      left -= counts[at]!
      previous = bin
      const cost = held + left * worth
      if (cost >= least) continue
      least = cost
      best = bin
    }
    return best
  }

  save(): [bin: number, count: number][] {
    return Array.from({ length: this.distinct }, (_, at) => [this.bins[at]!, this.counts[at]!])
  }

  load(saved: readonly (readonly [bin: number, count: number])[]): void {
    for (const [bin, count] of saved) this.learn(bin, count)
  }
}
