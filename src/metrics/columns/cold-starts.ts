import { formatCount, formatPercent, formatQuantity } from '../figure-text.ts'
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
  headline: false,
  of: (run) => 100 * run.coldShare,
  format: formatPercent,
}

/** A percentage of two decimals is 0.01 for most runs on traces in which a few apps have most invocations. */
export const coldPer10000: Metric = {
  id: 'cold-per-10000',
  summary: 'Cold starts of 10,000 invocations.',
  heading: 'cold per 10,000',
  unit: '',
  better: 'lower',
  headline: true,
  of: (run) => 10_000 * run.coldShare,
  format: formatQuantity,
}

export const avoidableCold: Metric = {
  id: 'avoidable-cold',
  summary: 'Cold starts that are no app’s first: what keeping or loading ahead could have served warm.',
  heading: 'avoidable cold',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals, reasons }) => totals.coldStarts - reasons.first,
  format: formatCount,
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
  summary: 'Invocations that were not served warm: cold starts, and what was dropped for lack of room.',
  heading: 'cold or dropped',
  unit: '',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.coldStarts + totals.drops,
  format: formatCount,
}
