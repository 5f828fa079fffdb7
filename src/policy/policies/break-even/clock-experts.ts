import { MINUTE } from '../../../core/units.ts'
import { ArrivalRecord } from './arrival-record.ts'
import type { Law } from './law.ts'

/** The lags, in minutes, at which an app may do again what it did, in the order in which they are asked. */
const LAG_MINUTES = [1440, 60, 30, 10]
/** Upper ends of the buckets by the mass that the law gives already; the last bucket has none. */
const BUCKET_ENDS = [0.02, 0.2, 0.5, 0.8, 0.95]
const BUCKETS = BUCKET_ENDS.length + 1
/** Cells of a lag: whether the past is alike, by bucket. */
const CELLS = 2 * BUCKETS
/** So many trials weighs the law's own mass. */
const TRUST = 10
const MOST_CERTAIN = 0.9995
const MOST_TRIED = 65_535
const NOTHING_ASKED = -1

/** The lags that bins of that width can tell apart, in bins. */
export function lagsOf(binWidth: number): readonly number[] {
  return LAG_MINUTES.map((minutes) => Math.round((minutes * MINUTE) / binWidth)).filter((bins) => bins >= 1)
}

/** The experts' calibration of one app, as plain JSON. */
export interface SavedExperts {
  readonly record: ReturnType<ArrivalRecord['save']>
  readonly tried: number[]
  readonly right: number[]
  readonly askedCell: number[]
  readonly askedBin: number[]
}

/**
 * Experts of the clock for one app. Each looks a lag back: had the app been where it is now, which bin would its next arrival
 * have fallen in? How often that was right, by lag, likeness of the past and what the law said, is what its word is worth.
 * Hot: measured by bench/policies.ts.
 */
export class ClockExperts {
  private readonly lags: readonly number[]
  private readonly record: ArrivalRecord
  private readonly tried: Uint16Array
  private readonly right: Uint16Array
  /** The open question of each lag: the cell that it counts for, and the bin that was named. */
  private readonly askedCell: Int16Array
  private readonly askedBin: Int32Array

  constructor(lags: readonly number[]) {
    this.lags = lags
    this.record = new ArrivalRecord(Math.max(...lags))
    this.tried = new Uint16Array(lags.length * CELLS)
    this.right = new Uint16Array(lags.length * CELLS)
    this.askedCell = new Int16Array(lags.length).fill(NOTHING_ASKED)
    this.askedBin = new Int32Array(lags.length)
  }

  /** An arrival in the bin `now`, which ended an idle time of `idleBin` bins, or none: -1. */
  arrived(now: number, idleBin: number): void {
    this.record.set(now)
    if (idleBin < 0) return
    const { askedBin, askedCell, right, tried } = this
    for (let lag = 0; lag < askedCell.length; lag += 1) {
      const cell = askedCell[lag]!
      if (cell === NOTHING_ASKED) continue
      askedCell[lag] = NOTHING_ASKED
      tried[cell]! += 1
      if (askedBin[lag] === idleBin) right[cell]! += 1
      if (tried[cell]! < MOST_TRIED) continue
      tried[cell]! >>>= 1
      right[cell]! >>>= 1
    }
  }

  /** The app is idle from the bin `now` on: asks every expert, and gives the bins that they name their mass in the law. */
  ask(law: Law, now: number): void {
    const { lags, record } = this
    record.advance(now)
    const present = record.pastOf(now)
    for (let lag = 0; lag < lags.length; lag += 1) {
      this.askedCell[lag] = NOTHING_ASKED
      const then = now - lags[lag]!
      if (then < record.first) continue
      const next = record.nextAfter(then)
      if (next < 0 || next - then >= law.prior.bins) continue
      const bin = next - then
      const mass = law.mass(bin)
      const cell = lag * CELLS + (record.pastOf(then) === present ? BUCKETS : 0) + bucketOf(mass)
      const p = (this.right[cell]! + TRUST * mass) / (this.tried[cell]! + TRUST)
      law.fix(bin, mass, Math.min(MOST_CERTAIN, p))
      this.askedCell[lag] = cell
      this.askedBin[lag] = bin
    }
  }

  save(): SavedExperts {
    return {
      record: this.record.save(),
      tried: [...this.tried],
      right: [...this.right],
      askedCell: [...this.askedCell],
      askedBin: [...this.askedBin],
    }
  }

  load(saved: SavedExperts): void {
    this.record.load(saved.record)
    this.tried.set(saved.tried)
    this.right.set(saved.right)
    this.askedCell.set(saved.askedCell)
    this.askedBin.set(saved.askedBin)
  }
}

function bucketOf(mass: number): number {
  let bucket = 0
  while (bucket < BUCKET_ENDS.length && mass >= BUCKET_ENDS[bucket]!) bucket += 1
  return bucket
}
