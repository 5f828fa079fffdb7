import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { checkedJson, Damage } from './damage.ts'
import { readRow, readRows, writeRow, writeRows } from './rows.ts'
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
  const { name, source, trace, baseline, prices, runs } = experiment
  database.prepare('DELETE FROM experiment WHERE name = ?').run(name)
  const row = { name, trace: trace.digest, baseline, source, runs: runs.length }
  writeRow(database, 'experiment', { ...row, prices: prices === null ? null : JSON.stringify(prices) })
  const listed = runs.map(({ label, digest }, position) => ({ experiment: name, position, label, run: digest }))
  writeRows(database, 'experiment_run', listed)
}

/** The experiment of that name. Throws {@link Damage} for one that is not as it was written. */
export function readExperiment(database: Connection, name: string): ExperimentRecord | undefined {
  const row = readRow(database, 'experiment', { name })
  if (row === undefined) return undefined
  const rows = readRows(database, 'experiment_run', { experiment: name })
  if (rows.length !== row['runs']) throw new Damage(`its experiment ${name} has not all of its runs`)
  const trace = readTrace(database, String(row['trace']))
  if (trace === undefined) throw new Damage(`the trace of its experiment ${name} is missing`)
  const prices = row['prices'] === null ? null : checkedJson(row['prices'], pricesSchema, 'table of prices')
  const runs = rows.map(({ label, run }) => ({ label: String(label), digest: String(run) }))
  return { name, source: String(row['source']), trace, baseline: String(row['baseline']), prices, runs }
}

/** The names of all experiments, in alphabetical order. */
export function experimentNames(database: Connection): readonly string[] {
  return database.prepare('SELECT name FROM experiment ORDER BY name').pluck().all() as string[]
}
