import { largest } from '../../core/largest.ts'
import { displayWidth, toLeft, toRight } from './aligned.ts'

/** Rows as aligned columns: the first `texts` of them to the left, the others to the right. */
export function columns(texts: number, rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => largest(rows.map((row) => displayWidth(row[column]!))))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < texts ? toLeft(cell, widths[column]!) : toRight(cell, widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
