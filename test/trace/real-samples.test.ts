import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeCompiled } from '../../src/trace/compiled/compiled-file.ts'
import { readTrace } from '../../src/trace/read.ts'
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
    expect(traceParts(again)).toEqual(traceParts(trace))
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
