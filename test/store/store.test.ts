import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'
import { PRICES } from '../../src/metrics/prices/providers/index.ts'
import { Latencies } from '../../src/engine/latency.ts'
import { STORE_VERSION } from '../../src/store/store-tables.ts'
import { openStore } from '../../src/store/store.ts'
import { exampleExperiment, exampleRun, TRACE } from './example-run.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-store-'))
  path = join(folder, 'deep', 'results.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function withStore<T>(action: (store: ReturnType<typeof openStore>) => T): T {
  const store = openStore(path, { create: true })
  try {
    return action(store)
  } finally {
    store.close()
  }
}

describe('a store', () => {
  it('gives back a finished run bit by bit after it was closed', () => {
    const record = exampleRun(7)
    withStore((store) => {
      store.writeExperiment(exampleExperiment(8))
      store.writeRun(record)
    })
    withStore((store) => {
      expect(store.hasRun('run-7')).toBe(true)
      expect(store.readRun('run-7')).toEqual(record.run)
      expect(store.readNames(TRACE.digest, 'app')).toEqual(record.names)
      expect(store.readTrace(TRACE.digest)).toEqual(TRACE)
    })
  })

  it('gives back latencies bit by bit, also where there are none of an app or of all', () => {
    const timed = [[], [0], [0, 1, 2, 2]].map((apps, number) => {
      const record = exampleRun(number)
      const latencies = new Latencies()
      for (const app of apps) {
        latencies.serve(app, 2 ** (10 * app) + 0.4, 3 + app)
        latencies.delay(app, 2 ** (10 * app) + 0.4, 5 * app, 2 ** 40)
      }
      record.run.ledger.latency = latencies.table(0, 3)
      return record
    })
    withStore((store) => {
      store.writeExperiment(exampleExperiment(3))
      for (const record of timed) store.writeRun(record)
    })
    withStore((store) => {
      for (const [number, { run }] of timed.entries()) {
        const { latency } = store.readRun(`run-${number}`)!.ledger
        expect(latency).toEqual(run.ledger.latency)
        expect(Object.values(latency!).map((column) => column.constructor)).toEqual(
          Object.values(run.ledger.latency!).map((column) => column.constructor),
        )
      }
    })
  })

  it('gives back an experiment with its runs in order, finished or not', () => {
    withStore((store) => store.writeExperiment(exampleExperiment(12)))
    withStore((store) => {
      expect(store.experimentNames()).toEqual(['example'])
      expect(store.readExperiment('example')).toEqual(exampleExperiment(12))
      expect(store.hasRun('run-3')).toBe(false)
      expect(store.readRun('run-3')).toBeUndefined()
      expect(store.readExperiment('other')).toBeUndefined()
    })
  })

  it('gives back the prices of an experiment', () => {
    const priced = { ...exampleExperiment(1), prices: PRICES.get('google-cloud-run', 'test') }
    withStore((store) => store.writeExperiment(priced))
    withStore((store) => expect(store.readExperiment('example')).toEqual(priced))
  })

  it('replaces an experiment and a run that are kept again', () => {
    withStore((store) => {
      store.writeExperiment(exampleExperiment(12))
      store.writeExperiment(exampleExperiment(2))
      store.writeRun(exampleRun(1))
      store.writeRun({ ...exampleRun(1), run: { ...exampleRun(1).run, wallMs: 99 } })
      expect(store.readExperiment('example')).toEqual(exampleExperiment(2))
      expect(store.readRun('run-1')!.wallMs).toBe(99)
    })
  })

  it('is one file, without a journal beside it, once it is closed', () => {
    withStore((store) => store.writeExperiment(exampleExperiment(1)))
    const database = new Database(path, { readonly: true })
    expect(database.pragma('journal_mode', { simple: true })).toBe('delete')
    expect(database.pragma('user_version', { simple: true })).toBe(STORE_VERSION)
    database.close()
  })

  it('serves two connections that write in turn', () => {
    const other = openStore(path, { create: true })
    withStore((store) => {
      store.writeExperiment(exampleExperiment(2))
      other.writeRun(exampleRun(0))
      store.writeRun(exampleRun(1))
      expect(other.hasRun('run-1')).toBe(true)
      expect(store.hasRun('run-0')).toBe(true)
    })
    other.close()
  })
})

/** What opening the store says. */
function message(create: boolean): string {
  try {
    openStore(path, { create }).close()
  } catch (error) {
    return error instanceof UserError ? error.message : `no UserError: ${String(error)}`
  }
  return 'opened'
}

describe('what is no store is refused with a sentence', () => {
  it('a missing file', () => {
    expect(message(false)).toBe(
      `${path}: there is no such store. Run the experiment first: pilotlight run <experiment.yaml>.`,
    )
  })

  it('a file of another kind', () => {
    path = join(folder, 'text.sqlite')
    writeFileSync(path, 'name: quickstart\n'.repeat(100))
    expect(message(true)).toBe(
      `${path}: the file is no store (file is not a database). Give an experiment (.yaml) or a store (.sqlite).`,
    )
  })

  it('an empty file, when it is to be read', () => {
    path = join(folder, 'empty.sqlite')
    writeFileSync(path, '')
    expect(message(false)).toBe(
      `${path}: the file is no store of pilotlight. Give an experiment (.yaml) or a store (.sqlite).`,
    )
  })

  it('a database of another program', () => {
    path = join(folder, 'other.sqlite')
    new Database(path).exec('CREATE TABLE t (x)').close()
    expect(message(true)).toBe(
      `${path}: the file is no store of pilotlight. Give an experiment (.yaml) or a store (.sqlite).`,
    )
  })

  it('a store of a newer version', () => {
    withStore(() => {})
    const database = new Database(path)
    database.pragma(`user_version = ${STORE_VERSION + 1}`)
    database.close()
    expect(message(true)).toBe(
      `${path}: the store has version ${STORE_VERSION + 1}, and this pilotlight reads up to version ${STORE_VERSION}. Update pilotlight.`,
    )
  })

  it('a folder', () => {
    path = join(folder, 'folder.sqlite')
    mkdirSync(path)
    expect(message(true)).toMatch(/expected a file, found a folder\. Give the path of a file/)
  })

  it('a damaged store', () => {
    withStore((store) => {
      store.writeExperiment(exampleExperiment(1))
      store.writeRun(exampleRun(0, 3000))
    })
    const database = new Database(path)
    database.prepare('UPDATE run SET ledger = substr(ledger, 1, 20)').run()
    database.close()
    const store = openStore(path, { create: false })
    expect(() => store.readRun('run-0')).toThrow(/the store is damaged \(.*\)\. Restore a copy, or delete/)
    store.close()
  })

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written (not as root, who may write anywhere)', () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o500)
    path = join(locked, 'results.sqlite')
    expect(message(true)).toMatch(/the store cannot be opened/)
  })
})
