import type { Described } from '../core/registry.ts'
import type { PriceTable } from './prices/price-table.ts'
import type { MeasuredRun, TraceSummary } from './run.ts'

/**
 * One named column of a comparison. It holds its own formula over a run’s sums and over the accounts of every app, and
 * may set them against the baseline’s.
 */
export interface Metric extends Described {
  /** The heading of its column. */
  readonly heading: string
  /** The unit of its values; empty for counts. */
  readonly unit: string
  /** Which of two values is the better one. */
  readonly better: 'lower' | 'higher' | 'neither'
  /** Whether narrow tables show it. */
  readonly headline: boolean
  /** What of it depends on the prices of a comparison; absent where nothing does. */
  within?(prices: PriceTable | null): Partial<Pick<Metric, 'unit' | 'headline'>>
  /** Its value for a run, in its unit; null where the run has none. */
  of(run: MeasuredRun, trace: TraceSummary): number | null
  /** A value as a text for people, without its unit. */
  format(value: number): string
}
