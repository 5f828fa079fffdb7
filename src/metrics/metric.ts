import type { Described } from '../core/registry.ts'
import type { Comparison, RunSummary, TraceSummary } from './comparison.ts'

/** One named column of a comparison. */
export interface Metric extends Described {
  /** The heading of its column. */
  readonly heading: string
  /** The unit of its values; empty for counts. */
  readonly unit: string
  /** Which of two values is the better one. */
  readonly better: 'lower' | 'higher' | 'neither'
  /** Whether narrow tables show it. */
  readonly headline: boolean
  /** What of it differs in a comparison; absent where nothing does. */
  within?(comparison: Comparison): Partial<Pick<Metric, 'unit' | 'headline'>>
  /** Its value for a run, in its unit; null where the run has none. */
  of(run: RunSummary, trace: TraceSummary): number | null
  /** A value as a text for people, without its unit. */
  format(value: number): string
}
