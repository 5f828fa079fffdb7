import type { RunSummary } from '../../metrics/comparison.ts'

type SummaryReason = keyof RunSummary['reasons']

/** The reasons of cold starts, in the order in which the page has them. */
export const PAGE_REASONS = [
  'first',
  'expired',
  'early',
  'evicted',
  'scaleOut',
] as const satisfies readonly SummaryReason[]
