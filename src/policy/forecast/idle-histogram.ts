import type { IdleRuns } from '../policy.ts'

/** Answers to two sides of a comparison that differ by less are not told apart. */
const CLEARLY = 1 + 1e-9

/**
 * One app's histogram of idle times with everything the hybrid policy asks of it kept up incrementally: constant
 * amortised work per idle time, however long the history. Counts are whole numbers, so nothing drifts.
 * (Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 4.2.) Hot: measured by bench/policies.ts.
 */
export class IdleHistogram {
  /** Idle times within the range, and out of bounds. */
  inBounds = 0
  outOfBounds = 0
  private readonly counts: Uint32Array
  private squares = 0
  private readonly head: Cursor
  private readonly tail: Cursor

  /** `bins` bins; the head and tail cut-offs are percentiles, 0 to 100. */
  constructor(bins: number, headPercent: number, tailPercent: number) {
    this.counts = new Uint32Array(bins)
    this.head = new Cursor(headPercent)
    this.tail = new Cursor(tailPercent)
  }

  /** Counts an idle time, or several, into `bin`; at or beyond the number of bins they are out of bounds. */
  learn(bin: number, times = 1): void {
    if (bin >= this.counts.length) {
      this.outOfBounds += times
      return
    }
    const before = this.counts[bin]!
    this.counts[bin] = before + times
    this.squares += times * (2 * before + times)
    this.inBounds += times
    if (bin <= this.head.bin) this.head.reached += times
    if (bin <= this.tail.bin) this.tail.reached += times
  }

  /**
   * Whether the population coefficient of variation of the bin counts, empty bins included, is at least `cv`; with no
   * idle time it is 0. Compared as squares: bins x sum of squares / N^2 = CV^2 + 1, exact for whole numbers.
   */
  variesAtLeast(cv: number): boolean {
    const { inBounds, squares, counts } = this
    if (inBounds === 0) return cv <= 0
    return counts.length * squares >= (cv * cv + 1) * inBounds * inBounds
  }

  /**
   * So many more idle times in that bin, at most `most`, leave what {@link variesAtLeast} tells of `cv` as it is, and the
   * cut-offs where it tells true, after each of them. It may be more than this tells.
   */
  steadyFor(bin: number, most: number, cv: number): number {
    if (this.inBounds === 0 || bin >= this.counts.length) return 0
    const { counts, head, tail, inBounds } = this
    if (!this.variesAtLeast(cv)) return this.uniformFor(bin, most, cv)
    let steady = this.variedFor(bin, most, cv)
    this.headBin()
    this.tailBin()
    while (
      steady > 0 &&
      !(head.standsAfter(counts, inBounds, bin, steady) && tail.standsAfter(counts, inBounds, bin, steady))
    )
      steady = Math.floor(steady / 2)
    return steady
  }

  /**
   * Learns the first of `most` idle times, as long as they are within the range, {@link variesAtLeast} goes on to tell true of
   * `cv` as it does now, and the cut-offs stand; gives how many it learnt. The next one may be of another kind.
   */
  learnSteady(runs: IdleRuns, most: number, { binWidth, range, cv }: Steadiness): number {
    const { counts, head, tail } = this
    const { idleMs, times } = runs
    const headBin = this.headBin()
    const tailBin = this.tailBin()
    const { percent: headPercent } = head
    const { percent: tailPercent } = tail
    let { inBounds, squares } = this
    let headReached = head.reached
    let tailReached = tail.reached
    // Idle times below the bins of the cut-offs.
    let headBefore = headReached - counts[headBin]!
    let tailBefore = tailReached - counts[tailBin]!
    let { run, nth } = runs
    let heard = 0
    for (let mostVaried = 0; heard < most; run += 1, nth = 0) {
      const gap = idleMs[run]!
      if (gap >= range) break
      const bin = Math.floor(gap / binWidth)
      const rest = times[run]! - nth
      const more = rest < most - heard ? rest : most - heard
      const all = inBounds + more
      if (all > mostVaried) {
        mostVaried = this.variedUpTo(squares, cv)
        if (all > mostVaried) break
      }
      // Masks, for whether an idle time is below a cut-off is guessed wrongly too often.
      const headReaches = headReached + (more & ~((headBin - bin) >> 31))
      const headPasses = headBefore + (more & ((bin - headBin) >> 31))
      const tailReaches = tailReached + (more & ~((tailBin - bin) >> 31))
      const tailPasses = tailBefore + (more & ((bin - tailBin) >> 31))
      const headTarget = headPercent * all
      const tailTarget = tailPercent * all
      if (100 * headReaches < headTarget || (headPasses > 0 && 100 * headPasses >= headTarget)) break
      if (100 * tailReaches < tailTarget || (tailPasses > 0 && 100 * tailPasses >= tailTarget)) break
      const own = counts[bin]!
      counts[bin] = own + more
      squares += more * (2 * own + more)
      inBounds = all
      headReached = headReaches
      headBefore = headPasses
      tailReached = tailReaches
      tailBefore = tailPasses
      heard += more
    }
    this.inBounds = inBounds
    this.squares = squares
    head.reached = headReached
    tail.reached = tailReached
    return heard
  }

  /** Up to so many idle times {@link variesAtLeast} clearly tells true, wherever they fall: the sum of squares never falls. */
  private variedUpTo(squares: number, cv: number): number {
    return Math.floor(Math.sqrt((this.counts.length * squares) / ((cv * cv + 1) * CLEARLY)))
  }

  /**
   * Bins x sum of squares / N^2 falls at first as idle times fall into one bin, and rises once that bin has more than sum of
   * squares / N of them: so it is least there.
   */
  private variedFor(bin: number, most: number, cv: number): number {
    const { counts, inBounds, squares } = this
    const own = counts[bin]!
    if (own * inBounds >= squares) return this.isClear(0, own, cv, true) ? most : 0
    let steady = Math.min(most, Math.floor((squares - own * inBounds) / (inBounds - own)))
    while (steady > 0 && !this.isClear(steady, own, cv, true)) steady = Math.floor(steady / 2)
    return steady
  }

  /** What falls and then rises is greatest at its ends. */
  private uniformFor(bin: number, most: number, cv: number): number {
    const own = this.counts[bin]!
    if (!this.isClear(0, own, cv, false)) return 0
    let steady = most
    while (steady > 0 && !this.isClear(steady, own, cv, false)) steady = Math.floor(steady / 2)
    return steady
  }

  /** Whether {@link variesAtLeast} would clearly tell the same with `more` idle times in a bin that has `own`. */
  private isClear(more: number, own: number, cv: number, varies: boolean): boolean {
    const all = this.inBounds + more
    const found = this.counts.length * (this.squares + more * (2 * own + more))
    const least = (cv * cv + 1) * all * all
    return varies ? found >= least * CLEARLY : found * CLEARLY < least
  }

  /** First bin whose cumulative count reaches the head cut-off. Only with an idle time in bounds. */
  headBin(): number {
    return this.head.settle(this.counts, this.inBounds)
  }

  /** First bin whose cumulative count reaches the tail cut-off. Only with an idle time in bounds. */
  tailBin(): number {
    return this.tail.settle(this.counts, this.inBounds)
  }

  /** The counts by bin and out of bounds, as plain JSON. */
  save(): { counts: [number, number][]; outOfBounds: number } {
    const counts: [number, number][] = []
    for (const [bin, count] of this.counts.entries()) if (count > 0) counts.push([bin, count])
    return { counts, outOfBounds: this.outOfBounds }
  }

  /** Adds saved counts. */
  load(saved: { counts: [number, number][]; outOfBounds: number }): void {
    this.outOfBounds += saved.outOfBounds
    for (const [bin, count] of saved.counts) this.learn(bin, count)
  }
}

/** What the answer to a histogram depends on beside its counts. */
interface Steadiness {
  readonly binWidth: number
  readonly range: number
  readonly cv: number
}

/** Follows one percentile: it walks from where it stood, and idle times move it little. */
class Cursor {
  bin = 0
  /** Idle times in the bins up to and including `bin`. */
  reached = 0
  readonly percent: number

  constructor(percent: number) {
    this.percent = percent
  }

  /** Whether it stands where it does with `more` idle times in that bin, and then with fewer of them as well. It is settled. */
  standsAfter(counts: Uint32Array, total: number, bin: number, more: number): boolean {
    const target = this.percent * (total + more)
    const reached = this.reached + (bin <= this.bin ? more : 0)
    if (100 * reached < target) return false
    const before = this.reached - counts[this.bin]! + (bin < this.bin ? more : 0)
    return this.bin === 0 || before === 0 || 100 * before < target
  }

  settle(counts: Uint32Array, total: number): number {
    const target = this.percent * total
    let { bin, reached } = this
    while (100 * reached < target || reached === 0) {
      bin += 1
      reached += counts[bin]!
    }
    while (bin > 0) {
      const before = reached - counts[bin]!
      if (100 * before < target || before === 0) break
      reached = before
      bin -= 1
    }
    this.bin = bin
    this.reached = reached
    return bin
  }
}
