import { createHash, hash } from 'node:crypto'
import type { Database as Connection } from 'better-sqlite3'
import { Damage } from './damage.ts'

/** A value of a column. */
export type StoreCell = string | number | Uint8Array | null
export type StoreRow = Readonly<Record<string, StoreCell>>

/** The columns of every table besides the checksum of the row, which is over them in this order. */
export const STORE_COLUMNS = {
  trace: ['digest', 'id', 'format', 'apps', 'functions', 'invocations', 'horizon_ms', 'offers', 'starts_at_ms', 'zone'],
  name_list: ['trace', 'unit', 'names'],
  run: [
    'digest',
    'trace',
    'spec',
    'spelt',
    'version',
    'wall_ms',
    'totals',
    'apps',
    'horizon_ms',
    'ledger',
    'memory_mb',
    'latency',
  ],
  run_part: [
    'digest',
    'part',
    'parts',
    'first_app',
    'trace',
    'spec',
    'spelt',
    'version',
    'wall_ms',
    'apps',
    'horizon_ms',
    'ledger',
    'memory_mb',
    'latency',
  ],
  experiment: [
    'name',
    'trace',
    'baseline',
    'baseline_variant',
    'source',
    'file',
    'trace_path',
    'notes',
    'prices',
    'runs',
  ],
  experiment_run: ['experiment', 'position', 'label', 'variant', 'run', 'by_app'],
  bound: ['trace', 'world', 'curves'],
  measured: ['trace', 'part', 'starts'],
  cold_over_time: ['run', 'cold'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type StoreTable = keyof typeof STORE_COLUMNS

/** SHA-256 (hex) of a row: of its cells as JSON, where a blob stands by its length, and then of the blobs. */
export function checksumOf(
  table: StoreTable,
  row: StoreRow,
  columns: readonly string[] = STORE_COLUMNS[table],
): string {
  const cells = columns.map((column) => row[column] ?? null)
  const blobs = cells.filter((cell) => cell instanceof Uint8Array)
  const text = JSON.stringify([table, ...cells.map((cell) => (cell instanceof Uint8Array ? [cell.length] : cell))])
  if (blobs.length === 0) return hash('sha256', text)
  const sum = createHash('sha256').update(text)
  for (const blob of blobs) sum.update(blob)
  return sum.digest('hex')
}

/** Writes rows with their checksums, each in place of one of the same key. */
export function writeRows(database: Connection, table: StoreTable, rows: Iterable<StoreRow>): void {
  const columns: readonly string[] = [...STORE_COLUMNS[table], 'checksum']
  const values = columns.map((column) => `@${column}`)
  const updates = columns.map((column) => `${column} = excluded.${column}`)
  const write = database.prepare(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${values.join()}) ON CONFLICT DO UPDATE SET ${updates.join()}`,
  )
  for (const row of rows) write.run({ ...row, checksum: checksumOf(table, row) })
}

/** Writes one row. */
export function writeRow(database: Connection, table: StoreTable, row: StoreRow): void {
  writeRows(database, table, [row])
}

/** The rows with these values in their columns, in the order of their keys. Throws {@link Damage} where one differs from its checksum. */
export function readStoreRows(database: Connection, table: StoreTable, where: StoreRow = {}): StoreRow[] {
  const names = Object.keys(where)
  const condition = names.length === 0 ? '' : ` WHERE ${names.map((name) => `${name} = @${name}`).join(' AND ')}`
  const [key, second] = STORE_COLUMNS[table]
  const columns: readonly string[] = [...STORE_COLUMNS[table], 'checksum']
  const rows = database
    .prepare(`SELECT ${columns.join()} FROM ${table}${condition} ORDER BY ${key}, ${second}`)
    .all(where) as StoreRow[]
  for (const row of rows) {
    if (row['checksum'] !== checksumOf(table, row))
      throw new Damage(`a row of the table ${table} is not as it was written`)
  }
  return rows
}

/**
 * The row with these values, of which there is one at most. Throws {@link Damage} where the table has one that its index
 * does not lead to: what is kept would else count as not there.
 */
export function readRow(database: Connection, table: StoreTable, where: StoreRow): StoreRow | undefined {
  const [found] = readStoreRows(database, table, where)
  if (found !== undefined) return found
  const condition = Object.keys(where).map((name) => `${name} = @${name}`)
  const hidden = database.prepare(`SELECT 1 FROM ${table} NOT INDEXED WHERE ${condition.join(' AND ')}`).get(where)
  if (hidden !== undefined) throw new Damage(`the index of its table ${table} does not lead to all rows`)
  return undefined
}
