import { UserError } from '../../core/user-error.ts'
import type { FileRows, RowsRead } from './file-rows.ts'
import { textAt } from './json-scanner.ts'

/** Values of some rows that follow one another, column by column. */
export interface ColumnBatch {
  readonly rows: number
  /** The values of a column of the file; undefined in a batch of a file without it. */
  column(name: string): ((row: number) => unknown) | undefined
}

/** A file that holds columns of values. */
export interface ColumnarFile {
  /** The names of its columns. */
  readonly names: readonly string[]
  readonly bytes: number
  /** Its rows, of which only these columns are wanted. `onRead` hears how many bytes of the file were read. */
  batches(wanted: readonly string[], onRead?: (bytes: number) => void): AsyncIterable<ColumnBatch>
}

/** A column that is asked for, and the name under which it is asked for without the mark of one that may be absent. */
export interface Asked {
  readonly slot: number
  readonly name: string
  readonly isOptional: boolean
  /** The complaint where the file lacks it. */
  lacking(names: readonly string[]): UserError
}

/** Reads the rows of a file of columns: `a.b` is the field `b` of the structures in the column `a`. */
export async function readColumnarRows(
  file: ColumnarFile,
  asked: readonly Asked[],
  { columns, listener, take }: Pick<FileRows, 'columns' | 'listener' | 'take'>,
): Promise<RowsRead> {
  const { names } = file
  listener.onHeader?.(names)
  const wanted = asked.flatMap(({ slot, name, isOptional, lacking }) => {
    const [first = '', ...inner] = names.includes(name) ? [name] : name.split('.')
    if (names.includes(first))
      return [{ slot, column: first, inner: inner.length === 0 ? undefined : textAt(inner.join('.')) }]
    if (isOptional) return []
    throw lacking(names)
  })
  let rows = 0
  for await (const batch of file.batches([...new Set(wanted.map(({ column }) => column))], listener.onRead)) {
    const cells = wanted.map(({ slot, column, inner }) => ({ slot, inner, values: batch.column(column) }))
    for (let row = 0; row < batch.rows; row += 1) {
      for (const { slot, inner, values } of cells) {
        const value = values?.(row)
        columns.set(slot, inner === undefined ? textOfValue(value) : inner(plainValue(value)))
      }
      rows += 1
      take(rows)
    }
  }
  return { rows, bytes: file.bytes }
}

/** A value as a text: dates in ISO 8601, lists and structures as JSON, nothing as an empty text. */
function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  const plain = plainValue(value)
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain as number | boolean)
}

/** A value as JSON could hold it. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plainValue)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]))
}

/** So many rows show what a file holds. */
const SHOWN_ROWS = 50

/** The first rows of a file of columns as records. */
export async function firstRecords(file: ColumnarFile): Promise<readonly Readonly<Record<string, unknown>>[]> {
  for await (const batch of file.batches(file.names)) {
    const cells = file.names.map((name) => [name, batch.column(name)] as const)
    return Array.from({ length: Math.min(SHOWN_ROWS, batch.rows) }, (_, row) =>
      Object.fromEntries(cells.map(([name, values]) => [name, plainValue(values?.(row)) ?? null])),
    )
  }
  return []
}

/** What a library could not read, as a mistake in the file. */
export function damaged(path: string, kind: string, error: unknown): UserError {
  if (error instanceof UserError) return error
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  return new UserError({
    where: path,
    problem: `it cannot be read as ${kind}: ${reason}`,
    hint: 'Fetch or write the file again.',
  })
}
