import { HOUR } from '../../core/units.ts'
import { formatPercent, formatQuantity } from '../figure-text.ts'
import { MB_PER_GB } from '../memory-time.ts'
import type { Metric } from '../metric.ts'

export const idleMemory: Metric = {
  id: 'idle-memory',
  summary: 'Memory times time of instances that were loaded and executed nothing.',
  heading: 'idle memory',
  unit: 'GB·s',
  better: 'lower',
  headline: true,
  of: ({ totals }) => totals.idleMbS / MB_PER_GB,
  format: formatQuantity,
}

export const idleAppHours: Metric = {
  id: 'idle-app-hours',
  summary: 'Hours of instances that were loaded and executed nothing, where every app is charged 1 MB.',
  heading: 'idle app hours',
  unit: 'h',
  better: 'lower',
  headline: true,
  of: ({ totals, model }) => (model['memory'] === 'equal' ? totals.idleMs / HOUR : null),
  format: formatQuantity,
}

export const idleMemoryRelative: Metric = {
  id: 'idle-memory-relative',
  summary: 'Idle memory time as a percentage of the baseline run’s.',
  heading: 'idle memory',
  unit: '% of base',
  better: 'lower',
  headline: true,
  of: ({ relative }) => (relative.idleMbS === null ? null : 100 * relative.idleMbS),
  format: formatPercent,
}

export const busyMemory: Metric = {
  id: 'busy-memory',
  summary: 'Memory times time of instances that were executing.',
  heading: 'busy memory',
  unit: 'GB·s',
  better: 'neither',
  headline: false,
  of: ({ totals }) => totals.busyMbS / MB_PER_GB,
  format: formatQuantity,
}

export const loadingMemory: Metric = {
  id: 'loading-memory',
  summary: 'Memory times time of instances that were loading.',
  heading: 'loading memory',
  unit: 'GB·s',
  better: 'lower',
  headline: false,
  of: ({ totals }) => totals.loadingMbS / MB_PER_GB,
  format: formatQuantity,
}
