import { randomNormal } from 'd3-random'
import type { RandomStream } from '../../core/random.ts'
import { DURATION } from './published-shares.ts'

/** A row of the durations table, in whole milliseconds. */
export interface DurationRow {
  readonly average: number
  /** Executions measured. */
  readonly count: number
  readonly minimum: number
  readonly maximum: number
  /** At 0, 1, 25, 50, 75, 99 and 100 %. */
  readonly percentiles: readonly number[]
}

/** Longest mean that is drawn: an hour. 0.01 % of the log-normal lies above. */
const LONGEST_MS = 3_600_000

/** Longest execution of the release's first day [V: an independent profile], 96 minutes. */
const LONGEST_MAXIMUM_MS = 5_771_903

/** Spread of a function's own executions (sigma of a log-normal), chosen so that LONGEST_DURATION comes out. */
const SPREAD = 0.42

/** Spread of a function's average from day to day. */
const DAILY_SPREAD = 0.05

/** Standard normal quantiles at 1, 25, 50, 75 and 99 %. */
const QUANTILES = [-2.3263, -0.6745, 0, 0.6745, 2.3263] as const

/** Draws a function's mean execution time in ms, at least 1: log-normal. */
export function drawMeanMs(stream: RandomStream): number {
  const normal = randomNormal.source(() => stream.uniform())(DURATION.logMean, DURATION.sigma)
  return Math.min(LONGEST_MS, Math.max(1, 1000 * Math.exp(normal())))
}

/**
 * A day's row of a function that ran `count` times that day. Percentiles are those of a log-normal around the average,
 * as far out as `count` executions reach; they never fall, and the average lies between minimum and maximum.
 */
export function durationRow(stream: RandomStream, meanMs: number, count: number): DurationRow {
  const normal = randomNormal.source(() => stream.uniform())()
  const mean = meanMs * Math.exp(DAILY_SPREAD * normal())
  const average = wholeMs(mean)
  if (count === 1) {
    return { average, count, minimum: average, maximum: average, percentiles: Array.from({ length: 7 }, () => average) }
  }
  // The expected extremes of `count` normal draws, roughly.
  const reach = Math.sqrt(2 * Math.log(count))
  const median = mean * Math.exp((-SPREAD * SPREAD) / 2)
  const at = (z: number) => wholeMs(median * Math.exp(SPREAD * Math.max(-reach, Math.min(reach, z))))
  const minimum = Math.min(average, at(-reach))
  const maximum = Math.max(average, at(reach * (1 + 0.1 * stream.uniform())))
  return { average, count, minimum, maximum, percentiles: [minimum, ...QUANTILES.map(at), maximum] }
}

function wholeMs(ms: number): number {
  return Math.min(LONGEST_MAXIMUM_MS, Math.max(1, Math.round(ms)))
}
