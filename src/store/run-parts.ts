import type { Database as Connection } from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import { joinedLedger, type PartOf } from '../engine/ledger-parts.ts'
import { summarise } from '../metrics/summary.ts'
import { DAY_ACCOUNTS, type DayLedger } from '../metrics/run.ts'
import { Damage } from './damage.ts'
import { readStoreRows, type StoreRow, writeRow } from './stored-rows.ts'
import { cellsOf, readAppNames, type RunRecord, storedRunOf, type StoredRun, writeRun } from './stored-runs.ts'

/** Keeps a part of a run, and the run in its place once all parts are there. The names are those of the whole run. */
export function writePart(database: Connection, path: string, record: RunRecord): void {
  const { part, parts, firstApp } = record.part!
  writePartRow(database, path, { ...cellsOf(database, record), part, parts, first_app: firstApp })
}

/** Keeps the row of a part; says whether it was the last that its run lacked, which then is there whole. */
export function writePartRow(database: Connection, path: string, row: StoreRow): boolean {
  writeRow(database, 'run_part', row)
  const { digest = '', parts = 0 } = row
  const there = database.prepare('SELECT count(*) FROM run_part WHERE digest = ? AND parts = ?').pluck()
  if (there.get(digest, parts) !== parts) return false
  const rows = readStoreRows(database, 'run_part', { digest, parts })
  writeRun(database, joined(database, path, rows))
  forgetParts(database, String(digest))
  return true
}

/** The parts of the run of that digest which are kept while others are missing. */
export function partsOf(database: Connection, digest: string): readonly PartOf[] {
  return database
    .prepare('SELECT part, parts FROM run_part WHERE digest = ? ORDER BY parts, part')
    .all(digest) as PartOf[]
}

/** How many runs lack parts. */
export function runsInParts(database: Connection): number {
  return database.prepare('SELECT count(DISTINCT digest) FROM run_part').pluck().get() as number
}

/** Deletes the parts of a run, which is there whole. */
export function forgetParts(database: Connection, digest: string): void {
  database.prepare('DELETE FROM run_part WHERE digest = ?').run(digest)
}

/** All parts of a run, in their order, as one. Throws a UserError where they are not the parts of one run. */
function joined(database: Connection, path: string, rows: readonly StoreRow[]): RunRecord {
  const digest = String(rows[0]!['digest'])
  const parts = rows.map((row) => storedRunOf(row, digest))
  const [first] = parts as [StoredRun]
  const { trace, spec } = rows[0]!
  const names = readAppNames(database, String(trace), String(first.model['unit']))
  let apps = 0
  for (const [index, row] of rows.entries()) {
    const fits = row['first_app'] === apps && row['part'] === index + 1 && row['spec'] === spec
    if (!fits || parts[index]!.horizonMs !== first.horizonMs) throw misfit(path, digest)
    apps += parts[index]!.ledger.apps
  }
  if (apps !== names.length) throw misfit(path, digest)
  const run = {
    ...first,
    ledger: joinedLedger(
      parts.map(({ ledger }) => ledger),
      first.horizonMs,
    ),
    memoryMb: joinedColumns(parts.map(({ memoryMb }) => memoryMb)),
    days: joinedDays(parts),
    wallMs: parts.reduce((sum, { wallMs }) => sum + wallMs, 0),
  }
  const { totals } = summarise({ ...run, label: digest, variant: '' })
  return { trace: String(trace), spec: String(spec), run, totals, names }
}

function misfit(path: string, digest: string): UserError {
  return new UserError({
    where: path,
    problem: `the parts of run ${digest.slice(0, 12)} are not those of one run`,
    hint: 'Make all of them with one version of pilotlight, again with --fresh.',
  })
}

function joinedDays(parts: readonly StoredRun[]): readonly DayLedger[] | null {
  const [first] = parts
  if (first === undefined || first.days === null) return null
  return first.days.map(({ fromMs, toMs }, at) => {
    const columns = DAY_ACCOUNTS.map((account) => [
      account,
      joinedColumns(parts.map(({ days }) => dayAt(days, at)[account])),
    ])
    return { fromMs, toMs, ...(Object.fromEntries(columns) as Record<(typeof DAY_ACCOUNTS)[number], Float64Array>) }
  })
}

function dayAt(days: StoredRun['days'], at: number): DayLedger {
  const day = days?.[at]
  if (day === undefined) throw new Damage('a part of one of its runs lacks judged days')
  return day
}

function joinedColumns(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const column of columns) {
    all.set(column, at)
    at += column.length
  }
  return all
}
