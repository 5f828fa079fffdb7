import { registry } from '../../core/registry.ts'
import type { Chart } from '../chart.ts'
import { coldShareDistribution } from './cold-share-distribution.ts'
import { coldStartReasons } from './cold-start-reasons.ts'
import { coldVsMemory } from './cold-vs-memory.ts'
import { loadedMemory } from './loaded-memory.ts'

/** Every chart, in the order of a report. */
export const CHARTS = registry<Chart>('chart', [coldVsMemory, coldShareDistribution, coldStartReasons, loadedMemory])
