import { formatCount, formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

/** Null where nothing is kept of an instance whose window is over. */
export const partialStarts: Metric = {
  id: 'partial-starts',
  summary: 'Cold starts that began from what was left of an instance, and took less time for that.',
  heading: 'partial starts',
  unit: '',
  better: 'higher',
  headline: false,
  of: ({ stages }) => (stages === undefined ? null : stages.fromStage1 + stages.fromStage2),
  format: formatCount,
}

export const cooledMemory: Metric = {
  id: 'cooled-memory',
  summary: 'The part of idle memory that was left of instances whose windows were over.',
  heading: 'cooled memory',
  unit: 'GB·s',
  better: 'lower',
  headline: false,
  of: ({ stages }) => (stages === undefined ? null : stages.cooledMbS / 1024),
  format: formatQuantity,
}
