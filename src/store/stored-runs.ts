import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import { bytesWithoutStages, createLedger, ledgerBytes, tellingBytes } from '../engine/ledger.ts'
import { daysOf } from '../metrics/day-ledgers.ts'
import { DAY_ACCOUNTS, type DayLedger, type FinishedRun, type Judged, type Totals } from '../metrics/run.ts'
import { checkedJson, Damage } from './damage.ts'
import { packLatency, packNameList, packNumbers, unpackLatency, unpackNames, unpackNumbers } from './column-blobs.ts'
import type { PartOf } from '../engine/ledger-parts.ts'
import { readRow, type StoreRow, writeRow } from './stored-rows.ts'

/** A finished run without what an experiment makes of it: how it is called, which variant it is, and what its policy declares. */
export type StoredRun = Omit<FinishedRun, 'label' | 'variant' | 'draws' | 'windowMs'>

/** The accounts of every app of a run: all but a few bytes of it. */
export type RunAccounts = Pick<StoredRun, 'ledger' | 'days' | 'memoryMb'>

/** What else there is of it. */
export type RunFacts = Omit<StoredRun, keyof RunAccounts>

/** A finished run, as it is kept. */
export interface RunRecord {
  /** Digest of its trace, which must be in the store. */
  readonly trace: string
  /** Everything that the result depends on, as JSON; it holds `policy`, `params`, `model` and `seed`. */
  readonly spec: string
  readonly run: StoredRun
  /** Sums over all apps, for whoever looks into the file. */
  readonly totals: Totals
  /** Names of the rows of the whole run's ledger; kept once a trace and unit. */
  readonly names: readonly string[]
  /** The part of the run that it is, and the first of its apps; absent for a whole run. */
  readonly part?: PartOf & { readonly firstApp: number }
}

const specSchema = z.looseObject({
  policy: z.string(),
  policyFile: z.string().optional(),
  params: z.record(z.string(), z.unknown()),
  model: z.record(z.string(), z.unknown()),
  seed: z.number(),
  // At most some centuries: the days of a damaged row must not fill memory.
  judge: z.object({ fromMs: z.number().min(0), toMs: z.number().max(1e13) }).optional(),
})
const texts = z.record(z.string(), z.string())
const speltSchema = z.looseObject({ params: texts, model: texts })
const rowSchema = z.object({
  version: z.string(),
  wall_ms: z.number().min(0),
  apps: z
    .int()
    .min(0)
    .max(2 ** 32),
  horizon_ms: z.number().min(0).max(Number.MAX_SAFE_INTEGER),
})

/** Keeps a finished run with the names of its rows. */
export function writeRun(database: Connection, record: RunRecord): void {
  writeRow(database, 'run', { ...cellsOf(database, record), totals: JSON.stringify(record.totals) })
}

/** What is kept of a run, or of a part of it, but for its totals; keeps the names of its rows. */
export function cellsOf(database: Connection, { trace, spec, run, names }: Omit<RunRecord, 'totals'>): StoreRow {
  const { digest, version, wallMs, ledger, days, horizonMs, memoryMb, model, spelt } = run
  const unit = String(model['unit'])
  const known = database.prepare('SELECT 1 FROM name_list WHERE trace = ? AND unit = ?').get(trace, unit)
  if (known === undefined) writeRow(database, 'name_list', { trace, unit, names: packNameList(names) })
  return {
    digest,
    trace,
    spec,
    spelt: JSON.stringify(spelt),
    version,
    wall_ms: wallMs,
    apps: ledger.apps,
    horizon_ms: horizonMs,
    ledger: packNumbers(withDays(tellingBytes(ledger), days)),
    // A copy: the column may be a view into the memory of a whole trace.
    memory_mb: packNumbers(memoryMb.slice().buffer),
    latency: ledger.latency === null ? null : packLatency(ledger.latency),
  }
}

/** Whether the store has a finished run of that digest. */
export function hasRun(database: Connection, digest: string): boolean {
  return database.prepare('SELECT 1 FROM run WHERE digest = ?').get(digest) !== undefined
}

/** The version of the model that a finished run was made by; undefined where there is no such run. */
export function modelVersionOf(database: Connection, digest: string): number | undefined {
  const version = database
    .prepare(
      `SELECT CASE WHEN json_valid(spec) THEN json_extract(spec, '$.modelVersion') END FROM run WHERE digest = ?`,
    )
    .pluck()
    .get(digest)
  return typeof version === 'number' ? version : undefined
}

/** The finished run of that digest, but for its accounts. Throws {@link Damage} for a row that is not as it was written. */
export function readRun(database: Connection, digest: string): RunFacts | undefined {
  const row = readRow(database, 'run', { digest })
  return row === undefined ? undefined : factsOf(row, digest)
}

/** The accounts of the finished run of that digest. Throws {@link Damage} for ones that are not as they were written. */
export function readAccounts(database: Connection, digest: string): RunAccounts | undefined {
  const row = readRow(database, 'run', { digest })
  return row === undefined ? undefined : accountsOf(row, factsOf(row, digest))
}

/** A run that is read from its row; throws {@link Damage}. */
export function storedRunOf(row: StoreRow, digest: string): StoredRun {
  const facts = factsOf(row, digest)
  return { ...facts, ...accountsOf(row, facts) }
}

function factsOf(row: StoreRow, digest: string): RunFacts {
  const { version, wall_ms: wallMs, horizon_ms: horizonMs } = numbersOf(row, digest)
  const { policy, policyFile, params, model, seed, judge } = checkedJson(
    row['spec'],
    specSchema,
    'description of a run',
  )
  const spelt = checkedJson(row['spelt'], speltSchema, 'spelling of a run')
  return {
    policy,
    ...(policyFile === undefined ? {} : { policyFile }),
    params,
    model,
    spelt,
    seed,
    judged: judge ?? null,
    digest,
    version,
    horizonMs,
    wallMs,
  }
}

function numbersOf(row: StoreRow, digest: string): z.infer<typeof rowSchema> {
  const parsed = rowSchema.safeParse(row)
  if (!parsed.success) throw new Damage(`its run ${digest.slice(0, 12)} is not what a store holds`)
  return parsed.data
}

function accountsOf(row: StoreRow, { digest, judged, horizonMs }: RunFacts): RunAccounts {
  const { apps } = numbersOf(row, digest)
  const days = judged === null ? [] : daysOf(judged)
  const most = ledgerBytes(apps, horizonMs)
  const numbers = unpackNumbers(row['ledger'], most + days.length * dayBytes(apps))
  const length = numbers.byteLength - days.length * dayBytes(apps)
  const memoryMb = new Float64Array(unpackNumbers(row['memory_mb'], 8 * apps))
  if (memoryMb.length !== apps || (length !== most && length !== bytesWithoutStages(apps, horizonMs)))
    throw new Damage(`its run ${digest.slice(0, 12)} has columns of another length than its apps`)
  const ledger = createLedger(apps, horizonMs, ledgerMemory(numbers, length, most), judged?.fromMs)
  if (row['latency'] !== null) ledger.latency = unpackLatency(row['latency'], apps)
  return {
    ledger,
    memoryMb,
    days: judged === null ? null : days.map((day, index) => dayOf(day, numbers, length + index * dayBytes(apps), apps)),
  }
}

/** The memory of a ledger: columns of stages that are empty are not kept. */
function ledgerMemory(numbers: ArrayBuffer, length: number, most: number): ArrayBuffer {
  if (numbers.byteLength === most && length === most) return numbers
  const memory = new ArrayBuffer(most)
  new Uint8Array(memory).set(new Uint8Array(numbers, 0, length))
  return memory
}

function dayBytes(apps: number): number {
  return DAY_ACCOUNTS.length * apps * Float64Array.BYTES_PER_ELEMENT
}

/** A ledger's numbers, and behind them the columns of each judged day. */
function withDays(ledger: Uint8Array, days: StoredRun['days']): ArrayBufferLike {
  const columns = (days ?? []).flatMap((day) => DAY_ACCOUNTS.map((account) => day[account]))
  const all = new Float64Array(ledger.byteLength / 8 + columns.reduce((sum, { length }) => sum + length, 0))
  new Uint8Array(all.buffer).set(ledger)
  let at = ledger.byteLength / 8
  for (const column of columns) {
    all.set(column, at)
    at += column.length
  }
  return all.buffer
}

function dayOf(day: Judged, numbers: ArrayBuffer, offset: number, apps: number): DayLedger {
  const columns = DAY_ACCOUNTS.map(
    (account, index) => [account, new Float64Array(numbers, offset + index * apps * 8, apps)] as const,
  )
  return { ...day, ...(Object.fromEntries(columns) as Record<(typeof DAY_ACCOUNTS)[number], Float64Array>) }
}

/** The names of the rows of ledgers over a trace with that unit; none when no such run was kept. */
export function readAppNames(database: Connection, trace: string, unit: string): readonly string[] {
  const row = readRow(database, 'name_list', { trace, unit })
  return row === undefined ? [] : unpackNames(row['names'])
}
