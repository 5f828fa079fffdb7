import { HOUR, MINUTE } from '../../../core/units.ts'

/** Idle times of further instances are told apart by the minute, up to eight hours. */
const BINS = (8 * HOUR) / MINUTE

/** The same in time: what was learnt of one app's further instances, as plain JSON. */
export interface SavedFurther {
  readonly counts: [bin: number, gaps: number][]
  readonly fellAt: number[]
}

/**
 * The law of one app's further instances: how long after the number in use fell below k, for any k of 2 and more, it rises
 * to k again. All k are counted together; telling them apart gains next to nothing.
 */
export class Further {
  /** Gaps in each minute; the last cell counts those of the range and more. */
  private readonly counts = new Float64Array(BINS + 1)
  private total = 0
  /** When the number in use last fell below k, at k - 2; -1 where it has not since it rose. */
  private readonly fellAt: number[] = []
  /** The answer to the present counts; -1 when it is to be found anew. */
  private keepMs = -1

  /** The number in use rose to `inUse`. */
  rose(now: number, inUse: number): void {
    const fellAt = this.fellAt[inUse - 2] ?? -1
    if (fellAt < 0) return
    this.fellAt[inUse - 2] = -1
    this.counts[Math.min(Math.floor((now - fellAt) / MINUTE), BINS)]! += 1
    this.total += 1
    this.keepMs = -1
  }

  /** The number in use fell to `inUse`, at least 1. */
  fell(now: number, inUse: number): void {
    while (this.fellAt.length < inUse - 1) this.fellAt.push(-1)
    this.fellAt[inUse - 1] = now
  }

  /**
   * How long an instance that is left idle is worth keeping, in ms: until the T of greatest P(gap < T) less `perMinute` times
   * the minutes that it is expected to be held. `hazard` gives the prior's hazard of each minute, which counts as one gap.
   */
  worthKeepingMs(perMinute: number, hazard: Float64Array): number {
    if (this.keepMs >= 0) return this.keepMs
    const { counts } = this
    let reaching = this.total
    let alive = 1
    let held = 0
    let best = 0
    let bestMinutes = 0
    for (let minute = 0; minute < BINS; minute += 1) {
      const gaps = counts[minute]!
      held += alive * (1 - (hazard[minute]! + gaps) / (1 + reaching))
      alive *= 1 - (hazard[minute]! + gaps) / (1 + reaching)
      reaching -= gaps
      const saving = 1 - alive - perMinute * held
      if (saving > best) {
        best = saving
        bestMinutes = minute + 1
      } else if (1 - perMinute * held <= best) break
    }
    this.keepMs = bestMinutes * MINUTE
    return this.keepMs
  }

  save(): SavedFurther {
    const counts: [number, number][] = []
    for (const [bin, gaps] of this.counts.entries()) if (gaps > 0) counts.push([bin, gaps])
    return { counts, fellAt: [...this.fellAt] }
  }

  load({ counts, fellAt }: SavedFurther): void {
    for (const [bin, gaps] of counts) {
      this.counts[bin] = gaps
      this.total += gaps
    }
    this.fellAt.push(...fellAt)
  }
}

/** The hazard of each minute of a Pareto law with that scale and exponent. */
export function paretoHazard(scaleMs: number, exponent: number): Float64Array {
  const survival = (minute: number): number => (1 + (minute * MINUTE) / scaleMs) ** -exponent
  return Float64Array.from({ length: BINS }, (_, minute) => 1 - survival(minute + 1) / survival(minute))
}
