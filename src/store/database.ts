import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database, { type Database as Connection } from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import { refused } from '../files/system-error.ts'
import { Damage } from './damage.ts'
import { migrate } from './migrations.ts'
import { SCHEMA, STORE_VERSION } from './store-tables.ts'

/** Marks a SQLite file as a store of pilotlight ("PiLt"); https://sqlite.org/pragma.html#pragma_application_id. */
const APPLICATION_ID = 0x50694c74

/** How long a process waits for another one that is writing to the same store. */
const BUSY_MS = 20_000

/**
 * Opens a store's database; with `create`, makes the file and its folder where they are missing. Throws a UserError for
 * a file that is no store or one of a newer version.
 *
 * The journal is SQLite's rollback journal: a store is one file that can be copied and mailed, and a process killed in
 * the middle of a transaction leaves a journal from which the next one undoes it.
 */
export function openDatabase(path: string, { create }: { readonly create: boolean }): Connection {
  demandFile(path)
  if (!create && !existsSync(path))
    throw new UserError({ where: path, problem: 'there is no such store', hint: RUN_FIRST })
  return explained(path, () => {
    if (create) mkdirSync(dirname(path), { recursive: true })
    const database = new Database(path, { fileMustExist: !create, timeout: BUSY_MS })
    try {
      prepare(database, path, create)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/** Refuses what is no file: SQLite would keep the results in memory, or wait for a device as if somebody were writing to it. */
function demandFile(path: string): void {
  const hint = 'Give the path of a file, as in reports/results.sqlite.'
  if (path === '' || path === ':memory:') {
    const problem = `expected the path of a store, found ${JSON.stringify(path)}, which would keep nothing`
    throw new UserError({ where: 'a store', problem, hint })
  }
  const status = explained(path, () => statSync(path, { throwIfNoEntry: false }))
  if (status === undefined || status.isFile()) return
  const what = status.isDirectory() ? 'a folder' : 'a device or a pipe'
  throw new UserError({ where: path, problem: `expected a file, found ${what}`, hint })
}

/** Does something with the database of a store; what can go wrong outside of us becomes a UserError. */
export function explained<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof UserError) throw error
    if (error instanceof Damage)
      throw new UserError({ where: path, problem: `the store is damaged (${message})`, hint: RESTORE })
    const complaint = COMPLAINTS.find(([pattern]) => pattern.test(code ?? ''))
    if (complaint === undefined) throw refused(path, 'written', error, 'Check the path and its permissions.')
    const [, problem, hint] = complaint
    throw new UserError({ where: path, problem: `${problem} (${message})`, hint })
  }
}

const RESTORE = 'Restore a copy, or delete the file and run again.'
const GIVE_A_STORE = 'Give an experiment (.yaml) or a store (.sqlite).'
const RUN_FIRST = 'Run the experiment first: pilotlight run <experiment.yaml>.'

const COMPLAINTS: readonly (readonly [RegExp, string, string])[] = [
  [/^SQLITE_NOTADB/, 'the file is no store', GIVE_A_STORE],
  [/^SQLITE_(CORRUPT|ERROR|CONSTRAINT|MISMATCH)/, 'the store is damaged', RESTORE],
  [/^SQLITE_(BUSY|LOCKED)/, 'another process is writing to the store', 'Wait for it to end, then run again.'],
  [/^SQLITE_(FULL|IOERR)/, 'the store cannot be written', 'Is the disk full? Finished runs are kept.'],
  [/^SQLITE_(CANTOPEN|READONLY)/, 'the store cannot be opened', 'Check the path and its permissions.'],
]

function prepare(database: Connection, path: string, create: boolean): void {
  const owner = database.pragma('application_id', { simple: true })
  const version = Number(database.pragma('user_version', { simple: true }))
  if (owner === APPLICATION_ID) {
    if (version > STORE_VERSION) {
      const problem = `the store has version ${version}, and this pilotlight reads up to version ${STORE_VERSION}`
      throw new UserError({ where: path, problem, hint: 'Update pilotlight.' })
    }
    if (version < STORE_VERSION) migrate(database)
  } else {
    const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
    if (tables > 0 || !create) {
      throw new UserError({ where: path, problem: 'the file is no store of pilotlight', hint: GIVE_A_STORE })
    }
    createTables(database)
  }
  database.pragma('foreign_keys = ON')
  database.pragma('synchronous = FULL')
}

/** Makes the tables, unless another process has just done so. */
function createTables(database: Connection): void {
  const create = database.transaction(() => {
    if (database.pragma('application_id', { simple: true }) === APPLICATION_ID) return
    database.exec(SCHEMA)
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.pragma(`user_version = ${STORE_VERSION}`)
  })
  create.immediate()
}
