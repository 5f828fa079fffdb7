import type { Database as Connection } from 'better-sqlite3'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { readTrace, type TraceRecord } from './traces.ts'

/** What an experiment consists of: its text, its trace, and its runs in order, finished or not. */
export interface ExperimentRecord {
  readonly name: string
  /** The text of its file. */
  readonly source: string
  readonly trace: TraceRecord
  /** Label of the baseline policy. */
  readonly baseline: string
  /** The prices that it was last run with: a table of the user's own may be gone since. */
  readonly prices: PriceTable | null
  readonly runs: readonly { readonly label: string; readonly digest: string }[]
}

/** Keeps an experiment; its trace must be there. */
export function writeExperiment(database: Connection, experiment: ExperimentRecord): void {
  const { name, source, trace, baseline, prices, runs } = experiment
  database.prepare('DELETE FROM experiment WHERE name = ?').run(name)
  database
    .prepare('INSERT INTO experiment (name, trace, baseline, source, prices) VALUES (?, ?, ?, ?, ?)')
    .run(name, trace.digest, baseline, source, prices === null ? null : JSON.stringify(prices))
  const insert = database.prepare('INSERT INTO experiment_run (experiment, position, label, run) VALUES (?, ?, ?, ?)')
  for (const [position, { label, digest }] of runs.entries()) insert.run(name, position, label, digest)
}

/** The experiment of that name. */
export function readExperiment(database: Connection, name: string): ExperimentRecord | undefined {
  const row = database.prepare('SELECT trace, baseline, source, prices FROM experiment WHERE name = ?').get(name) as
    | { trace: string; baseline: string; source: string; prices: string | null }
    | undefined
  if (row === undefined) return undefined
  const runs = database
    .prepare('SELECT label, run AS digest FROM experiment_run WHERE experiment = ? ORDER BY position')
    .all(name) as { label: string; digest: string }[]
  const { source, baseline } = row
  const prices = row.prices === null ? null : (JSON.parse(row.prices) as PriceTable)
  return { name, source, trace: readTrace(database, row.trace)!, baseline, prices, runs }
}

/** The names of all experiments, in alphabetical order. */
export function experimentNames(database: Connection): readonly string[] {
  return database.prepare('SELECT name FROM experiment ORDER BY name').pluck().all() as string[]
}
