import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mixedSource } from '../fuzz/mixed-source.ts'
import { UserError } from '../../src/core/user-error.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { checksumOf, STORE_COLUMNS, type StoreRow, type StoreTable } from '../../src/store/stored-rows.ts'
import { openStore } from '../../src/store/store.ts'
import { exampleExperiment, exampleRun, TRACE } from './example-run.ts'

let folder: string
let whole: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-damage-'))
  whole = join(folder, 'whole.sqlite')
  const store = openStore(whole, { create: true })
  store.writeExperiment(exampleExperiment(3))
  for (const number of [0, 1, 2]) store.writeRun(exampleRun(number))
  store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A copy of the whole store after a statement; `isSigned` gives its rows the checksums of what they hold now. */
function changed(statement: string, values: unknown[], isSigned: boolean): string {
  const path = join(folder, 'changed.sqlite')
  copyFileSync(whole, path)
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.prepare(statement).run(...values)
  for (const table of isSigned ? (Object.keys(STORE_COLUMNS) as StoreTable[]) : []) {
    for (const row of database.prepare(`SELECT rowid, * FROM ${table}`).all() as StoreRow[])
      database.prepare(`UPDATE ${table} SET checksum = ? WHERE rowid = ?`).run(checksumOf(table, row), row['rowid'])
  }
  database.close()
  return path
}

/** All that can be read of a store. */
function contentOf(path: string) {
  const store = openStore(path, { create: false })
  try {
    const experiment = store.readExperiment('example')
    const runs = (experiment?.runs ?? []).map(({ digest }) => {
      const run = store.readRun(digest)
      // A spread reads the accounts, which are read when they are asked for.
      return run === undefined ? undefined : { ...run }
    })
    return { experiment, runs, names: store.readNames(TRACE.digest, 'app'), trace: store.readTrace(TRACE.digest) }
  } finally {
    store.close()
  }
}

type Edit = readonly [statement: string, value?: Buffer]

function asCase([statement, value]: Edit) {
  return [statement, value === undefined ? [] : [value]] as const
}

const EDITS: readonly Edit[] = [
  ['UPDATE run SET apps = 3.0 * 2'],
  [`UPDATE run SET version = '9'`],
  ['UPDATE run SET horizon_ms = 7200000'],
  [`UPDATE run SET spec = replace(spec, 'fixed', 'mixed')`],
  ['UPDATE run SET ledger = ?', deflateSync(Buffer.alloc(8 * 12))],
  [`UPDATE experiment_run SET label = 'fixed(2)' WHERE position = 1`],
  ['DELETE FROM experiment_run WHERE position = 1'],
  [`UPDATE experiment SET baseline = 'fixed(2)'`],
  ['UPDATE trace SET invocations = 61'],
  ['UPDATE name_list SET names = ?', deflateSync('["x","y","z"]')],
]

it.each(EDITS.map(asCase))('a row that is not as it was written is told, never believed: %s', (statement, values) => {
  const path = changed(statement, values, false)
  expect(() => contentOf(path)).toThrow(/changed\.sqlite: the store is damaged \(.*\)\. Restore a copy/)
})

const NONSENSE: readonly Edit[] = [
  [`UPDATE run SET spec = 'no JSON'`],
  [`UPDATE run SET spec = '{}'`],
  [`UPDATE run SET spec = '[]'`],
  ['UPDATE run SET apps = -3'],
  ['UPDATE run SET apps = 900000000'],
  ['UPDATE run SET apps = 2'],
  ['UPDATE run SET horizon_ms = 1e300'],
  ['UPDATE run SET horizon_ms = -5'],
  ['UPDATE run SET ledger = ?', Buffer.from('no deflate')],
  ['UPDATE run SET ledger = ?', deflateSync(Buffer.alloc(13))],
  ['UPDATE run SET memory_mb = ?', deflateSync(Buffer.alloc(16))],
  ['UPDATE run SET latency = ?', deflateSync(Buffer.alloc(16))],
  [
    'UPDATE run SET latency = ?',
    deflateSync(new Uint8Array(Float64Array.from({ length: 30 }, (_, at) => 9 - at).buffer)),
  ],
  [`UPDATE trace SET offers = '{'`],
  [`UPDATE trace SET offers = '[1]'`],
  ['UPDATE trace SET invocations = -1'],
  ['DELETE FROM trace'],
  [`UPDATE experiment SET prices = '{"id": 1}'`],
  ['UPDATE name_list SET names = ?', deflateSync('{"a": 1}')],
  ['DROP TABLE experiment_run'],
  ['DROP TABLE name_list'],
  ['ALTER TABLE run DROP COLUMN version'],
]

it.each(NONSENSE.map(asCase))(
  'content that no pilotlight wrote is one sentence, whatever its checksums: %s',
  (statement, values) => {
    const isStructure = /^(DROP|ALTER)/.test(statement)
    const path = changed(statement, values, !isStructure)
    expect(() => contentOf(path)).toThrow(/changed\.sqlite: the store is damaged \(.*\)\. Restore a copy/)
  },
)

describe('a merge', () => {
  it('takes nothing of a damaged store, and names it', () => {
    const path = changed(`UPDATE run SET version = '9'`, [], false)
    const out = join(folder, 'out.sqlite')
    expect(() => mergeStores([whole, path], out)).toThrow(/changed\.sqlite: the store is damaged/)
    expect(() => openStore(out, { create: false })).toThrow('there is no such store')
  })
})

it('Of 300 stores with flipped bits none gives other figures', () => {
  const { below } = mixedSource(11)
  const bytes = readFileSync(whole)
  const path = join(folder, 'flipped.sqlite')
  const expected = JSON.stringify(contentOf(whole))
  const outcomes = { refused: 0, right: 0, wrong: 0 }
  for (let round = 0; round < 300; round += 1) {
    const copy = Buffer.from(bytes)
    for (let flips = 1 + below(3); flips > 0; flips -= 1) copy[below(copy.length)]! ^= 1 << below(8)
    writeFileSync(path, copy)
    let outcome: keyof typeof outcomes
    try {
      outcome = JSON.stringify(contentOf(path)) === expected ? 'right' : 'wrong'
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      outcome = 'refused'
    }
    outcomes[outcome] += 1
  }
  expect(outcomes.wrong).toBe(0)
  expect(outcomes.refused).toBeGreaterThan(30)
})
