import { formatCount, formatPercent } from '../format.ts'
import type { Metric } from '../metric.ts'

export const coldStarts: Metric = {
  id: 'cold-starts',
  summary: 'Invocations that found no loaded instance with room for them.',
  heading: 'cold starts',
  unit: '',
  better: 'lower',
  headline: true,
  of: ({ totals }) => totals.coldStarts,
  format: formatCount,
}

export const coldShare: Metric = {
  id: 'cold-share',
  summary: 'Cold starts as a share of all invocations.',
  heading: 'cold share',
  unit: '%',
  better: 'lower',
  headline: true,
  of: (run) => 100 * run.coldShare,
  format: formatPercent,
}

export const coldStartsRelative: Metric = {
  id: 'cold-starts-relative',
  summary: 'Cold starts as a percentage of the baseline run’s.',
  heading: 'cold starts',
  unit: '% of base',
  better: 'lower',
  headline: false,
  of: ({ relative }) => (relative.coldStarts === null ? null : 100 * relative.coldStarts),
  format: formatPercent,
}

export const joined: Metric = {
  id: 'joined',
  summary: 'Invocations that waited for a load which something else had begun.',
  heading: 'joined',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.joined,
  format: formatCount,
}

export const missed: Metric = {
  id: 'missed',
  summary: 'Invocations that were not served warm: cold starts, and what was dropped for want of room.',
  heading: 'cold or dropped',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.coldStarts + totals.drops,
  format: formatCount,
}
