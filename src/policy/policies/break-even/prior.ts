import { MINUTE } from '../../../core/units.ts'

/** Idle times that people and timers choose, in minutes. */
const ROUND_MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360]

/** What shapes a {@link Prior}; times in ms. */
export interface PriorShape {
  readonly binWidth: number
  readonly range: number
  readonly priorScale: number
  readonly priorExponent: number
  /** Part of the mass, 0 to 1, that lies on round times. */
  readonly round: number
}

/**
 * The law of an idle time of which nothing is known: a Pareto law, whose hazard falls all the way, and some mass on round
 * times. Bins 0 to `bins` - 1 lie within the range, bin `bins` is all that lies beyond it.
 */
export class Prior {
  readonly bins: number
  /** The smooth part's survival S(k) = (1 + k binWidth / scale)^-exponent, for k up to `bins`. */
  readonly survival: Float64Array
  /** Sum of S(j + 1) over j < k: with it, expected times across a stretch without special bins cost no walk. */
  readonly survivalSum: Float64Array
  /** Part of the mass that is smooth. */
  readonly smooth: number
  /** The bins with round times in them, in order. */
  readonly roundBins: readonly number[]
  /** Probability that an idle time falls into each bin. */
  readonly mass: Float64Array

  constructor({ binWidth, range, priorScale, priorExponent, round }: PriorShape) {
    const bins = Math.max(1, Math.floor(range / binWidth))
    this.bins = bins
    this.smooth = 1 - round
    this.survival = new Float64Array(bins + 1)
    this.survivalSum = new Float64Array(bins + 1)
    for (let bin = 0; bin <= bins; bin += 1) {
      this.survival[bin] = (1 + (bin * binWidth) / priorScale) ** -priorExponent
      if (bin > 0) this.survivalSum[bin] = this.survivalSum[bin - 1]! + this.survival[bin]!
    }
    this.mass = this.survival.map((alive, bin) => this.smooth * (alive - (bin < bins ? this.survival[bin + 1]! : 0)))
    for (const minutes of ROUND_MINUTES) {
      this.mass[Math.min(Math.floor((minutes * MINUTE) / binWidth), bins)]! += round / ROUND_MINUTES.length
    }
    this.roundBins = [...new Set(ROUND_MINUTES.map((minutes) => Math.floor((minutes * MINUTE) / binWidth)))].filter(
      (bin) => round > 0 && bin < bins,
    )
  }

  /**
   * The first bin of the smooth stretch [from, to) whose hazard is not worth the price of a bin, `to` where all are: the
   * stretch has the prior's smooth part times `smooth`, and `floor` lies beyond it.
   */
  worthUpTo(from: number, to: number, smooth: number, floor: number, perBin: number): number {
    const { survival } = this
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >>> 1
      const hazard = smooth * (survival[middle]! - survival[middle + 1]!)
      if (hazard > perBin * (floor + smooth * survival[middle + 1]!)) low = middle + 1
      else high = middle
    }
    return low
  }
}
