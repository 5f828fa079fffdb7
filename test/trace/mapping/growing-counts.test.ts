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
  ['a late beginning', Array.from({ length: 40 }, (_, at) => Math.max(0, at - 36)), 0],
])('a series of %s is warned of where it only grows', async (_, counts, warnings) => {
  await inFolder({ 'x.json': rangeQuery(counts) }, async (folder) => {
    const { join: report } = await readTrace(join(folder, 'x.json'))
    const defect = report.defects.find(({ id }) => id === 'count-growing')
    expect(defect).toMatchObject({ count: warnings, warns: true })
  })
})

it.each([
  ['a column per function', 'columns', (at: number) => `${60 * at},${100 + 2 * at},${at % 3}`, 'time,f,g'],
  ['a row per count', 'cells', (at: number) => `${60 * at},f,${100 + 2 * at}\n${60 * at},g,${at % 3}`, 'time,name,n'],
] as const)('a table with %s is warned of too', async (_, layout, rowOf, header) => {
  const rows = Array.from({ length: 25 }, (_, at) => rowOf(at))
  await inFolder({ 'x.csv': [header, ...rows, ''].join('\n') }, async (folder) => {
    const mapping = {
      read: { as: 'csv' },
      app: layout === 'columns' ? '{column}' : 'name',
      start: { from: 'time', unit: 's' },
      counts: { layout, bucketMs: 60_000, ...(layout === 'cells' ? { value: 'n' } : {}) },
    } as const
    const { join: report } = await readTrace(join(folder, 'x.csv'), { mapping })
    const defect = report.defects.find(({ id }) => id === 'count-growing')
    expect(defect).toMatchObject({ count: 1, examples: ['f:f'] })
  })
})
