import type { TraceBuilder } from '../../build/builder.ts'
import { scanBlocks } from '../../table/blocks.ts'
import { placeOf } from '../../table/place.ts'
import { RecordScanner } from '../../table/record-scanner.ts'
import { unpackedBytes } from '../../table/source-bytes.ts'
import { tableHeader, wrongFieldCount } from '../../table/table-header.ts'
import { TableRow } from '../../table/table-row.ts'
import type { Defects } from './azure-defects.ts'
import type { TableSize } from './day-rows.ts'
import type { Repeats } from './repeats.ts'
import type { TableFile } from './table-files.ts'

/** What a small table is read into. */
export interface TableTarget {
  readonly builder: TraceBuilder
  readonly defects: Defects
  /** Its memory is used for one table after the other. */
  readonly repeats: Repeats
}

/** One of the data set's small tables: the columns that are used, and who hears its rows. */
export interface SmallTable<Column extends string> {
  readonly file: TableFile
  readonly required: readonly Column[]
  readonly optional: readonly Column[]
  /** `whole` tells rows of this file apart, and is good until the next row. */
  onRow(row: TableRow<Column>, whole: Uint8Array): void
  /** Hears of a row that is the header again, and where it is. */
  onHeader(place: () => string): void
  /** Hears how many bytes of the file on disk have been read. */
  onRead(bytes: number): void
}

/** Reads a small table row by row. Throws a {@link UserError} at a row that is no row of the table. */
export async function readSmallTable<Column extends string>(table: SmallTable<Column>): Promise<TableSize> {
  const { path, header } = table.file
  const { at, fields: width } = tableHeader(path, header, table.required, table.optional)
  let rows = -1
  let row: TableRow<Column> | undefined
  const scanner = new RecordScanner(path, (fields, line) => {
    rows += 1
    row ??= new TableRow<Column>(path, fields, at)
    if (rows === 0) return
    if (fields.count !== width) throw wrongFieldCount(path, line, width, fields.count)
    row.line = line
    const here = row
    if (table.required.every((name) => here.text(name) === name)) table.onHeader(() => placeOf(table.file.name, line))
    else table.onRow(row, fields.whole)
  })
  const bytes = await scanBlocks(unpackedBytes(path, table.onRead), scanner, path)
  return { rows, bytes }
}
