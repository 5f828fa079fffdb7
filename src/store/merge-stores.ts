import { existsSync, realpathSync, rmSync } from 'node:fs'
import type { Database as Connection } from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import { explained, openDatabase } from './database.ts'
import { experimentNames, type ExperimentRecord, readExperimentRecord, writeExperiment } from './experiments.ts'
import { unpackNumbers } from './column-blobs.ts'
import { type StoreCell, readRow, readStoreRows, type StoreRow, type StoreTable, writeRow } from './stored-rows.ts'
import { forgetParts, runsInParts, writePartRow } from './run-parts.ts'
import { hasRun, storedRunOf } from './stored-runs.ts'
import { readTraceRecord, writeTrace } from './traces.ts'

/** What a merge did. */
export interface MergeResult {
  /** Runs that came from the stores that were merged. */
  readonly added: number
  /** Runs that more than one store had, with equal results. */
  readonly shared: number
  /** Runs of which parts are there, and others missing. */
  readonly unfinished: number
}

/**
 * Puts the contents of several stores into the one at `out`, which is made when it does not exist. Runs of one digest
 * must have equal results, and experiments of one name must be equal. All or nothing; throws a UserError that names the
 * store which does not fit.
 */
export function mergeStores(paths: readonly string[], out: string): MergeResult {
  const isNew = !existsSync(out)
  const target = openDatabase(out, { create: true })
  try {
    const merge = target.transaction(() => paths.map((path) => mergeStore(target, path, out)))
    const results = explained(out, () => merge.immediate())
    const sum = (of: keyof Merged): number => results.reduce((total, result) => total + result[of], 0)
    return { added: sum('added'), shared: sum('shared'), unfinished: runsInParts(target) }
  } catch (error) {
    target.close()
    if (isNew) rmSync(out, { force: true })
    throw error
  } finally {
    target.close()
  }
}

type Merged = Omit<MergeResult, 'unfinished'>

function mergeStore(target: Connection, path: string, out: string): Merged {
  const source = openDatabase(path, { create: false })
  try {
    if (realpathSync(path) === realpathSync(out)) {
      throw new UserError({
        where: path,
        problem: 'a store cannot be merged into itself',
        hint: 'Choose another --out.',
      })
    }
    return mergeInto({ target, out, source, path })
  } finally {
    source.close()
  }
}

/** A store that is read and one that is written, with their files: each is named for what goes wrong with it alone. */
interface StorePair {
  readonly target: Connection
  readonly out: string
  readonly source: Connection
  readonly path: string
}

function mergeInto(pair: StorePair): Merged {
  const { target, out, source, path } = pair
  const reading = <T>(action: () => T): T => explained(path, action)
  const writing = (action: () => void): void => explained(out, action)
  for (const digest of reading(() => keysOf(source, 'trace', 'digest'))) {
    const trace = reading(() => readTraceRecord(source, digest)!)
    writing(() => writeTrace(target, trace))
  }
  for (const trace of reading(() => keysOf(source, 'trace', 'digest'))) {
    for (const row of reading(() => readStoreRows(source, 'name_list', { trace }))) {
      const { unit = '' } = row
      if (explained(out, () => readRow(target, 'name_list', { trace, unit })) === undefined)
        writing(() => writeRow(target, 'name_list', row))
    }
  }
  for (const trace of reading(() => keysOf(source, 'trace', 'digest'))) {
    // These depend on nothing but the trace and their key: equal keys, equal rows.
    for (const table of ['bound', 'measured'] as const)
      for (const row of reading(() => readStoreRows(source, table, { trace })))
        writing(() => writeRow(target, table, row))
  }
  mergeExperiments(pair)
  const { added, shared } = mergeRuns(pair)
  for (const row of reading(() => readStoreRows(source, 'cold_over_time')))
    writing(() => writeRow(target, 'cold_over_time', row))
  return { added: added + mergeParts(pair), shared }
}

function keysOf(database: Connection, table: StoreTable, key: string): string[] {
  return database.prepare(`SELECT ${key} FROM ${table} ORDER BY ${key}`).pluck().all().map(String)
}

function mergeExperiments({ target, out, source, path }: StorePair): void {
  for (const name of explained(path, () => experimentNames(source))) {
    const theirs = explained(path, () => readExperimentRecord(source, name)!)
    const ours = explained(out, () => readExperimentRecord(target, name))
    if (ours === undefined) explained(out, () => writeExperiment(target, theirs))
    else if (contentsOf(ours) !== contentsOf(theirs)) {
      const problem = `its experiment ${name} differs from the one that was merged before`
      throw new UserError({ where: path, problem, hint: 'Merge stores of one version of an experiment on one trace.' })
    }
  }
}

/** What an experiment consists of, as one text; where its files were differs from machine to machine. */
function contentsOf({ trace, baseline, runs }: ExperimentRecord): string {
  return JSON.stringify([trace.digest, baseline.label, runs.map(({ label, digest }) => [label, digest])])
}

function mergeRuns({ target, out, source, path }: StorePair): Merged {
  let added = 0
  let shared = 0
  for (const digest of explained(path, () => keysOf(source, 'run', 'digest'))) {
    const theirs = explained(path, () => checkedRun(source, digest)!)
    const ours = explained(out, () => checkedRun(target, digest))
    if (ours === undefined) {
      explained(out, () => {
        writeRow(target, 'run', theirs)
        forgetParts(target, digest)
      })
      added += 1
    } else if (sameResult(ours, theirs)) shared += 1
    else throw differing(path, `run ${digest.slice(0, 12)}`)
  }
  return { added, shared }
}

/** Gives how many runs became whole. */
function mergeParts({ target, out, source, path }: StorePair): number {
  let added = 0
  const keys = explained(
    path,
    () => source.prepare('SELECT digest, part, parts FROM run_part ORDER BY digest, parts, part').all() as StoreRow[],
  )
  for (const key of keys) {
    const { digest = '', part, parts } = key
    const theirs = explained(path, () => checkedPart(source, key)!)
    if (hasRun(target, String(digest))) continue
    const ours = explained(out, () => checkedPart(target, key))
    if (ours === undefined) added += explained(out, () => writePartRow(target, out, theirs)) ? 1 : 0
    else if (!sameResult(ours, theirs))
      throw differing(path, `part ${part} of ${parts} of run ${String(digest).slice(0, 12)}`)
  }
  return added
}

function differing(path: string, what: string): UserError {
  const problem = `the result of ${what} differs from the one that was merged before`
  return new UserError({ where: path, problem, hint: 'Run the experiment again with --fresh.' })
}

/** The row of a part of a run that can be read. */
function checkedPart(database: Connection, key: StoreRow): StoreRow | undefined {
  const row = readRow(database, 'run_part', key)
  if (row !== undefined) storedRunOf(row, String(row['digest']))
  return row
}

/** The row of a run that can be read. */
function checkedRun(database: Connection, digest: string): StoreRow | undefined {
  const row = readRow(database, 'run', { digest })
  if (row !== undefined) storedRunOf(row, digest)
  return row
}

function sameResult(a: StoreRow, b: StoreRow): boolean {
  return (
    a['spec'] === b['spec'] && ['ledger', 'memory_mb', 'latency'].every((column) => sameNumbers(a[column], b[column]))
  )
}

/** Whether two blobs hold the same numbers; another zlib may have deflated them to other bytes. */
function sameNumbers(a: StoreCell | undefined, b: StoreCell | undefined): boolean {
  if (!(a instanceof Uint8Array && b instanceof Uint8Array)) return a === b
  return Buffer.from(unpackNumbers(a)).equals(Buffer.from(unpackNumbers(b)))
}
