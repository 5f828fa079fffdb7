import { formatPercent } from '../figure-text.ts'
import type { Metric } from '../metric.ts'
import type { RunFigures } from '../run.ts'

function appColdShare(quantile: keyof RunFigures['perApp']['coldShare'], headline: boolean): Metric {
  return {
    id: `app-cold-share-${quantile}`,
    summary: `The cold-start share of the app at quantile 0.${quantile.slice(1)}, over the apps that were invoked.`,
    heading: `${quantile} app cold`,
    unit: '%',
    better: 'lower',
    headline,
    of: ({ perApp }) => 100 * perApp.coldShare[quantile],
    format: formatPercent,
  }
}

export const appColdShare50 = appColdShare('p50', true)

/** The headline figure of Shahrad et al., USENIX ATC 2020, section 5. */
export const appColdShare75 = appColdShare('p75', true)

export const appColdShare90 = appColdShare('p90', false)

export const appColdShare99 = appColdShare('p99', false)
