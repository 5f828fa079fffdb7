import { formatCount } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

export const alwaysCold: Metric = {
  id: 'always-cold',
  summary: 'Apps whose every invocation was a cold start.',
  heading: 'always cold',
  unit: 'apps',
  better: 'lower',
  headline: false,
  of: ({ perApp }) => perApp.alwaysCold,
  format: formatCount,
}

export const alwaysColdRepeated: Metric = {
  id: 'always-cold-repeated',
  summary: 'Apps invoked more than once whose every invocation was a cold start.',
  heading: 'always cold, repeated',
  unit: 'apps',
  better: 'lower',
  headline: true,
  of: ({ perApp }) => perApp.alwaysColdRepeated,
  format: formatCount,
}
