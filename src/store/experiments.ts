import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import type { Baseline } from '../metrics/comparison.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { checkedJson, Damage } from './damage.ts'
import { readRow, readStoreRows, writeRow, writeRows } from './stored-rows.ts'
import { readTraceRecord, type TraceRecord } from './traces.ts'

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
  readonly runs: readonly ListedRun[]
}

/** A run as an experiment lists it. */
interface ListedRun {
  readonly label: string
  readonly variant: string
  readonly digest: string
  /** Whether its apps can be simulated apart; false in a store of an older version. */
  readonly byApp: boolean
}

const notesSchema = z.array(z.string())
const rate = z.looseObject({ gbS: z.number(), cpuS: z.number() })
const size = z.looseObject({ mb: z.number(), cpus: z.number() })
const steps = z.looseObject({ leastMb: z.number(), stepMb: z.number(), cpusPerGb: z.number() })
const pricesSchema: z.ZodType<PriceTable> = z.looseObject({
  id: z.string(),
  currency: z.string(),
  running: rate,
  loading: rate,
  idle: rate,
  millionRequests: z.number(),
  residentGbS: z.number().nullable(),
  sizes: z.union([z.array(size), steps]),
})

/** Keeps an experiment; its trace must be there. */
export function writeExperiment(database: Connection, experiment: ExperimentRecord): void {
  const { name, source, places, trace, baseline, notes, prices, runs } = experiment
  database.prepare('DELETE FROM experiment WHERE name = ?').run(name)
  writeRow(database, 'experiment', {
    name,
    trace: trace.digest,
    baseline: baseline.label,
    baseline_variant: baseline.variant,
    source,
    file: places?.file ?? null,
    trace_path: places?.trace ?? null,
    notes: JSON.stringify(notes),
    prices: prices === null ? null : JSON.stringify(prices),
    runs: runs.length,
  })
  const listed = runs.map(({ label, variant, digest, byApp }, position) => ({
    experiment: name,
    position,
    label,
    variant,
    run: digest,
    by_app: byApp ? 1 : 0,
  }))
  writeRows(database, 'experiment_run', listed)
}

/** The experiment of that name. Throws {@link Damage} for one that is not as it was written. */
export function readExperimentRecord(database: Connection, name: string): ExperimentRecord | undefined {
  const row = readRow(database, 'experiment', { name })
  if (row === undefined) return undefined
  const rows = readStoreRows(database, 'experiment_run', { experiment: name })
  if (rows.length !== row['runs']) throw new Damage(`its experiment ${name} has not all of its runs`)
  const trace = readTraceRecord(database, String(row['trace']))
  if (trace === undefined) throw new Damage(`the trace of its experiment ${name} is missing`)
  const { file = null, trace_path: path = null } = row
  return {
    name,
    source: String(row['source']),
    places: file === null || path === null ? null : { file: String(file), trace: String(path) },
    trace,
    baseline: { label: String(row['baseline']), variant: String(row['baseline_variant']) },
    notes: checkedJson(row['notes'], notesSchema, 'list of notes'),
    prices: row['prices'] === null ? null : checkedJson(row['prices'], pricesSchema, 'table of prices'),
    runs: rows.map(({ label, variant, run, by_app: byApp }) => ({
      label: String(label),
      variant: String(variant),
      digest: String(run),
      byApp: byApp === 1,
    })),
  }
}

/** The names of all experiments, in alphabetical order. */
export function experimentNames(database: Connection): readonly string[] {
  return database.prepare('SELECT name FROM experiment ORDER BY name').pluck().all() as string[]
}
