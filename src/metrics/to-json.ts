import type { Comparison, RunSummary } from './comparison.ts'
import type { Decision } from './decision/decision.ts'
import type { MeasuredBeside } from './measured.ts'
import type { TraceSummary } from './run.ts'
import type { PriceTable } from './prices/price-table.ts'

/** The document that `run --json`, `compare --json` and the JSON report print; it may grow, and keys keep their meaning. */
export interface ComparisonDocument {
  readonly schema: 1
  readonly experiment: string
  readonly version: string
  readonly trace: TraceSummary
  readonly model: Readonly<Record<string, unknown>>
  /** Label of the baseline. */
  readonly baseline: string
  /** Id of its variant: the runs that the others are compared with. */
  readonly baselineVariant: string
  readonly prices: PriceTable | null
  readonly notes: readonly string[]
  /** All traces, where runs of several are compared. */
  readonly traces?: readonly TraceSummary[]
  /** What it comes to; positions are those of `runs`. */
  readonly decision: Decision
  /** Measured beside simulated cold starts, where the trace tells which invocations were cold. */
  readonly measured?: MeasuredBeside
  readonly runs: readonly Omit<RunSummary, 'charts'>[]
}

/**
 * A comparison as plain JSON, without the series that the charts draw. Infinite parameters and options, which JSON has
 * no number for, are the text `Infinity`.
 */
export function toJson(comparison: Comparison): ComparisonDocument {
  const { experiment, version, trace, traces, model, baseline, prices, notes, decision, runs, measured } = comparison
  return finite({
    schema: 1,
    experiment,
    version,
    trace: inOrder(trace),
    model,
    baseline: baseline.label,
    baselineVariant: baseline.variant,
    prices,
    notes,
    ...(traces === undefined ? {} : { traces: traces.map(inOrder) }),
    ...(measured === undefined ? {} : { measured }),
    runs: runs.map(({ charts: _charts, ...run }) => run),
    decision,
  }) as ComparisonDocument
}

/** The keys of a trace in one order, wherever it was read from. */
function inOrder({ id, format, digest, ...rest }: TraceSummary): TraceSummary {
  return { id, format, digest, ...rest }
}

/** Plain data with the text `Infinity` for numbers that JSON has no text for. */
export function finite(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return value.map((part) => finite(part))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, finite(part)]))
}
