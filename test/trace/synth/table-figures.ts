import { streamOf } from '../../../src/core/random.ts'
import type { AppProfile } from '../../../src/trace/synth/app.ts'
import {
  DURATION,
  HIGHEST_MEMORY,
  LONGEST_DURATION,
  MEMORY_QUANTILES,
} from '../../../src/trace/synth/published-shares.ts'
import { durationRow } from '../../../src/trace/synth/duration-rows.ts'
import { memoryRow } from '../../../src/trace/synth/memory-rows.ts'
import { ERRORS, type Figure, mean, part, shareFigure } from './figure.ts'

/** Section 3.4: how long functions run. */
export function durationFigures(seed: number, population: readonly AppProfile[]): Figure[] {
  const functions = population.flatMap((app) => app.functions)
  const logs = functions.map(({ meanMs }) => Math.log(meanMs / 1000))
  const logMean = mean(logs)
  const sigma = Math.sqrt(mean(logs.map((log) => (log - logMean) ** 2)))
  const longest = functions.map(({ key, meanMs, perDay }) => {
    const row = durationRow(streamOf(seed, `${key} durations 0`), meanMs, Math.max(1, Math.round(perDay * 14)))
    return row.maximum / 1000
  })
  return [
    // Times below a millisecond are held at one, which lifts the mean by 0.006 and lowers sigma by 0.017.
    {
      what: 'log mean of durations',
      target: DURATION.logMean,
      measured: logMean,
      tolerance: 0.006 + (ERRORS * 2.36) / Math.sqrt(logs.length),
    },
    {
      what: 'sigma of durations',
      target: DURATION.sigma,
      measured: sigma,
      tolerance: 0.017 + (ERRORS * 2.36) / Math.sqrt(2 * logs.length),
    },
    ...LONGEST_DURATION.map(({ share, seconds }) =>
      shareFigure(
        `functions never over ${seconds} s`,
        share,
        part(longest, (time) => time <= seconds),
        longest.length,
        0.05,
      ),
    ),
  ]
}

/** Section 3.4: what apps allocate. */
export function memoryFigures(seed: number, population: readonly AppProfile[]): Figure[] {
  const apps = population.length
  const highest = population.map(
    ({ key, meanMb }) => memoryRow(streamOf(seed, `${key} memory 0`), meanMb, 10).percentiles.at(-1)!,
  )
  return [
    ...MEMORY_QUANTILES.map(({ share, mb }) =>
      // The published quantiles are whole MB, which moves the share at them by up to what lies within half of one.
      shareFigure(
        `apps of at most ${mb} MB on average`,
        share,
        part(population, ({ meanMb }) => meanMb <= mb),
        apps,
        0.01,
      ),
    ),
    ...HIGHEST_MEMORY.map(({ share, mb }) =>
      shareFigure(
        `apps never over ${mb} MB`,
        share,
        part(highest, (most) => most <= mb),
        apps,
        0.05,
      ),
    ),
  ]
}
