import { largest, smallest } from '../../core/largest.ts'
import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import type { Metric } from '../../metrics/metric.ts'

/** One figure of a run. */
export interface MetricCell {
  readonly value: number | null
  /** The value for people; a dash where there is none. */
  readonly text: string
  /** Whether it is the best of its column, in a column where runs differ. */
  readonly best: boolean
}

/** Runs by metrics. */
export interface MetricTable {
  readonly metrics: readonly Metric[]
  readonly rows: readonly { readonly run: RunSummary; readonly cells: readonly MetricCell[] }[]
}

/** The figures of a comparison's runs under the given metrics. */
export function metricTable({ runs }: Comparison, metrics: readonly Metric[]): MetricTable {
  const columns = metrics.map((metric) => {
    const values = runs.map((run) => run.metrics[metric.id] ?? null)
    const best = bestOf(values, metric.better)
    return values.map(
      (value): MetricCell => ({
        value,
        text: value === null ? '–' : metric.format(value),
        best: value !== null && value === best,
      }),
    )
  })
  return { metrics, rows: runs.map((run, row) => ({ run, cells: columns.map((column) => column[row]!) })) }
}

/** Whether any run has a value of the metric. */
export function hasValues({ runs }: Comparison, { id }: Metric): boolean {
  return runs.some(({ metrics }) => typeof metrics[id] === 'number')
}

/** The metrics that narrow tables show: headlines that a run has, and no memory where all of it is invented. */
export function headlines(comparison: Comparison): Metric[] {
  const isInvented = comparison.runs.every(({ model }) => model['memory'] === 'equal')
  return comparison.columns.filter(
    (metric) => metric.headline && hasValues(comparison, metric) && !(isInvented && metric.id === 'idle-memory'),
  )
}

function bestOf(values: readonly (number | null)[], better: Metric['better']): number | undefined {
  const known = values.filter((value) => value !== null)
  if (better === 'neither' || new Set(known).size < 2) return undefined
  return better === 'lower' ? smallest(known) : largest(known)
}
