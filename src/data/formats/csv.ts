import { csvRow } from '../../metrics/csv-row.ts'
import type { DataFormat } from '../data-format.ts'
import type { DataCell } from '../data-table.ts'

/** CSV (RFC 4180) in UTF-8 with a header: no value is an empty cell, an infinite number is `inf`. */
export const csv: DataFormat = {
  id: 'csv',
  summary: 'Comma-separated values in UTF-8 with a header.',
  content: (table) => linesOf(table),
}

function* linesOf({ columns, batches }: Parameters<DataFormat['content']>[0]): Generator<string> {
  yield `${csvRow(columns.map(({ name }) => name))}\n`
  for (const batch of batches()) {
    const rows = batch[0]?.length ?? 0
    for (let row = 0; row < rows; row += 1) yield `${csvRow(batch.map((column) => cellText(column[row]!)))}\n`
  }
}

function cellText(cell: DataCell): string | number {
  if (cell === null) return ''
  if (cell === Number.POSITIVE_INFINITY) return 'inf'
  return cell
}
