import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { METRICS } from '../src/metrics/index.ts'
import { RENDERERS } from '../src/report/renderers/index.ts'
import { SCHEMA } from '../src/store/store-tables.ts'
import { csvColumns, dataColumns, perAppColumns, storeTables } from '../tools/fields-pages.ts'
import { plausibleComparison } from './report/plausible-comparison.ts'

/** Rows of Markdown tables without a meaning at their end. */
function untold(tables: string): string[] {
  return tables.split('\n').filter((line) => /\| *\|$/.test(line))
}

it('docs/fields.md tells every column of every table of a store, as SQLite has them', () => {
  const store = new DatabaseSync(':memory:')
  store.exec(SCHEMA)
  const there = store
    .prepare(
      "SELECT t.name AS one, c.name AS other FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'",
    )
    .all()
    .map(({ one, other }) => `${String(one)}.${String(other)}`)
  const told = storeTables().flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`))
  expect(there.length).toBeGreaterThan(60)
  expect(told.toSorted()).toEqual(there.toSorted())
  const silent = storeTables().flatMap(({ name, meaning, columns }) => [
    ...(meaning === '' ? [name] : []),
    ...columns.filter((column) => column.meaning === '').map((column) => `${name}.${column.name}`),
  ])
  expect(silent).toEqual([])
})

it('tells what each column of data and of --per-app means', () => {
  expect(untold(dataColumns())).toEqual([])
  expect(untold(perAppColumns())).toEqual([])
})

it('tells what each column of the smaller CSV files means, under a heading for each', () => {
  expect(untold(csvColumns())).toEqual([])
  const names = ['comparison.csv', 'board.csv', 'curve.csv', 'per-app.csv', 'over-time.csv']
  expect([...csvColumns().matchAll(/^### `([\w.-]+)`/gm)].map(([, name]) => name)).toEqual(names)
})

it('names every column of comparison.csv that is no metric, in its order', async () => {
  const [file] = await RENDERERS.get('csv', 'test').render(plausibleComparison({ runs: 2 }))
  const [header] = new TextDecoder().decode(file!.bytes as Uint8Array).split('\n')
  const metrics = new Set(METRICS.all.map(({ id, unit }) => (unit === '' ? id : `${id} [${unit}]`)))
  const others = header!.split(',').filter((column) => !metrics.has(column))
  expect(others.length).toBeGreaterThan(8)
  const section = /### `comparison\.csv`[\s\S]*?(?=###)/.exec(csvColumns())![0]
  expect([...section.matchAll(/^\| `(.+?)` \|/gm)].map(([, name]) => name)).toEqual(others)
})
