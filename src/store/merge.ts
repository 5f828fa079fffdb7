import { existsSync, realpathSync, rmSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import type { Database as Connection } from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import { explained, openDatabase } from './database.ts'
import { experimentNames, type ExperimentRecord, readExperiment, writeExperiment } from './experiments.ts'
import { readTrace, writeTrace } from './traces.ts'

/** What a merge did. */
export interface MergeResult {
  /** Runs that came from the stores that were merged. */
  readonly added: number
  /** Runs that more than one store had, with equal results. */
  readonly shared: number
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
    const sum = (of: keyof MergeResult): number => results.reduce((total, result) => total + result[of], 0)
    return { added: sum('added'), shared: sum('shared') }
  } catch (error) {
    target.close()
    if (isNew) rmSync(out, { force: true })
    throw error
  } finally {
    target.close()
  }
}

function mergeStore(target: Connection, path: string, out: string): MergeResult {
  const source = openDatabase(path, { create: false })
  try {
    if (realpathSync(path) === realpathSync(out)) {
      throw new UserError({
        where: path,
        problem: 'a store cannot be merged into itself',
        hint: 'Choose another --out.',
      })
    }
    return explained(path, () => mergeInto(target, source, path))
  } finally {
    source.close()
  }
}

function mergeInto(target: Connection, source: Connection, path: string): MergeResult {
  for (const digest of digests(source, 'trace')) writeTrace(target, readTrace(source, digest)!)
  for (const row of source.prepare('SELECT trace, unit, names FROM name_list').all()) {
    target.prepare('INSERT OR IGNORE INTO name_list (trace, unit, names) VALUES (@trace, @unit, @names)').run(row)
  }
  mergeExperiments(target, source, path)
  return mergeRuns(target, source, path)
}

function digests(database: Connection, table: 'trace' | 'run'): string[] {
  return database.prepare(`SELECT digest FROM ${table} ORDER BY digest`).pluck().all() as string[]
}

function mergeExperiments(target: Connection, source: Connection, path: string): void {
  for (const name of experimentNames(source)) {
    const theirs = readExperiment(source, name)!
    const ours = readExperiment(target, name)
    if (ours === undefined) writeExperiment(target, theirs)
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

const RUN_COLUMNS = 'digest, trace, spec, spelt, version, wall_ms, totals, apps, horizon_ms, ledger, memory_mb, latency'

function mergeRuns(target: Connection, source: Connection, path: string): MergeResult {
  const read = (database: Connection) => database.prepare(`SELECT ${RUN_COLUMNS} FROM run WHERE digest = ?`)
  const insert = target.prepare(`INSERT INTO run (${RUN_COLUMNS}) VALUES (${RUN_COLUMNS.replace(/\w+/g, '@$&')})`)
  let added = 0
  let shared = 0
  for (const digest of digests(source, 'run')) {
    const theirs = read(source).get(digest) as RunRow
    const ours = read(target).get(digest) as RunRow | undefined
    if (ours === undefined) {
      insert.run(theirs)
      added += 1
    } else if (sameResult(ours, theirs)) shared += 1
    else {
      const problem = `the result of run ${digest.slice(0, 12)} differs from the one that was merged before`
      throw new UserError({ where: path, problem, hint: 'Run the experiment again with --fresh.' })
    }
  }
  return { added, shared }
}

interface RunRow {
  readonly spec: string
  readonly ledger: Buffer
  readonly memory_mb: Buffer
  readonly latency: Buffer | null
}

function sameResult(a: RunRow, b: RunRow): boolean {
  const isSame = (column: 'ledger' | 'memory_mb' | 'latency'): boolean => sameNumbers(a[column], b[column])
  return a.spec === b.spec && isSame('ledger') && isSame('memory_mb') && isSame('latency')
}

/** Whether two blobs hold the same numbers; another zlib may have deflated them to other bytes. */
function sameNumbers(a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null) return a === b
  return a.equals(b) || inflateSync(a).equals(inflateSync(b))
}
