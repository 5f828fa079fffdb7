import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pilotlight } from '../../cli/pilotlight.ts'
import { type Study, study } from '../../cli/study.ts'

let here: Study
beforeAll(async () => {
  here = study()
  for (const words of [
    ['run', 'study.yaml'],
    ['data', 'study.yaml', '--out', 'results'],
  ]) {
    const { code, stderr } = await pilotlight(here.folder, ...words)
    if (code !== 0) throw new Error(stderr)
  }
}, 300_000)
afterAll(() => here.remove())

/** Linear between the two. */
function p75(cold: number): unknown {
  return expect.closeTo(cold / 3 + 0.75 * (1 - cold / 3), 9)
}

it('DuckDB gives of the tables of results what docs/data.md says', async () => {
  const page = readFileSync(new URL('../../../docs/data.md', import.meta.url), 'utf8')
  const [, recipe = ''] = /```sql\n([\s\S]*?)```/.exec(page)!
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  try {
    const sql = recipe.replaceAll("'results/", `'${join(here.folder, 'results')}/`)
    const rows = (await connection.runAndReadAll(sql)).getRowObjects()
    const found = rows.map(({ label, p75 }) => [label, Number(p75)])
    // By hand, of two apps (see study.ts): one is always cold, the other 2, 1, 1 and 3 times of 3.
    expect(found).toEqual([
      ['fixed(keepAlive=10m)', p75(2)],
      ['fixed(keepAlive=30m)', p75(1)],
      ['no-unload', p75(1)],
      ['none', p75(3)],
    ])
  } finally {
    connection.closeSync()
    database.closeSync()
  }
})
