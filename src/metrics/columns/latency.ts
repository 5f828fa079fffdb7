import type { Latency } from '../../engine/latency.ts'
import type { LatencyQuantiles } from '../run.ts'
import { formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

const WHAT: Readonly<Record<Latency, string>> = {
  added: 'How long invocations waited in line and for a load before they ran',
  waiting: 'How long invocations waited in line alone',
  response: 'How long invocations took from arrival to answer, execution included',
}

function latency(kind: Latency, quantile: keyof LatencyQuantiles, headline = false): Metric {
  const over = quantile === 'max' ? 'at most' : `at quantile 0.${quantile.slice(1).replace('.', '')}`
  return {
    id: `${kind}-${quantile}`,
    summary: `${WHAT[kind]}, ${over}, over the invocations that were served, within 0.4 %.`,
    heading: `${quantile} ${kind}`,
    unit: 'ms',
    better: 'lower',
    headline,
    of: ({ latency: quantiles }) => quantiles?.[kind][quantile] ?? null,
    format: formatQuantity,
  }
}

export const added50 = latency('added', 'p50')
export const added90 = latency('added', 'p90')
export const added95 = latency('added', 'p95')
export const added99 = latency('added', 'p99', true)
export const added999 = latency('added', 'p99.9')
export const addedMax = latency('added', 'max')
export const waiting99 = latency('waiting', 'p99')
export const waitingMax = latency('waiting', 'max')
export const response50 = latency('response', 'p50')
export const response90 = latency('response', 'p90')
export const response95 = latency('response', 'p95')
export const response99 = latency('response', 'p99')
export const response999 = latency('response', 'p99.9')
export const responseMax = latency('response', 'max')
