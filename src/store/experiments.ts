import type { Database as Connection } from 'better-sqlite3'
import { readTrace, type TraceRecord } from './traces.ts'

/** What an experiment consists of: its text, its trace, and its runs in order, finished or not. */
export interface ExperimentRecord {
  readonly name: string
  /** The text of its file. */
  readonly source: string
  readonly trace: TraceRecord
  /** Label of the baseline policy. */
  readonly baseline: string
  readonly runs: readonly { readonly label: string; readonly digest: string }[]
}

/** Keeps an experiment; its trace must be there. */
export function writeExperiment(database: Connection, { name, source, trace, baseline, runs }: ExperimentRecord): void {
  database.prepare('DELETE FROM experiment WHERE name = ?').run(name)
  database
    .prepare('INSERT INTO experiment (name, trace, baseline, source) VALUES (?, ?, ?, ?)')
    .run(name, trace.digest, baseline, source)
  const insert = database.prepare('INSERT INTO experiment_run (experiment, position, label, run) VALUES (?, ?, ?, ?)')
  for (const [position, { label, digest }] of runs.entries()) insert.run(name, position, label, digest)
}

/** The experiment of that name. */
export function readExperiment(database: Connection, name: string): ExperimentRecord | undefined {
  const row = database.prepare('SELECT trace, baseline, source FROM experiment WHERE name = ?').get(name) as
    | { trace: string; baseline: string; source: string }
    | undefined
  if (row === undefined) return undefined
  const runs = database
    .prepare('SELECT label, run AS digest FROM experiment_run WHERE experiment = ? ORDER BY position')
    .all(name) as { label: string; digest: string }[]
  return { name, source: row.source, trace: readTrace(database, row.trace)!, baseline: row.baseline, runs }
}

/** The names of all experiments, in alphabetical order. */
export function experimentNames(database: Connection): readonly string[] {
  return database.prepare('SELECT name FROM experiment ORDER BY name').pluck().all() as string[]
}
