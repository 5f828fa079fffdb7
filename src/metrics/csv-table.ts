import { csvRow } from './csv-row.ts'

/** A column of a CSV file; docs/fields.md lists it from here. */
export interface CsvColumn<Row> {
  /** With its unit in square brackets. */
  readonly name: string
  /** One sentence. */
  readonly describe: string
  of(row: Row): string | number
}

/** A table as CSV (RFC 4180): a header, and a line for each row. */
export function csvTable<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): string {
  const lines = Array.from(rows, (row) => csvRow(columns.map((column) => column.of(row))))
  return `${[csvRow(columns.map(({ name }) => name)), ...lines].join('\n')}\n`
}
