import { randomNormal } from 'd3-random'
import type { RandomStream } from '../../core/random.ts'
import { MEMORY } from './published-shares.ts'

/** A row of the memory table, in whole MB. */
export interface MemoryRow {
  /** Samples taken, one every 5 seconds while the app was loaded. */
  readonly samples: number
  readonly averageMb: number
  /** At 1, 5, 25, 50, 75, 95, 99 and 100 %. */
  readonly percentiles: readonly number[]
}

/** Most that an instance may have, in MB; 0.1 % of the distribution lies above and is cut to it. */
const MOST_MB = 1536

/** Spread of an app's samples around its average (sigma of a log-normal), chosen so that HIGHEST_MEMORY comes out. */
const SPREAD = 0.065

/** Standard normal quantiles at 1, 5, 25, 50, 75, 95 and 99 %, and where a day's highest sample lies. */
const QUANTILES = [-2.3263, -1.6449, -0.6745, 0, 0.6745, 1.6449, 2.3263, 3] as const

/** Samples of a minute with invocations: the app stays loaded for some 20 minutes around it, sampled every 5 seconds. */
const SAMPLES_PER_ACTIVE_MINUTE = 20 * 12

/** Samples of a whole day. */
const SAMPLES_PER_DAY = 24 * 60 * 12

/** The mean allocated memory of an app at a quantile in (0, 1], in MB: the inverse of the Burr type XII survival. */
export function meanMbAt(survival: number): number {
  const { c, k, scale } = MEMORY
  return Math.min(MOST_MB, scale * (survival ** (-1 / k) - 1) ** (1 / c))
}

/** Draws an app's mean allocated memory in MB, at least 1. */
export function drawMeanMb(stream: RandomStream): number {
  return Math.max(1, meanMbAt(stream.positive()))
}

/** A day's row of an app with so many active function minutes that day. */
export function memoryRow(stream: RandomStream, meanMb: number, activeMinutes: number): MemoryRow {
  const normal = randomNormal.source(() => stream.uniform())()
  const mean = meanMb * Math.exp(0.02 * normal())
  const at = (z: number) => Math.max(1, Math.round(mean * Math.exp(SPREAD * z)))
  const percentiles = QUANTILES.map(at)
  const averageMb = Math.max(1, Math.round(mean))
  return {
    samples: Math.min(SAMPLES_PER_DAY, activeMinutes * SAMPLES_PER_ACTIVE_MINUTE),
    averageMb,
    percentiles,
  }
}
