import { formatCount, formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

/** Null where memory is without limit, so that these columns say nothing there. */
function underPressure(metric: Omit<Metric, 'headline' | 'better'> & { readonly headline?: boolean }): Metric {
  return {
    headline: false,
    ...metric,
    better: 'lower',
    of: (run, trace) => (run.model['kind'] === 'cluster' ? metric.of(run, trace) : null),
  }
}

export const drops = underPressure({
  id: 'drops',
  summary: 'Invocations that found no room, at once or in time, and were not served.',
  heading: 'drops',
  unit: '',
  headline: true,
  of: ({ totals }) => totals.drops,
  format: formatCount,
})

export const evictionCount = underPressure({
  id: 'evictions',
  summary: 'Idle instances that went because another load needed their memory.',
  heading: 'evictions',
  unit: '',
  of: ({ totals }) => totals.evictions,
  format: formatCount,
})

export const waits = underPressure({
  id: 'waits',
  summary: 'Invocations that waited in line, for room or for a busy instance of their app.',
  heading: 'waits',
  unit: '',
  of: ({ totals }) => totals.waits,
  format: formatCount,
})

export const waitingTime = underPressure({
  id: 'waiting-time',
  summary:
    'Time that invocations waited in line, for room or for a busy instance, all together; loading is not part of it.',
  heading: 'waiting',
  unit: 's',
  of: ({ totals }) => totals.waitingMs / 1000,
  format: formatQuantity,
})
