import type { Language } from '../language/language.ts'
import type { Decision } from './decision/decision.ts'
import type { MeasuredBeside } from './measured.ts'
import type { Metric } from './metric.ts'
import type { ResultOrigin } from './origin.ts'
import type { PriceTable } from './prices/price-table.ts'
import type { RunFigures, TraceSummary } from './run.ts'

/** One run in numbers; the shape that `run --json` prints, plus what the charts draw. */
export interface RunSummary extends RunFigures {
  /** The value of every metric in its unit, by the metric's id; null where the run has none. */
  readonly metrics: Readonly<Record<string, number | null>>
}

/** The variant that others are compared with. */
export interface Baseline {
  /** What people call it, without what swept options add to the labels of its runs. */
  readonly label: string
  readonly variant: string
}

/** Several runs on one trace beside each other, one of them the baseline. */
export interface Comparison {
  readonly experiment: string
  readonly version: string
  /** What its sentences and headings are written in. */
  readonly language: Language
  readonly trace: TraceSummary
  /** All traces, where runs of several are compared; `trace` is then the first. */
  readonly traces?: readonly TraceSummary[]
  /** The model options shared by all runs; an option that was swept holds the list of its values. */
  readonly model: Readonly<Record<string, unknown>>
  /** The baseline's variant; with a swept model each run is compared with the baseline of its own model. */
  readonly baseline: Baseline
  /** What money was reckoned with; null where the experiment names no prices. */
  readonly prices: PriceTable | null
  /** What a reader must know besides; a sentence each. */
  readonly notes: readonly string[]
  /** The columns, in the order of a table. */
  readonly columns: readonly Metric[]
  readonly runs: readonly RunSummary[]
  /** What it comes to: who wins, where that does not hold, how sure it is. */
  readonly decision: Decision
  /** Beside what was measured on the platform; absent where the trace tells nothing of it. */
  readonly measured?: MeasuredBeside
  /** What is needed to make the runs again; absent where nobody asked for it. */
  readonly origin?: ResultOrigin
}
