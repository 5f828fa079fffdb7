import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { UserError } from '../../../core/user-error.ts'
import { placeOf } from '../../table/place.ts'
import { unpackedBytes } from '../../table/source-bytes.ts'
import { tableHeader, wrongFieldCount } from '../../table/table-header.ts'
import { TableRow } from '../../table/table-row.ts'
import type { TableFile } from './directory.ts'

/** One of the data set's small tables: the columns that are used, and who hears its rows. */
export interface SmallTable<Column extends string> {
  readonly file: TableFile
  readonly required: readonly Column[]
  readonly optional: readonly Column[]
  /** `raw` tells rows of this file apart. */
  onRow(row: TableRow<Column>, raw: string): void
  /** Hears of a row that is the header again, and where it is. */
  onHeader(place: () => string): void
  /** Hears how many bytes of the file on disk have been read. */
  onRead(bytes: number): void
}

/** Reads a small table row by row. Throws a {@link UserError} at a row that is no row of the table. */
export async function readSmallTable<Column extends string>(
  table: SmallTable<Column>,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const { path, header } = table.file
  const columns = tableHeader(path, header, table.required, table.optional)
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 1 << 20,
  })
  let bytes = 0
  const feeding = pipeline(
    Readable.from(unpackedBytes(path, table.onRead)),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length
        yield chunk
      }
    },
    parser,
  )
  // What goes wrong in there also ends the loop below, which throws it.
  feeding.catch(() => {})
  let current: readonly string[] = []
  const row = new TableRow<Column>(path, { text: (index) => current[index]! }, columns.at)
  let rows = -1
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      rows += 1
      if (rows === 0) continue
      if (record.length !== columns.fields) throw wrongFieldCount(path, info.lines, columns.fields, record.length)
      current = record
      if (table.required.every((name) => record[columns.at[name]!] === name)) {
        table.onHeader(() => placeOf(table.file.name, info.lines))
        continue
      }
      row.line = info.lines
      table.onRow(row, record.join('\u0000'))
    }
  } catch (error) {
    throw error instanceof CsvError ? noRecord(path, error) : error
  }
  return { rows, bytes }
}

function noRecord(path: string, error: CsvError): UserError {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 1
  const problem = `the row cannot be split into fields: ${error.message.replace(/\.$/, '')}`
  return new UserError({ where: placeOf(path, line), problem, hint: 'Inside a quoted field a quote is written twice.' })
}
