import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeCompiled } from '../../src/trace/compiled/compiled-file.ts'
import { readTrace } from '../../src/trace/read.ts'
import { START } from '../../src/trace/trace.ts'
import { withGaps } from '../../src/trace/arrivals/packed-gaps.ts'
import { traceParts } from '../../src/trace/trace-parts.ts'
import { inFolder } from './temporary-folder.ts'

const samples = fileURLToPath(new URL('../../../shared/traces/', import.meta.url))
const azure2019 = join(samples, 'azure2019-dirigent-500')
const azure2021 = join(samples, 'azure2021-head', 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.csv.gz')

describe('the real sample of Azure 2019', () => {
  it.skipIf(!existsSync(azure2019))(
    'has the figures of its description (skipped where the sample is not at hand)',
    async () => {
      const trace = await readTrace(azure2019)
      const owners = Array.from({ length: trace.apps.count }, (_, app) => trace.apps.name.at(app).split('/')[0])
      expect(trace).toMatchObject({ format: 'azure-2019', invocations: 3_037_902, horizonMs: 480 * 60_000 })
      expect([trace.functions.count, trace.apps.count, new Set(owners).size]).toEqual([500, 476, 428])
      expect(trace.offers).toEqual(['memory', 'duration', 'trigger'])
      const counts = Object.fromEntries(trace.join.defects.map(({ id, count }) => [id, count]))
      expect(counts).toMatchObject({
        'app-without-memory': 0,
        'duration-without-function': 0,
        'function-never-invoked': 0,
        'memory-per-function': 500,
        'memory-without-app': 0,
      })
    },
  )

  it.skipIf(!existsSync(azure2019))('is the same once compiled (skipped where the sample is not at hand)', async () => {
    const trace = await readTrace(azure2019)
    const again = await inFolder({}, async (folder) => {
      await writeCompiled(trace, join(folder, 'x.trace'))
      return readTrace(join(folder, 'x.trace'))
    })
    expect(traceParts(again)).toEqual(traceParts(withGaps(trace)))
  })
})

describe('the real sample of Azure 2021', () => {
  it.skipIf(!existsSync(azure2021))(
    'has the figures of its description (skipped where the sample is not at hand)',
    async () => {
      const trace = await readTrace(azure2021)
      expect(trace).toMatchObject({ format: 'azure-2021', invocations: 998, horizonMs: 6_485_469 })
      expect([trace.apps.count, trace.functions.count]).toEqual([21, 49])
      expect(trace.offers).toEqual(['duration', 'arrivalTime'])
    },
  )
})

const twelveDays = join(samples, 'azure2019-twelve-days-704')

describe('the real twelve days of Azure 2019', () => {
  it.skipIf(!existsSync(twelveDays))(
    'have the figures of their description, and no durations to lack on single days (skipped where they are not at hand)',
    async () => {
      const trace = await readTrace(twelveDays)
      expect([trace.apps.count, trace.invocations, trace.horizonMs]).toEqual([704, 7_135_488, 12 * 86_400_000])
      const counts = Object.fromEntries(trace.join.defects.map(({ id, count }) => [id, count]))
      expect(counts).toMatchObject({
        'durations-none': 1,
        'durations-day-missing': 0,
        'memory-none': 1,
        'memory-day-missing': 0,
      })
    },
  )
})

describe('small real files of other shapes', () => {
  it.skipIf(!existsSync(join(samples, 'logs'))).each([
    ['logs/huawei2023-requests_minute_private_day_000.head.csv', 'huawei-2023', 18_428],
    ['logs/huawei2023-requests_second_day_000.head.csv', 'huawei-2023', 322_153],
    ['logs/huawei2025-requests-R1.csv', 'huawei-2025', 10],
    ['huawei2025-r2-requests/region2_20000_preprocessed.csv.gz', 'huawei-2025', 20_000],
    ['huawei2025-coldstarts-per-minute/R3.full_series.csv.gz', 'count-table', 308_605],
    ['azure-platform-minute-totals/full_series.csv.gz', 'count-table', 12_495_810_846],
  ])('%s is read as %s with %d invocations (skipped where it is not at hand)', async (path, format, invocations) => {
    expect(await readTrace(join(samples, path))).toMatchObject({ format, invocations })
  })

  it.skipIf(!existsSync(join(samples, 'logs')))(
    'tell 77 cold starts and 258 pods of Huawei (skipped where they are not at hand)',
    async () => {
      const { arrivals, apps } = await readTrace(
        join(samples, 'huawei2025-r2-requests/region2_20000_preprocessed.csv.gz'),
      )
      if (arrivals.kind === 'counts' || arrivals.measured === undefined)
        throw new Error('events with measurements were expected')
      const { start, instance } = arrivals.measured
      expect(start.filter((each) => each === START.cold).length).toBe(77)
      const pods = Array.from({ length: apps.count }, (_, app) =>
        instance
          .subarray(arrivals.firstEvent[app], arrivals.firstEvent[app + 1])
          .reduce((most, each) => Math.max(most, each), 0),
      )
      expect(pods.reduce((sum, count) => sum + count, 0)).toBe(258)
    },
  )
})
