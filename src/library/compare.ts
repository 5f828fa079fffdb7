import { UserError } from '../core/user-error.ts'
import { traceSummary } from '../experiment/trace-record.ts'
import { compareRuns as compareSummaries } from '../metrics/compare-runs.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import type { Trace } from '../trace/trace.ts'

/** What a comparison is made of. */
export interface CompareOptions {
  /** The trace that all the runs were made on. */
  readonly trace: Trace
  /** In the order of the report; their labels differ. */
  readonly runs: readonly FinishedRun[]
  /** The run that the others are compared with. Default: the first. */
  readonly baseline?: FinishedRun
  /** What reports call the comparison. Default: `study`. */
  readonly name?: string
  /** Prices that give every run its money; they change nothing else. */
  readonly prices?: PriceTable
}

/**
 * Sets finished runs beside each other. Each is compared with the baseline's policy under its own model and seed. Throws a
 * {@link UserError} where there is no run, where two have one label, or where the baseline is none of them.
 */
export function compare({ trace, runs, baseline = runs[0], name = 'study', prices }: CompareOptions): Comparison {
  if (baseline === undefined) throw new UserError({ where: 'runs', problem: 'expected one run or more, found none' })
  const labels = new Set<string>()
  for (const { label } of runs) {
    if (labels.has(label)) {
      const problem = `two runs have the label ${JSON.stringify(label)}`
      throw new UserError({ where: 'runs', problem, hint: 'Give simulate() a label of its own for each.' })
    }
    labels.add(label)
  }
  return compareSummaries({
    experiment: name,
    trace: traceSummary(trace),
    baseline: baseline.label,
    runs,
    ...(prices === undefined ? {} : { prices }),
  })
}
