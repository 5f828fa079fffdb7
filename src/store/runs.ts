import type { Database as Connection } from 'better-sqlite3'
import { createLedger } from '../engine/ledger.ts'
import type { FinishedRun, Totals } from '../metrics/run.ts'
import { packLatency, packNames, packNumbers, unpackLatency, unpackNames, unpackNumbers } from './packing.ts'

/** A finished run without what an experiment makes of it: how it is called, and which variant it is. */
export type StoredRun = Omit<FinishedRun, 'label' | 'variant'>

/** A finished run, as it is kept. */
export interface RunRecord {
  /** Digest of its trace, which must be in the store. */
  readonly trace: string
  /** Everything that the result depends on, as JSON; it holds `policy`, `params`, `model` and `seed`. */
  readonly spec: string
  readonly run: StoredRun
  /** Sums over all apps, for whoever looks into the file. */
  readonly totals: Totals
  /** Names of the ledger's rows; kept once a trace and unit. */
  readonly names: readonly string[]
}

/** Keeps a finished run with the names of its rows. */
export function writeRun(database: Connection, { trace, spec, run, totals, names }: RunRecord): void {
  const { digest, version, wallMs, ledger, horizonMs, memoryMb, model, spelt } = run
  const known = database.prepare('SELECT 1 FROM name_list WHERE trace = ? AND unit = ?').get(trace, model['unit'])
  if (known === undefined) {
    database
      .prepare('INSERT INTO name_list (trace, unit, names) VALUES (?, ?, ?)')
      .run(trace, model['unit'], packNames(names))
  }
  database
    .prepare(
      `INSERT OR REPLACE INTO run
         (digest, trace, spec, spelt, version, wall_ms, totals, apps, horizon_ms, ledger, memory_mb, latency)
       VALUES (@digest, @trace, @spec, @spelt, @version, @wallMs, @totals, @apps, @horizonMs, @ledger, @memoryMb, @latency)`,
    )
    .run({
      digest,
      trace,
      spec,
      spelt: JSON.stringify(spelt),
      version,
      wallMs,
      totals: JSON.stringify(totals),
      apps: ledger.apps,
      horizonMs,
      ledger: packNumbers(ledger.buffer),
      // A copy: the column may be a view into the memory of a whole trace.
      memoryMb: packNumbers(memoryMb.slice().buffer),
      latency: ledger.latency === null ? null : packLatency(ledger.latency),
    })
}

/** Whether the store has a finished run of that digest. */
export function hasRun(database: Connection, digest: string): boolean {
  return database.prepare('SELECT 1 FROM run WHERE digest = ?').get(digest) !== undefined
}

/** The version of the model that a finished run was made by; undefined where there is no such run. */
export function modelVersionOf(database: Connection, digest: string): number | undefined {
  const spec = database.prepare('SELECT spec FROM run WHERE digest = ?').pluck().get(digest)
  return spec === undefined ? undefined : (JSON.parse(spec as string) as { modelVersion?: number }).modelVersion
}

interface RunRow {
  readonly spec: string
  readonly spelt: string
  readonly version: string
  readonly wallMs: number
  readonly apps: number
  readonly horizonMs: number
  readonly ledger: Uint8Array
  readonly memoryMb: Uint8Array
  readonly latency: Uint8Array | null
}

/** The finished run of that digest. */
export function readRun(database: Connection, digest: string): StoredRun | undefined {
  const row = database
    .prepare(
      `SELECT spec, spelt, version, wall_ms AS wallMs, apps, horizon_ms AS horizonMs, ledger, memory_mb AS memoryMb, latency
       FROM run WHERE digest = ?`,
    )
    .get(digest) as RunRow | undefined
  if (row === undefined) return undefined
  const { policy, params, model, seed } = JSON.parse(row.spec) as FinishedRun
  const ledger = createLedger(row.apps, row.horizonMs, unpackNumbers(row.ledger))
  if (row.latency !== null) ledger.latency = unpackLatency(row.latency, row.apps)
  return {
    policy,
    params,
    model,
    spelt: JSON.parse(row.spelt) as FinishedRun['spelt'],
    seed,
    digest,
    version: row.version,
    ledger,
    memoryMb: new Float64Array(unpackNumbers(row.memoryMb)),
    horizonMs: row.horizonMs,
    wallMs: row.wallMs,
  }
}

/** The names of the rows of ledgers over a trace with that unit; none when no such run was kept. */
export function readNames(database: Connection, trace: string, unit: string): readonly string[] {
  const blob = database.prepare('SELECT names FROM name_list WHERE trace = ? AND unit = ?').pluck().get(trace, unit)
  return blob === undefined ? [] : unpackNames(blob as Uint8Array)
}
