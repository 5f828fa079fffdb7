import type { RunSummary } from '../../metrics/comparison.ts'

type Reason = keyof RunSummary['reasons']

/** What each reason of a cold start is called. */
export const REASON_NAMES: Readonly<Record<Reason, string>> = {
  first: 'first load of the app',
  expired: 'keep-alive had expired',
  early: 'came before the pre-warm',
  evicted: 'evicted for memory',
  scaleOut: 'all instances were full',
}

/** The reasons, in the order in which the page has them. */
export const REASONS = Object.keys(REASON_NAMES) as Reason[]
