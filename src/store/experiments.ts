import type { Database as Connection } from 'better-sqlite3'
import type { Baseline } from '../metrics/comparison.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { readTrace, type TraceRecord } from './traces.ts'

/** What an experiment consists of: its text, its trace, and its runs in order, finished or not. */
export interface ExperimentRecord {
  readonly name: string
  /** The text of its file. */
  readonly source: string
  readonly trace: TraceRecord
  /** Where its file and its trace were, as absolute paths; null in a store of an older version. */
  readonly places: { readonly file: string; readonly trace: string } | null
  readonly baseline: Baseline
  /** What a reader of its results must know besides; a sentence each. */
  readonly notes: readonly string[]
  /** The prices that it was last run with: a table of the user's own may be gone since. */
  readonly prices: PriceTable | null
  readonly runs: readonly { readonly label: string; readonly variant: string; readonly digest: string }[]
}

/** Keeps an experiment; its trace must be there. */
export function writeExperiment(database: Connection, experiment: ExperimentRecord): void {
  const { name, source, places, trace, baseline, notes, prices, runs } = experiment
  database.prepare('DELETE FROM experiment WHERE name = ?').run(name)
  database
    .prepare(
      `INSERT INTO experiment (name, trace, baseline, baseline_variant, source, file, trace_path, notes, prices)
       VALUES (@name, @trace, @baseline, @variant, @source, @file, @tracePath, @notes, @prices)`,
    )
    .run({
      name,
      trace: trace.digest,
      baseline: baseline.label,
      variant: baseline.variant,
      source,
      file: places?.file ?? null,
      tracePath: places?.trace ?? null,
      notes: JSON.stringify(notes),
      prices: prices === null ? null : JSON.stringify(prices),
    })
  const insert = database.prepare(
    'INSERT INTO experiment_run (experiment, position, label, variant, run) VALUES (?, ?, ?, ?, ?)',
  )
  for (const [position, { label, variant, digest }] of runs.entries())
    insert.run(name, position, label, variant, digest)
}

interface ExperimentRow {
  readonly trace: string
  readonly baseline: string
  readonly baseline_variant: string
  readonly source: string
  readonly file: string | null
  readonly trace_path: string | null
  readonly notes: string
  readonly prices: string | null
}

/** The experiment of that name. */
export function readExperiment(database: Connection, name: string): ExperimentRecord | undefined {
  const row = database.prepare('SELECT * FROM experiment WHERE name = ?').get(name) as ExperimentRow | undefined
  if (row === undefined) return undefined
  const runs = database
    .prepare('SELECT label, variant, run AS digest FROM experiment_run WHERE experiment = ? ORDER BY position')
    .all(name) as { label: string; variant: string; digest: string }[]
  const { source, file, trace_path: trace } = row
  return {
    name,
    source,
    places: file === null || trace === null ? null : { file, trace },
    trace: readTrace(database, row.trace)!,
    baseline: { label: row.baseline, variant: row.baseline_variant },
    notes: JSON.parse(row.notes) as string[],
    prices: row.prices === null ? null : (JSON.parse(row.prices) as PriceTable),
    runs,
  }
}

/** The names of all experiments, in alphabetical order. */
export function experimentNames(database: Connection): readonly string[] {
  return database.prepare('SELECT name FROM experiment ORDER BY name').pluck().all() as string[]
}
