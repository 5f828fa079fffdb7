import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

/** The result of a range query of Prometheus with one series of 30 s. */
function rangeQuery(counts: readonly number[]): string {
  const values = counts.map((count, at) => [1_780_000_000 + 30 * at, String(count)])
  return JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric: { function: 'f' }, values }] },
  })
}

it.each([
  ['a counter', Array.from({ length: 20 }, (_, at) => 100 + 2 * at), 1],
  ['increases', Array.from({ length: 20 }, (_, at) => at % 3), 0],
  ['one step', Array.from({ length: 20 }, (_, at) => (at < 10 ? 1 : 2)), 0],
  ['few counts', [1, 2, 3, 4], 0],
])('a series of %s is warned of where it only grows', async (_, counts, warnings) => {
  await inFolder({ 'x.json': rangeQuery(counts) }, async (folder) => {
    const { join: report } = await readTrace(join(folder, 'x.json'))
    const defect = report.defects.find(({ id }) => id === 'count-growing')
    expect(defect).toMatchObject({ count: warnings, warns: true })
  })
})
