import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNTS } from '../../src/engine/ledger.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import { PRICES } from '../../src/metrics/prices/providers/index.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { checksumOf, STORE_COLUMNS, type StoreRow, type StoreTable } from '../../src/store/stored-rows.ts'
import { STORE_VERSION } from '../../src/store/store-tables.ts'
import { openStore } from '../../src/store/store.ts'
import { texts } from '../metrics/tiny-run.ts'
import { exampleExperiment, exampleRun, TRACE } from './example-run.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-migrations-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The tables of version 1, as they were. */
const TABLES = `
CREATE TABLE trace (digest TEXT PRIMARY KEY, id TEXT NOT NULL, format TEXT NOT NULL, apps INTEGER NOT NULL,
  functions INTEGER NOT NULL, invocations INTEGER NOT NULL, horizon_ms REAL NOT NULL, offers TEXT NOT NULL) STRICT;
CREATE TABLE name_list (trace TEXT NOT NULL REFERENCES trace, unit TEXT NOT NULL, names BLOB NOT NULL,
  PRIMARY KEY (trace, unit)) STRICT;
CREATE TABLE run (digest TEXT PRIMARY KEY, trace TEXT NOT NULL REFERENCES trace, spec TEXT NOT NULL,
  version TEXT NOT NULL, wall_ms REAL NOT NULL, totals TEXT NOT NULL, apps INTEGER NOT NULL, horizon_ms REAL NOT NULL,
  ledger BLOB NOT NULL, memory_mb BLOB NOT NULL) STRICT;
CREATE TABLE experiment (name TEXT PRIMARY KEY, trace TEXT NOT NULL REFERENCES trace, baseline TEXT NOT NULL,
  source TEXT NOT NULL) STRICT;
CREATE TABLE experiment_run (experiment TEXT NOT NULL REFERENCES experiment ON DELETE CASCADE,
  position INTEGER NOT NULL, label TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (experiment, position)) STRICT;
PRAGMA application_id = ${0x50694c74};
PRAGMA user_version = 1;
`
/** Accounts that version 1 did not have. */
const NEW = ['waits', 'waitingMs']
const OLD_ACCOUNTS = ACCOUNTS.length - NEW.length

/** A run of today without what version 1 did not know. */
function oldRun(number: number, apps = 3) {
  const record = exampleRun(number, apps)
  const { ledger } = record.run
  ledger.waits.fill(0)
  ledger.waitingMs.fill(0)
  const { params, model } = JSON.parse(record.spec) as typeof record.run
  return { ...record, run: { ...record.run, spelt: { params: texts(params), model: texts(model) } } }
}

function packed(numbers: Float64Array): Buffer {
  return deflateSync(new Uint8Array(numbers.buffer))
}

/** A store of version 1 at a path, with these runs of so many apps. */
function oldStore(name: string, numbers: readonly number[], apps = 3): string {
  const path = join(folder, name)
  const database = new Database(path)
  database.exec(TABLES)
  const { digest, id, format, functions, invocations, horizonMs, offers } = TRACE
  const insert = (table: string, ...values: unknown[]) =>
    database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values)
  insert('trace', digest, id, format, TRACE.apps, functions, invocations, horizonMs, JSON.stringify(offers))
  const { baseline, source, runs } = exampleExperiment(4)
  insert('experiment', 'example', digest, baseline.label, source)
  for (const [position, { label, digest: run }] of runs.entries())
    insert('experiment_run', 'example', position, label, run)
  for (const number of numbers) {
    const { run, spec, totals, names } = oldRun(number, apps)
    // Sixteen columns of accounts, and right behind them the timeline.
    const all = new Float64Array(run.ledger.buffer)
    const numbersThen = Float64Array.from([...all.slice(0, OLD_ACCOUNTS * apps), ...all.slice(ACCOUNTS.length * apps)])
    const { waits: _, waitingMs: __, ...totalsThen } = totals
    const cells = [run.version, run.wallMs, JSON.stringify(totalsThen), apps, run.horizonMs]
    insert('run', run.digest, digest, spec, ...cells, packed(numbersThen), packed(run.memoryMb.slice()))
    if (number === numbers[0]) insert('name_list', digest, 'app', deflateSync(JSON.stringify(names)))
  }
  database.close()
  return path
}

function versionOf(path: string): unknown {
  const database = new Database(path, { readonly: true })
  const version = database.pragma('user_version', { simple: true })
  database.close()
  return version
}

describe('a store of version 1', () => {
  it('had sixteen accounts, which are still the first ones', () => {
    expect(ACCOUNTS.slice(OLD_ACCOUNTS)).toEqual(NEW)
    expect(OLD_ACCOUNTS).toBe(16)
  })

  it('opens, for reading too, and gives back its runs with no waits and no latency', () => {
    const path = oldStore('old.sqlite', [1, 2])
    const store = openStore(path, { create: false })
    for (const number of [1, 2]) {
      const run = store.readRun(`run-${number}`)!
      expect(run).toEqual(oldRun(number).run)
      expect([...run.ledger.waits, ...run.ledger.waitingMs]).toEqual([0, 0, 0, 0, 0, 0])
      expect(run.ledger.latency).toBeNull()
    }
    const { baseline, runs, ...same } = exampleExperiment(4)
    const read = store.readExperiment('example')!
    expect(read).toMatchObject({ ...same, places: null, notes: [] })
    expect(read.runs.map(({ label, digest }) => ({ label, digest }))).toEqual(
      runs.map(({ label, digest }) => ({ label, digest })),
    )
    expect(read.baseline.label).toBe(baseline.label)
    // The baseline is not finished here; it still has the variant of its run alone.
    expect(read.runs.map(({ variant }) => variant === read.baseline.variant)).toEqual([true, false, false, false])
    expect(store.readNames(TRACE.digest, 'app')).toEqual(exampleRun(1).names)
    store.close()
    expect(versionOf(path)).toBe(STORE_VERSION)
  })

  it('is migrated once: what it holds is the same when it is opened again', () => {
    const path = oldStore('old.sqlite', [5], 700)
    for (let time = 0; time < 3; time += 1) {
      const store = openStore(path, { create: true })
      expect(store.readRun('run-5')).toEqual(oldRun(5, 700).run)
      store.close()
    }
  })

  it('takes new runs beside the old ones', () => {
    const store = openStore(oldStore('old.sqlite', [1]), { create: true })
    store.writeRun(exampleRun(2))
    expect(store.readRun('run-1')).toEqual(oldRun(1).run)
    expect(store.readRun('run-2')).toEqual(exampleRun(2).run)
    store.close()
  })

  it('takes experiments that name prices', () => {
    const store = openStore(oldStore('old.sqlite', [1]), { create: true })
    store.writeExperiment({ ...exampleExperiment(1), prices: PRICES.get('aws-lambda', 'test') })
    expect(store.readExperiment('example')!.prices!.id).toBe('aws-lambda')
    store.close()
  })

  it('can be compared', () => {
    const store = openStore(oldStore('old.sqlite', [1]), { create: false })
    const runs = [{ ...store.readRun('run-1')!, label: 'a', variant: 'v', draws: false, windowMs: 0 }]
    const [summary] = compareRuns({ experiment: 'e', trace: TRACE, baseline: 'a', runs }).runs
    expect(summary).toMatchObject({ latency: null, totals: { waits: 0, waitingMs: 0 } })
    expect(summary!.totals).toEqual({ ...exampleRun(1).totals, waits: 0, waitingMs: 0 })
    store.close()
  })

  it('is merged with stores of today', () => {
    const today = join(folder, 'today.sqlite')
    const store = openStore(today, { create: true })
    store.writeExperiment(exampleExperiment(4))
    store.writeRun(oldRun(1))
    store.writeRun(exampleRun(3))
    store.close()
    const out = join(folder, 'out.sqlite')
    expect(mergeStores([oldStore('old.sqlite', [1, 2]), today], out)).toEqual({ added: 3, shared: 1, unfinished: 0 })
    const merged = openStore(out, { create: false })
    expect([1, 2].map((number) => merged.readRun(`run-${number}`))).toEqual([oldRun(1).run, oldRun(2).run])
    expect(merged.readRun('run-3')).toEqual(exampleRun(3).run)
    merged.close()
  })

  it('stays as it was where one of its runs is damaged', () => {
    const path = oldStore('old.sqlite', [1, 2])
    const database = new Database(path)
    database.prepare(`UPDATE run SET ledger = substr(ledger, 1, 20) WHERE digest = 'run-2'`).run()
    database.close()
    expect(() => openStore(path, { create: false })).toThrow(/the store is damaged/)
    expect(versionOf(path)).toBe(1)
    const after = new Database(path)
    expect(after.prepare('SELECT count(*) FROM pragma_table_info(?)').pluck().get('run')).toBe(10)
    after.close()
  })
})

/** A store of today that is put back to a version that lacked these columns, by statements of SQL. */
function storeOfVersion(
  version: number,
  lacked: Readonly<Partial<Record<StoreTable, readonly string[]>>>,
  statements = '',
): string {
  const path = join(folder, `version-${version}.sqlite`)
  const store = openStore(path, { create: true })
  store.writeExperiment(exampleExperiment(3))
  store.writeRun(exampleRun(1))
  store.close()
  const database = new Database(path)
  database.exec(`${statements}; PRAGMA user_version = ${version}`)
  for (const [table, columns] of Object.entries(lacked) as [StoreTable, readonly string[]][]) {
    for (const column of columns) database.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`)
    const then = STORE_COLUMNS[table].filter((column) => !columns.includes(column))
    for (const row of database.prepare(`SELECT rowid, * FROM ${table}`).all() as StoreRow[]) {
      const sum = checksumOf(table, row, then)
      database.prepare(`UPDATE ${table} SET checksum = ? WHERE rowid = ?`).run(sum, row['rowid'])
    }
  }
  database.close()
  return path
}

const CALENDAR = ['starts_at_ms', 'zone']

describe('a store of version 7, which did not keep when traces were,', () => {
  it('is brought to this version, knows as little of its traces, and takes what is known of others', () => {
    const path = storeOfVersion(7, { trace: CALENDAR })
    const store = openStore(path, { create: true })
    expect(store.readTrace(TRACE.digest)).toEqual(TRACE)
    expect(store.readRun('run-1')).toEqual(exampleRun(1).run)
    const dated = { ...TRACE, startsAtMs: Date.UTC(2024, 4, 1), zone: 'Europe/Berlin' }
    store.writeExperiment({ ...exampleExperiment(3), trace: dated })
    expect(store.readExperiment('example')!.trace).toEqual(dated)
    store.close()
    expect(versionOf(path)).toBe(STORE_VERSION)
  })

  it('is not believed where a row is not as it was written', () => {
    const path = storeOfVersion(7, { trace: CALENDAR })
    const database = new Database(path)
    database.exec('UPDATE trace SET horizon_ms = horizon_ms + 1')
    database.close()
    expect(() => openStore(path, { create: false })).toThrow(/the store is damaged/)
    expect(versionOf(path)).toBe(7)
  })
})

function storeOfVersion5(): string {
  const statements = 'DROP TABLE run_part; DROP TABLE measured; DROP TABLE cold_over_time'
  return storeOfVersion(5, { trace: CALENDAR, experiment_run: ['by_app'] }, statements)
}

describe('a store of version 5, which knew no parts of runs,', () => {
  it('is brought to this version: its runs are whole, and it takes parts', () => {
    const path = storeOfVersion5()
    const store = openStore(path, { create: false })
    expect(store.readExperiment('example')!.runs).toEqual(
      exampleExperiment(3).runs.map((run) => ({ ...run, byApp: false })),
    )
    expect(store.readRun('run-1')).toEqual(exampleRun(1).run)
    store.writeRun({ ...exampleRun(2, 2), names: exampleRun(2).names, part: { part: 1, parts: 2, firstApp: 0 } })
    expect(store.partsOf('run-2')).toEqual([{ part: 1, parts: 2 }])
    expect(store.hasRun('run-2')).toBe(false)
    store.writeRun({ ...exampleRun(2, 1), names: exampleRun(2).names, part: { part: 2, parts: 2, firstApp: 2 } })
    expect(store.readRun('run-2')!.ledger.apps).toBe(3)
    store.close()
    expect(versionOf(path)).toBe(STORE_VERSION)
  })

  it('is not believed where a row is not as it was written', () => {
    const path = storeOfVersion5()
    const database = new Database(path)
    database.exec(`UPDATE experiment_run SET label = 'another' WHERE position = 1`)
    database.close()
    expect(() => openStore(path, { create: false })).toThrow(/the store is damaged/)
    expect(versionOf(path)).toBe(5)
  })
})

it('parts that are not those of one run are refused by name', () => {
  const path = join(folder, 'misfit.sqlite')
  const store = openStore(path, { create: true })
  store.writeExperiment(exampleExperiment(3))
  const { names } = exampleRun(2)
  store.writeRun({ ...exampleRun(2, 2), names, part: { part: 1, parts: 2, firstApp: 0 } })
  expect(() => store.writeRun({ ...exampleRun(2, 2), names, part: { part: 2, parts: 2, firstApp: 1 } })).toThrow(
    /misfit\.sqlite: the parts of run run-2 are not those of one run\. Make all of them with one version/,
  )
  store.close()
})
