import { stat } from 'node:fs/promises'
import { UserError } from '../../core/user-error.ts'
import { scanBlocks } from './blocks.ts'
import { RecordScanner } from './record-scanner.ts'
import { unpackedBytes } from './source-bytes.ts'
import { type TableHeader, tableHeader, wrongFieldCount } from './table-header.ts'
import { TableRow } from './table-row.ts'

/** A file of one row per invocation: which columns it has, and who hears its rows. */
export interface EventTable<Required extends string, Optional extends string> {
  readonly required: readonly Required[]
  readonly optional: readonly Optional[]
  onHeader?(header: TableHeader<Required, Optional>): void
  onRow(row: TableRow<Required | Optional>): void
  onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined
}

/** What was read. */
export interface EventTableSize {
  readonly rows: number
  readonly bytes: number
}

/** Reads a file of one row per invocation. Throws a {@link UserError} at anything that is not as it should be. */
export async function readEventTable<Required extends string, Optional extends string>(
  path: string,
  table: EventTable<Required, Optional>,
): Promise<EventTableSize> {
  const total = (await stat(path)).size
  let header: TableHeader<Required, Optional> | undefined
  let row: TableRow<Required | Optional> | undefined
  let rows = 0
  const scanner = new RecordScanner(path, (fields, line) => {
    if (header === undefined || row === undefined) {
      header = tableHeader(path, fields.texts(), table.required, table.optional)
      row = new TableRow(path, fields, header.at)
      table.onHeader?.(header)
      return
    }
    if (fields.count !== header.fields) throw wrongFieldCount(path, line, header.fields, fields.count)
    rows += 1
    row.line = line
    table.onRow(row)
  })
  const chunks = unpackedBytes(path, (done) => table.onProgress?.(done, total))
  const bytes = await scanBlocks(chunks, scanner, path)
  if (rows === 0) throw new UserError({ where: path, problem: 'rows of invocations were expected, and there are none' })
  return { rows, bytes }
}
