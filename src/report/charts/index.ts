import { registry } from '../../core/registry.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { Chart } from '../chart.ts'
import { capacity } from './capacity.ts'
import { coldShareDistribution } from './cold-share-distribution.ts'
import { coldStartReasons } from './cold-start-reasons.ts'
import { coldVsMemory } from './cold-vs-memory.ts'
import { loadedMemory } from './loaded-memory.ts'
import { measuredIdleTimes } from './measured-idle-times.ts'
import { measuredOverTime } from './measured-over-time.ts'
import { measuredPerApp } from './measured-per-app.ts'

/** Every chart, in the order of a report. */
export const CHARTS = registry<Chart>('chart', [
  coldVsMemory,
  capacity,
  coldShareDistribution,
  coldStartReasons,
  loadedMemory,
  measuredOverTime,
  measuredPerApp,
  measuredIdleTimes,
])

/** The charts of a report on a comparison: those of the list and then the user's own, as far as they suit it. */
export function chartsFor(comparison: Comparison, own: readonly Chart[] = []): readonly Chart[] {
  return [...CHARTS.all, ...own].filter((chart) => chart.suits?.(comparison) ?? true)
}
