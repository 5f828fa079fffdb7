import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { scanBlocks } from './blocks.ts'
import { parseDecimal } from './decimal.ts'
import { placeOf, shown } from './place.ts'
import type { RecordFields } from './record.ts'
import { RecordScanner } from './record-scanner.ts'
import { unpackedBytes } from './source-bytes.ts'
import { type TableHeader, tableHeader, wrongFieldCount } from './table-header.ts'

/** A file of one row an invocation: which columns it has, and who hears its rows. */
export interface EventTable<Required extends string, Optional extends string> {
  readonly required: readonly Required[]
  readonly optional: readonly Optional[]
  onHeader?(header: TableHeader<Required, Optional>): void
  onRow(row: EventRow<Required | Optional>): void
  onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined
}

/** What was read. */
export interface EventTableSize {
  readonly rows: number
  readonly bytes: number
}

/** One row; the same object stands for the next row afterwards. */
export class EventRow<Column extends string> {
  line = 0
  private readonly path: string
  private readonly fields: RecordFields
  private readonly at: Readonly<Partial<Record<Column, number>>>

  constructor(path: string, fields: RecordFields, at: Readonly<Partial<Record<Column, number>>>) {
    this.path = path
    this.fields = fields
    this.at = at
  }

  /** `file:line`, without the folders, which another machine does not have. */
  get place(): string {
    return placeOf(basename(this.path), this.line)
  }

  /** A column's text; empty where the table has no such column. */
  text(column: Column): string {
    const index = this.at[column]
    return index === undefined ? '' : this.fields.text(index)
  }

  /** A column's text, which must not be empty. */
  name(column: Column): string {
    const text = this.text(column)
    return text === '' ? this.refuse(column, 'a name') : text
  }

  /** A column's number, which must be from `least` to `most`; `expected` says so in words. */
  number(column: Column, least: number, most: number, expected: string): number {
    const value = parseDecimal(this.text(column))
    if (value === undefined || value < least || value > most) return this.refuse(column, expected)
    // No negative zero: it would be another bit pattern of the same time.
    return value === 0 ? 0 : value
  }

  /** Throws the complaint that a column is not what was expected. */
  refuse(column: Column, expected: string): never {
    const where = placeOf(this.path, this.line, (this.at[column] ?? 0) + 1)
    throw new UserError({ where, problem: `${column} must be ${expected}, found ${shown(this.text(column))}` })
  }
}

/** Reads a file of one row an invocation. Throws a {@link UserError} at anything that is not as it should be. */
export async function readEventTable<Required extends string, Optional extends string>(
  path: string,
  table: EventTable<Required, Optional>,
): Promise<EventTableSize> {
  const total = (await stat(path)).size
  let header: TableHeader<Required, Optional> | undefined
  let row: EventRow<Required | Optional> | undefined
  let rows = 0
  const scanner = new RecordScanner(path, (fields, line) => {
    if (header === undefined || row === undefined) {
      header = tableHeader(path, fields.texts(), table.required, table.optional)
      row = new EventRow(path, fields, header.at)
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
