import { formatQuantity } from '../figure-text.ts'
import { MB_PER_GB } from '../memory-time.ts'
import type { Metric } from '../metric.ts'
import type { MeasuredRun } from '../run.ts'

/**
 * Power of what is loaded, in W, as LACE-RL (CCGrid 2026) reckons it: 0.00037 for each MB, and of 32 cores, each of which
 * draws 0.3, a fifth for one of them.
 */
const W_PER_MB = 0.00037
const W_PER_CORE = (0.3 * 0.2) / 32

/**
 * The world's mean of 2018, of IEA, "Global Energy and CO2 Status Report", 2019, as the documentation of CodeCarbon
 * (mlco2/codecarbon) quotes it. For 2024 the same agency has 445 (https://www.iea.org/reports/electricity-2025/emissions, read
 * in November 2026); results are compared on one constant, so it stays.
 */
const G_PER_KWH = 475

/**
 * The share of what making the memory emitted: 1,390 g for each GB over a life of four years. Both are in the coefficients of
 * Cloud Carbon Footprint (cloud-carbon-coefficients, ccfcoef/constants.py): 533 kg for 384 GB, by Dell's assessment of a
 * PowerEdge R740, after Davy, "Building an AWS EC2 carbon emissions dataset", Teads Engineering, 2021.
 */
const EMBODIED_G_PER_GB_S = 1390 / (4 * 365 * 24 * 3600)

const MS_PER_HOUR = 3_600_000

/** Grams of CO2 of instances that are loaded for so long in all, of so much memory in all; each has a core. */
function grams(instanceMs: number, memoryMbS: number): number {
  const wattHours = (W_PER_MB * memoryMbS * 1000 + W_PER_CORE * instanceMs) / MS_PER_HOUR
  return (wattHours / 1000) * G_PER_KWH + (memoryMbS / MB_PER_GB) * EMBODIED_G_PER_GB_S
}

export const idleCarbon: Metric = {
  id: 'idle-carbon',
  summary:
    'Carbon of instances that were loaded and executed nothing: 0.37 mW per MB and 1.9 mW per core at 475 g/kWh, and 1,390 g per GB embodied over four years.',
  heading: 'idle carbon',
  unit: 'g CO2',
  better: 'lower',
  headline: false,
  of: ({ totals }) => grams(totals.idleMs, totals.idleMbS),
  format: formatQuantity,
}

export const loadedCarbon: Metric = {
  id: 'loaded-carbon',
  summary:
    'The same for all loaded instances: idle, loading or executing. Executing is charged no more than being idle.',
  heading: 'loaded carbon',
  unit: 'g CO2',
  better: 'lower',
  headline: false,
  of: ({ totals }: MeasuredRun) =>
    grams(totals.idleMs + totals.busyMs + totals.loadingMs, totals.idleMbS + totals.busyMbS + totals.loadingMbS),
  format: formatQuantity,
}
