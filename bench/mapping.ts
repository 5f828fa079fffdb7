import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Mapping } from '../src/trace/mapping/mapping.ts'
import { readMapped } from '../src/trace/mapping/read-mapped.ts'
import { show } from './figure.ts'

// How fast rows are read by a mapping on one core: a table of single invocations, and the same as JSON Lines; the plain
// ways are csv-parse and readline with JSON.parse, which build objects and no trace.
const ROWS = 1_000_000
const PLAIN_ROWS = 100_000
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-bench-'))
const rowOf = (index: number) => ({
  tenant: `tenant-${(index % 1009) % 97}`,
  fn: `function-with-a-long-name-${index % 1009}`,
  request: `8f5a${index.toString(16).padStart(12, '0')}-91bd-4c0e`,
  start: 1_714_564_800_000 + index * 37,
  duration: 5 + ((index * 7919) % 2000) / 10,
  status: 200,
  region: 'eu-west-1',
})

const common = {
  app: 'tenant',
  function: 'fn',
  start: { from: 'start', unit: 'ms' },
  duration: { from: 'duration', unit: 'ms' },
} as const
const csv: Mapping = { read: { as: 'csv' }, ...common }
const jsonl: Mapping = { read: { as: 'jsonl' }, ...common }

const mapped = (mapping: Mapping) => async (path: string) =>
  (await readMapped({ paths: [path], mapping, format: 'mapping' })).invocations

try {
  const table = (rows: number): string => {
    const lines = [Object.keys(rowOf(0)).join(',')]
    for (let index = 0; index < rows; index += 1) lines.push(Object.values(rowOf(index)).join(','))
    return `${lines.join('\n')}\n`
  }
  const lines = (rows: number): string => {
    const all: string[] = []
    for (let index = 0; index < rows; index += 1) all.push(JSON.stringify(rowOf(index)))
    return `${all.join('\n')}\n`
  }
  const files = {
    csv: join(folder, 'x.csv'),
    jsonl: join(folder, 'x.jsonl'),
    plainCsv: join(folder, 'p.csv'),
    plainJsonl: join(folder, 'p.jsonl'),
  }
  const sizes = Object.fromEntries(
    Object.entries({
      csv: table(ROWS),
      jsonl: lines(ROWS),
      plainCsv: table(PLAIN_ROWS),
      plainJsonl: lines(PLAIN_ROWS),
    }).map(([name, text]) => {
      writeFileSync(files[name as keyof typeof files], text)
      return [name, text.length] as const
    }),
  )
  const mbPerSecond = async (name: keyof typeof files, read: (path: string) => Promise<number>): Promise<number> => {
    const begin = performance.now()
    const rows = await read(files[name])
    if (rows === 0) throw new Error('the bench read no rows')
    return sizes[name]! / 1e6 / ((performance.now() - begin) / 1000)
  }
  const plainCsv = await mbPerSecond('plainCsv', async (path) => {
    let rows = 0
    for await (const row of createReadStream(path).pipe(parse({ columns: true })))
      if (Number((row as { start: string }).start) > 0) rows += 1
    return rows
  })
  const plainJsonl = await mbPerSecond('plainJsonl', async (path) => {
    let rows = 0
    for await (const line of createInterface({ input: createReadStream(path) }))
      if ((JSON.parse(line) as { start: number }).start > 0) rows += 1
    return rows
  })
  /** The middle one of three. */
  const middle = async (name: keyof typeof files, read: (path: string) => Promise<number>): Promise<number> => {
    const rates = [await mbPerSecond(name, read), await mbPerSecond(name, read), await mbPerSecond(name, read)]
    return rates.toSorted((a, b) => a - b)[1]!
  }
  await mbPerSecond('plainCsv', mapped(csv))
  await mbPerSecond('plainJsonl', mapped(jsonl))
  show({
    name: 'a table by a mapping',
    value: await middle('csv', mapped(csv)),
    unit: 'MB/s',
    atLeast: 100,
    plain: { name: 'csv-parse', value: plainCsv },
  })
  show({
    name: 'JSON Lines by a mapping',
    value: await middle('jsonl', mapped(jsonl)),
    unit: 'MB/s',
    atLeast: 60,
    plain: { name: 'readline and JSON.parse', value: plainJsonl },
  })
} finally {
  rmSync(folder, { recursive: true })
}
