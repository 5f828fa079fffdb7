import { formatCount } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

export const loads: Metric = {
  id: 'loads',
  summary: 'Loads of instances, by cold starts and by pre-warming.',
  heading: 'loads',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.loads,
  format: formatCount,
}

export const prewarms: Metric = {
  id: 'prewarms',
  summary: 'Loads that no invocation began, or that nobody waited for any more as they ended.',
  heading: 'pre-warms',
  unit: '',
  better: 'neither',
  headline: false,
  of: ({ totals }) => totals.prewarms,
  format: formatCount,
}

export const prewarmsUnused: Metric = {
  id: 'prewarms-unused',
  summary: 'Pre-warmed instances that were unloaded without having served an invocation.',
  heading: 'unused pre-warms',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.prewarmsUnused,
  format: formatCount,
}
