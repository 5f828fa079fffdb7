import type { Columns } from './row-columns.ts'

/** Who hears the rows of a file. */
export interface RowListener {
  /** The columns hold the texts of the row on that line. */
  onRow(line: number): void
  /** A line is no row: the pattern does not match it, or it is no JSON. */
  onOther(text: string, line: number): void
  /** A table begins, with the names of all its fields; `column 1` and so on where it has no header. */
  onHeader?(names: readonly string[]): void
  readonly onRead?: ((bytes: number) => void) | undefined
}

/** What was read. */
export interface RowsRead {
  readonly rows: number
  readonly bytes: number
}

/** A file being read. */
export interface FileRows {
  readonly path: string
  /** The columns that the file itself has to have, with their slots. */
  asked(): readonly (readonly [column: string | number, slot: number])[]
  readonly columns: Columns
  readonly listener: RowListener
  take(line: number): void
}
