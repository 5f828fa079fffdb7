import type { Prior } from './prior.ts'

/**
 * What is worth holding on for where only the prior is left of a law: the same for all apps of a price, but for the
 * prior's share. It is worked out for the price that was last asked for, as most apps of a fleet ask for few.
 */
export class PriorTail {
  /** From this bin on no smooth bin is worth the price, whatever else there is: the hazard falls all the way. */
  worthUpTo = 0
  /**
   * By round bin: what an instance that is held when the idle time comes to that bin still saves at most, for a prior of
   * mass 1, less the price of its bins; and the last bin of those that it is then held for. 0 and -1: nothing.
   */
  readonly saving: Float64Array
  readonly last: Int32Array
  private readonly prior: Prior
  private price = -1

  constructor(prior: Prior) {
    this.prior = prior
    this.saving = new Float64Array(prior.roundBins.length)
    this.last = new Int32Array(prior.roundBins.length)
  }

  /** Turns to a price of holding an instance for a bin, in cold starts. */
  turnTo(perBin: number): void {
    if (perBin === this.price) return
    this.price = perBin
    const { prior } = this
    const { bins, mass, roundBins, smooth, survival, survivalSum } = prior
    this.worthUpTo = prior.worthUpTo(0, bins, 1, 0, perBin)
    let next = bins
    let nextSaving = 0
    let nextLast = -1
    // P(gap > b) = floor + smooth x S(b + 1) for every b from a round bin up to the next one.
    let floor = mass[bins]! - smooth * survival[bins]!
    for (let round = roundBins.length - 1; round >= 0; round -= 1) {
      const bin = roundBins[round]!
      const after = bin + 1
      const heldUntil = (end: number): number =>
        (end - after) * floor + smooth * (survivalSum[end]! - survivalSum[after]!)
      const worth = mass[bin]! - perBin * (floor + smooth * survival[after]!)
      let best = 0
      let last = -1
      const consider = (saving: number, end: number): void => {
        if (saving <= best) return
        best = saving
        last = end
      }
      const end = prior.worthUpTo(after, next, smooth, floor, perBin)
      consider(worth + smooth * (survival[after]! - survival[end]!) - perBin * heldUntil(end), end - 1)
      const whole = worth + smooth * (survival[after]! - survival[next]!) - perBin * heldUntil(next)
      if (nextLast >= 0) consider(whole + nextSaving, nextLast)
      this.saving[round] = best
      this.last[round] = last
      floor += mass[bin]! - smooth * (survival[bin]! - survival[after]!)
      next = bin
      nextSaving = best
      nextLast = last
    }
  }
}
