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
  /** The price that {@link worthUpTo} was last asked for, and its answer: most apps of a fleet ask for few. */
  private askedPrice = -1
  private askedEnd = 0
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

  /** The first bin from which on no smooth bin is worth that price, whatever else there is: its hazard falls all the way. */
  worthUpTo(perBin: number): number {
    if (perBin === this.askedPrice) return this.askedEnd
    const { survival, bins } = this
    let low = 0
    let high = bins
    while (low < high) {
      const middle = (low + high) >>> 1
      if (survival[middle]! - survival[middle + 1]! <= perBin * survival[middle + 1]!) high = middle
      else low = middle + 1
    }
    this.askedPrice = perBin
    this.askedEnd = low
    return low
  }
}
