import type { Reason } from '../../engine/ledger.ts'
import type { Judged } from '../run.ts'

/** What is wanted of a policy: the least of one metric, within limits of others. */
export interface Goal {
  /** Id of the metric that is to be least (or most, for one of which more is better). */
  readonly minimise: string
  readonly limits: readonly Limit[]
  /** Whether somebody asked for it; else it is the usual one. */
  readonly isAsked: boolean
}

/** A metric that may not be worse than a value, in the metric's unit. */
export interface Limit {
  readonly metric: string
  readonly value: number
}

/** The mean, least and most of a figure over runs. */
export interface FigureSpread {
  readonly mean: number
  readonly least: number
  readonly most: number
}

/** One kind of model with its options. Spread, seed and judged part do not make another world, but another sample of it. */
export interface ComparedWorld {
  /** Its kind, and what tells it from other worlds of that kind, as in `cluster eviction=lru`. */
  readonly name: string
  readonly kind: string
  /** Positions of its columns. */
  readonly columns: readonly number[]
}

/** One world under one spread, judged on one part: its seeds are one column. */
export interface WorldColumn {
  /** As in `paper`, or `paper spread=even day 9..12` where those differ. */
  readonly name: string
  /** Position of its world. */
  readonly world: number
  readonly judged: Judged | null
  readonly seeds: readonly number[]
}

/** How a candidate stands in one column, over its seeds. */
export interface Standing {
  /** Positions of its runs in the comparison. */
  readonly runs: readonly number[]
  /** What is to be least; null where a run has no such figure. */
  readonly value: FigureSpread | null
  /** The limited metrics, in the order of the goal. */
  readonly limited: readonly (FigureSpread | null)[]
  /** Whether it keeps to every limit, on average over its seeds. */
  readonly isAllowed: boolean
  /** 1 for the best of those that keep to the limits; equal ones share a rank. Null for one that does not. */
  readonly rank: number | null
  /** Reasons of its cold starts: means over its seeds. */
  readonly reasons: Readonly<Record<Reason, number>>
}

/** A policy with its parameters, in all columns. */
export interface Candidate {
  readonly label: string
  readonly variant: string
  readonly isBaseline: boolean
  /** One a column; null where it was not run. */
  readonly standings: readonly (Standing | null)[]
}

/** Where the order of candidates is another one than in the first column. */
export interface RankingChange {
  readonly column: number
  /** The best of the first column, and the best here; null where none keeps to the limits. */
  readonly before: string | null
  readonly now: string | null
  /** What became more, or less, of each reason of the former best's cold starts against the first column. */
  readonly reasons: Readonly<Record<Reason, number>> | null
  /** One sentence. */
  readonly text: string
}

/** A difference to the baseline, run by run in the same world, under the same seed and on the same part. */
export interface PairedDifference {
  /** Relative to the baseline: -0.25 is a quarter less. Null where the baseline has nothing. */
  readonly relative: number | null
  /** Between which 95 % of the relative differences lie over resampled apps and days; null where `relative` is. */
  readonly low: number | null
  readonly high: number | null
  /** In how many of the pairs it was less than the baseline. */
  readonly wins: number
  readonly pairs: number
}

/** Runs of one candidate in one world, which differ in seed, spread or judged part only: one row. */
export interface RunGroup {
  readonly label: string
  readonly variant: string
  readonly isBaseline: boolean
  /** Position of the world. */
  readonly world: number
  /** Positions of the runs in the comparison. */
  readonly runs: readonly number[]
  /** By the metric's id; null where no run has the figure. */
  readonly metrics: Readonly<Record<string, FigureSpread | null>>
  /** Cold starts and drops together, and idle memory; null where there is no baseline run to pair with. */
  readonly missed: PairedDifference | null
  readonly idleMbS: PairedDifference | null
}

/** What no policy beats, in one world: point by point, idle memory rising and cold starts falling. */
export interface BoundCurve {
  /** Id of the bound, as in `foresight`. */
  readonly id: string
  readonly title: string
  /** One sentence on whom it bounds. */
  readonly bounds: string
  /** Between two points nothing is below the later one. */
  readonly points: readonly { readonly idleMbS: number; readonly coldStarts: number }[]
}

/** The bounds of those runs that share a world, seed and judged part. */
export interface WorldBounds {
  /** Positions of the runs in the comparison. */
  readonly runs: readonly number[]
  readonly curves: readonly BoundCurve[]
}

/** How far a run is from what could be had at its idle memory. */
export interface BoundDistance {
  /** Id of the bound. */
  readonly bound: string
  /** The fewest cold starts at the run's idle memory. */
  readonly leastColdStarts: number
  /** The run's cold starts over those; null where they are 0. */
  readonly times: number | null
}

/** One thing that a reader must know to trust the figures. */
export interface TrustFact {
  readonly id: 'once' | 'length' | 'times' | 'memory' | 'durations' | 'judged' | 'seeds' | 'worlds'
  /** Whether it weakens what the figures say. */
  readonly level: 'sound' | 'caution'
  /** A few words, for a strip. */
  readonly short: string
  /** One sentence. */
  readonly text: string
}

/** Who wins, and whether it holds. */
export interface Verdict {
  /** One sentence, computed. */
  readonly text: string
  /** Labels of candidates; null where none keeps to the limits. */
  readonly winner: string | null
  readonly runnerUp: string | null
  /** In how many of the columns it wins, and names of those in which it does not. */
  readonly wins: number
  readonly of: number
  readonly failsIn: readonly string[]
}

/** What a comparison comes to. */
export interface Decision {
  readonly goal: Goal
  readonly worlds: readonly ComparedWorld[]
  readonly columns: readonly WorldColumn[]
  /** Best of the first column first; those beyond the limits last. */
  readonly candidates: readonly Candidate[]
  readonly changes: readonly RankingChange[]
  readonly groups: readonly RunGroup[]
  readonly bounds: readonly WorldBounds[]
  /** One a run; null where no bound is known. */
  readonly distances: readonly (BoundDistance | null)[]
  readonly trust: readonly TrustFact[]
  readonly verdict: Verdict
}
