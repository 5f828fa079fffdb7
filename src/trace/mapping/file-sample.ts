import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { UserError } from '../../core/user-error.ts'
import { unpackedBytes } from '../table/source-bytes.ts'
import { type ColumnarKind, columnarKindOf, openColumnar } from './columnar-file.ts'
import { firstRecords } from './columnar-rows.ts'
import type { ReadAs } from './mapping.ts'
import { isOracle } from './oracle-rows.ts'
import { encodingOf, markLength } from './text-blocks.ts'

/** How much of a file is looked at. */
const LOOK_BYTES = 1 << 16
const LOOK_LINES = 50
/** Rows of a table that are looked at. */
const MOST_ROWS = 12

/** What the beginning of a file shows. */
export interface FileSample {
  readonly path: string
  /** The year in which it was written last. */
  readonly year: number
  readonly encoding: 'UTF-8' | 'UTF-16' | 'binary'
  /** Lines as they stand, without their ends; at most 50, the last one whole. */
  readonly lines: readonly string[]
  /** What it seems to be. */
  readonly as: 'csv' | 'jsonl' | 'json' | 'text' | 'binary' | ColumnarKind
  /** Of a table: what parts its fields. */
  readonly delimiter: string
  /** Of a table: the fields of its first row, be it a header or not. */
  readonly first: readonly string[]
  /** Whether the first row names columns. */
  readonly hasHeader: boolean
  /** Of a table: the rows after a header, or all. */
  readonly rows: readonly (readonly string[])[]
  /** Of JSON, and of files of columns: the records at the beginning. */
  readonly records: readonly unknown[]
  /** Whether it is binary records as {@link isOracle} has them. */
  readonly isOracle?: boolean
  /** Of a JSON document: the path of the list that holds its rows. */
  readonly rowsAt: string
}

const looked = new Map<string, Promise<FileSample>>()
const MOST_LOOKED = 64

/** Looks at the beginning of a file, once for as long as it does not change. Throws a UserError for what cannot be read. */
export async function lookAt(path: string): Promise<FileSample> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path} ${size} ${mtimeMs}`
  let look = looked.get(key)
  if (look === undefined) {
    if (looked.size >= MOST_LOOKED) looked.clear()
    looked.set(key, (look = freshLook(path, new Date(mtimeMs).getUTCFullYear())))
  }
  return look
}

const NOTHING = { year: 1970, delimiter: ',', first: [], hasHeader: false, rows: [], records: [], rowsAt: '' } as const

async function freshLook(path: string, year: number): Promise<FileSample> {
  const kind = await columnarKindOf(path)
  if (kind !== undefined) {
    const records = await firstRecords(await openColumnar(path, kind))
    return { ...NOTHING, path, year, encoding: 'binary', lines: [], as: kind, records }
  }
  const bytes = await beginning(path)
  const isWhole = bytes.length < LOOK_BYTES
  const nothing = { ...NOTHING, path, year }
  const encoding = encodingOf(bytes)
  const text = bytes.subarray(markLength(bytes))
  if (encoding === 'utf8' && isBinary(text)) {
    return { ...nothing, encoding: 'binary', lines: [], as: 'binary', isOracle: isOracle(bytes, isWhole) }
  }
  const decoded =
    encoding === 'utf16be'
      ? Buffer.from(text.subarray(0, text.length & ~1))
          .swap16()
          .toString('utf16le')
      : text.toString(encoding)
  const lines = wholeLines(decoded, isWhole)
  const base = { ...nothing, encoding: encoding === 'utf8' ? ('UTF-8' as const) : ('UTF-16' as const), lines }
  return jsonLook(base, decoded) ?? tableLook(base, decoded) ?? { ...base, as: 'text' }
}

async function beginning(path: string): Promise<Buffer> {
  let begin = Buffer.alloc(0)
  for await (const chunk of unpackedBytes(path)) {
    begin = Buffer.concat([begin, chunk.subarray(0, LOOK_BYTES - begin.length)])
    if (begin.length >= LOOK_BYTES) break
  }
  if (begin.length === 0) throw new UserError({ where: path, problem: 'the file is empty' })
  return begin
}

function isBinary(bytes: Buffer): boolean {
  return bytes.includes(0)
}

function wholeLines(text: string, isWhole: boolean): string[] {
  const lines = text.split(/\r?\n/)
  const last = lines.pop() ?? ''
  // A file whose first line is longer than what is looked at still shows its beginning.
  if (last !== '' && (isWhole || lines.length === 0)) lines.push(last)
  return lines.slice(0, LOOK_LINES)
}

type Base = Omit<FileSample, 'as'>

function jsonLook(base: Base, text: string): FileSample | undefined {
  const begin = text.trimStart()
  if (!/^[[{]/.test(begin)) {
    const objects = base.lines.filter((line) => line.startsWith('{')).map(parsedOr)
    // A log of JSON lines may hold others, but not begin a table.
    return objects.length > base.lines.length / 2 && objects.every(isObject)
      ? { ...base, as: 'jsonl', records: objects }
      : undefined
  }
  const filled = base.lines.filter((line) => line.trim() !== '')
  const objects = filled.filter((line) => line.startsWith('{')).map(parsedOr)
  if (
    begin.startsWith('{') &&
    objects.length > 0 &&
    objects.every(isObject) &&
    (filled.length > 1 || listIn(objects[0]) === undefined)
  ) {
    return { ...base, as: 'jsonl', records: objects }
  }
  const rowsAt = begin.startsWith('[') ? '' : rowsPath(begin)
  if (rowsAt === undefined) return undefined
  const records = elementsAt(begin, rowsAt)
  return records.length === 0 ? undefined : { ...base, as: 'json', rowsAt, records }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The path of the first list of objects or lists in a value. */
function listIn(value: unknown, path: readonly string[] = []): string | undefined {
  if (Array.isArray(value)) {
    const [first] = value as unknown[]
    return typeof first === 'object' && first !== null ? path.join('.') : undefined
  }
  if (!isObject(value) || path.length > 3) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = listIn(inner, [...path, key])
    if (found !== undefined && [...path, key].length > 0) return found
  }
  return undefined
}

/** The path of the rows of a document that may be cut: the keys that lead to its first list of objects or lists. */
function rowsPath(text: string): string | undefined {
  const whole = parsedOr(text)
  if (whole !== undefined) return listIn(whole)
  const keys: string[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[[\]{}]/g)) {
    if (token.endsWith(':') && token.startsWith('"')) keys[keys.length - 1] = token.slice(1, token.lastIndexOf('"'))
    else if (token === '{') keys.push('')
    else if (token === '}') keys.pop()
    else if (token === '[') {
      const at = text.indexOf('[')
      return at < 0 ? undefined : keys.join('.')
    }
  }
  return undefined
}

/** The whole elements of the list at a path, of a document that may be cut. */
function elementsAt(text: string, rowsAt: string): unknown[] {
  const last = rowsAt.split('.').at(-1)!
  const from = rowsAt === '' ? text.indexOf('[') : text.indexOf('[', text.indexOf(JSON.stringify(last)))
  const records: unknown[] = []
  let depth = 0
  let begin = -1
  for (let at = from + 1; at > 0 && at < text.length; at += 1) {
    const code = text[at]
    if (code === '"') {
      do at = text.indexOf('"', at + 1)
      while (at > 0 && /\\(\\\\)*$/.test(text.slice(Math.max(0, at - 20), at)) && text[at - 1] === '\\')
      if (at < 0) break
    } else if (code === '{' || code === '[') {
      if (depth === 0) begin = at
      depth += 1
    } else if (code === '}' || code === ']') {
      depth -= 1
      if (depth < 0) break
      if (depth === 0) records.push(parsedOr(text.slice(begin, at + 1)))
    }
  }
  return records.filter((record) => record !== undefined).slice(0, LOOK_LINES)
}

/** JSON behind a time, a level or the like, whose commas part no fields of a table. */
const JSON_BEHIND = /^[^"{},;]+ \{".*\}\s*$/

const DELIMITERS = [',', '\t', ';', '|'] as const

function tableLook(base: Base, text: string): FileSample | undefined {
  if (base.lines.every((line) => line === '' || JSON_BEHIND.test(line))) return undefined
  // Lines of comment may stand before a table.
  const table = text.replace(/^(?:#[^\n]*\n)+/, '')
  let found: FileSample | undefined
  // The W3C's extended log format, as IIS writes it, names its fields in a comment and parts them by spaces.
  const isSpaced = /^#Fields: /m.test(text.slice(0, text.length - table.length))
  for (const delimiter of isSpaced ? ['\t', ' '] : DELIMITERS) {
    const rows = firstRows(table, delimiter, base.lines.length)
    const [first] = rows
    // Of several that part all rows alike, the one that makes the most of them: texts of a row may have commas.
    if (first === undefined || first.length < 2 || first.length <= (found?.first.length ?? 0)) continue
    if (rows.some(({ length }) => length !== first.length)) continue
    const hasHeader = looksLikeHeader(first, rows.slice(1))
    // Sentences have commas too: a table without a header has at least a number or a date in each row.
    if (!hasHeader && (rows.length < 2 || !rows.every((row) => row.some(isNumeric)))) continue
    found = { ...base, as: 'csv', delimiter, first, hasHeader, rows: hasHeader ? rows.slice(1) : rows }
  }
  return found
}

function isNumeric(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) || /^\d{4}-\d\d-\d\d/.test(text.trim())
}

function looksLikeHeader(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  // Tables that pandas wrote begin with an index, which has no name.
  const [begin = '', second = ''] = first.map((name) => name.trim())
  if (first.some((name, index) => name.trim() === '' && index > 0) || new Set(first).size !== first.length) return false
  // A wide table of counts has numbers for names; it still begins with a word.
  if (!/[\p{L}_@]/u.test(begin === '' ? second : begin)) return false
  const words = first.filter((name) => !isNumeric(name)).length
  if (rows.length === 0) return words === first.length
  return (
    words === first.length ||
    first.some((name, index) => !isNumeric(name) && rows.some((row) => isNumeric(row[index] ?? '')))
  )
}

/** The rows at the beginning of a table that are whole. */
function firstRows(text: string, delimiter: string, lines: number): string[][] {
  const most = Math.min(lines, MOST_ROWS)
  const rows: string[][] = []
  const options = { delimiter, to: most, record_delimiter: ['\n', '\r\n'], skip_empty_lines: true }
  const take = (row: string[]): null => {
    rows.push(row)
    return null
  }
  try {
    parse(text, { ...options, relax_column_count: true, relax_quotes: true, on_record: take })
  } catch {
    // A quote that is not closed here: the rows before it are whole.
    return rows
  }
  const isCut = rows.length < most && text.length >= LOOK_BYTES / 2 && !text.endsWith('\n')
  return isCut ? rows.slice(0, -1) : rows
}

/** The names of a table's columns; none where it has no header, or is no table. */
export async function headerNames(path: string, read: ReadAs = { as: 'csv' }): Promise<readonly string[]> {
  const look = await lookAt(path)
  if (read.as !== 'csv') {
    const [record] = look.records
    return isObject(record) ? Object.keys(record) : []
  }
  const [first = []] = firstRows(look.lines.join('\n'), read.delimiter ?? ',', look.lines.length)
  return read.header === false ? [] : first.map((name) => name.trim())
}
