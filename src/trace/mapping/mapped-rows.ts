import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { nearest } from '../../core/registry.ts'
import { placeOf, shown } from '../table/place.ts'
import { openColumnar } from './columnar-file.ts'
import { readColumnarRows } from './columnar-rows.ts'
import type { Columns } from './row-columns.ts'
import { CsvScanner } from './csv-scanner.ts'
import type { FileRows, RowListener, RowsRead } from './file-rows.ts'
import { JsonLineScanner } from './json-line-scanner.ts'
import { JsonListScanner, textAt } from './json-scanner.ts'
import { LineScanner } from './line-scanner.ts'
import { readOracleRows } from './oracle-rows.ts'
import type { Mapping, ReadAs } from './mapping.ts'
import { scanBytes, scanText } from './text-blocks.ts'

/** How a file is read, and which columns of it. */
export interface RowsWanted {
  readonly read: ReadAs
  readonly pattern?: Mapping['pattern']
  readonly columns: Columns
  /** Columns that others fill. */
  readonly except?: ReadonlySet<string | number>
}

/** Reads a file row by row. Throws a {@link UserError} at the place of what cannot be read. */
export async function readMappedRows(path: string, wanted: RowsWanted, listener: RowListener): Promise<RowsRead> {
  const { columns, read } = wanted
  const match = patternOf(wanted)
  const source = match === undefined ? undefined : (wanted.pattern?.in ?? (read.as === 'text' ? 'line' : undefined))
  if (match !== undefined && source === undefined) {
    throw new UserError({
      where: path,
      problem: 'a pattern needs the column that it is of',
      hint: 'Write pattern: { in: …, match: … }.',
    })
  }
  const inSlot = source === undefined ? -1 : columns.slot(source)
  const others = new Set<string | number>([...(wanted.except ?? []), ...(match?.groups ?? [])])
  const asked = () => columns.wanted.filter(([column]) => !others.has(column))
  const take = (line: number): void => {
    if (match === undefined || match.take(columns.text(inSlot), columns)) listener.onRow(line)
    else listener.onOther(columns.text(inSlot), line)
  }
  const asFile = { path, asked, columns, listener, take }
  if (read.as === 'oracle-general') return readOracleRows(asFile)
  if (read.as === 'parquet' || read.as === 'arrow') {
    const wanted = asked().map(([column, slot]) => ({
      slot,
      name: nameOf(String(column)),
      isOptional: isOptional(column),
      lacking: (names: readonly string[]) => unknownColumn(path, column, names),
    }))
    return readColumnarRows(await openColumnar(path, read.as), wanted, asFile)
  }
  if (read.as === 'csv' || read.as === 'jsonl') {
    const scanner = byteScannerOf(read, asFile)
    const bytes = await scanBytes(path, scanner, listener.onRead)
    return { rows: scanner.rows, bytes }
  }
  const scanner = textScannerOf(read, asFile)
  const bytes = await scanText(path, scanner, listener.onRead)
  return { rows: scanner.rows, bytes }
}

function byteScannerOf(read: Extract<ReadAs, { as: 'csv' | 'jsonl' }>, file: FileRows) {
  const { path, columns, listener, take } = file
  if (read.as === 'csv') {
    const style = { delimiter: read.delimiter ?? ',', skip: read.skip ?? 0, comment: read.comment ?? '' }
    const isHeader = read.header ?? true
    return new CsvScanner(path, style, (fields) => {
      const names = isHeader ? fields.map((name) => name.trim()) : fields.map((_, index) => `column ${index + 1}`)
      listener.onHeader?.(names)
      return { fields: fields.length, isHeader, slotOf: slotsOf(path, names, file), columns, onRow: take }
    })
  }
  return new JsonLineScanner(path, wantedOf(file), columns, {
    onRow: take,
    onOther: (text, line) => listener.onOther(text, line),
  })
}

function textScannerOf(read: Extract<ReadAs, { as: 'text' | 'json' }>, file: FileRows) {
  const { path, asked, columns, take } = file
  if (read.as === 'text') {
    const slots = asked().map(([column, slot]) => {
      if (column === 'line' || isOptional(column)) return slot
      throw unknownColumn(path, column, ['line'])
    })
    return new LineScanner((text, line) => {
      for (const slot of slots) columns.set(slot, text)
      take(line)
    })
  }
  const getters = wantedOf(file).map(({ slot, name }) => ({ slot, get: textAt(name) }))
  return new JsonListScanner(path, read.rows ?? '', (record, line) => {
    for (const { slot, get } of getters) columns.set(slot, get(record))
    take(line)
  })
}

/** The columns that records of JSON are asked for. */
function wantedOf({ asked }: Pick<FileRows, 'asked'>): readonly { readonly slot: number; readonly name: string }[] {
  return asked().map(([column, slot]) => ({ slot, name: nameOf(String(column)) }))
}

/** The slot of each field of a table; -1 where nobody wants it. Throws for a column that the table lacks. */
function slotsOf(path: string, names: readonly string[], { asked }: Pick<FileRows, 'asked'>): Int32Array {
  const slots = new Int32Array(names.length).fill(-1)
  for (const [column, slot] of asked()) {
    const index = indexOf(column, names)
    if (index < 0 && isOptional(column)) continue
    if (index < 0 || index >= names.length) throw unknownColumn(path, column, names)
    slots[index] = slot
  }
  return slots
}

/** Where a column stands; a name of digits that no column has is a position, as in `{1}T{2}`. */
function indexOf(column: string | number, names: readonly string[]): number {
  if (typeof column === 'number') return column - 1
  const index = names.indexOf(nameOf(column))
  return index < 0 && /^\d+$/.test(column) ? Number(column) - 1 : index
}

/** Whether a column may be absent. */
function isOptional(column: string | number): boolean {
  return typeof column === 'string' && column.endsWith('?')
}

function nameOf(column: string): string {
  return isOptional(column) ? column.slice(0, -1) : column
}

function unknownColumn(path: string, column: string | number, names: readonly string[]): UserError {
  const near = typeof column === 'string' ? nearest(column, names) : undefined
  const list = names
    .slice(0, 30)
    .map((name) => shown(name))
    .join(', ')
  const there = `${counted(names.length, 'column')}: ${list}${names.length > 30 ? ', …' : ''}`
  return new UserError({
    where: placeOf(path, 1),
    problem: `the mapping asks for the column ${JSON.stringify(column)}, and there is none; there are ${there}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  })
}

/** A pattern whose named groups are columns. */
interface RowPattern {
  readonly groups: readonly string[]
  /** Fills the columns with the groups of a text; false when it does not match. */
  take(text: string, columns: Columns): boolean
}

/** The names of the groups of a regular expression. */
export function namedGroupsOf(match: string): readonly string[] {
  return [...new Set([...match.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(([, name]) => name!))]
}

function patternOf({ pattern, columns }: RowsWanted): RowPattern | undefined {
  if (pattern === undefined) return undefined
  const expression = new RegExp(pattern.match, 'u')
  const groups = namedGroupsOf(pattern.match)
  const slots = groups
    .filter((name) => columns.wanted.some(([column]) => column === name))
    .map((name) => ({ name, slot: columns.slot(name) }))
  return {
    groups,
    take(text, into) {
      const found = expression.exec(text)
      if (found === null) return false
      for (const { name, slot } of slots) into.set(slot, found.groups![name] ?? '')
      return true
    },
  }
}
