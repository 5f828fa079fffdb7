import { textAt } from './json-scanner.ts'
import type { FileSample } from './file-sample.ts'
import type { ReadAs } from './mapping.ts'
import { type Seen, textColumns } from './text-columns.ts'

/** The columns of a file, and how they are read. */
export function columnsOfLook(look: FileSample): {
  readonly read: ReadAs
  readonly pattern?: string
  readonly columns: readonly Seen[]
} {
  if (look.as === 'csv') {
    const comment = look.lines[0]?.startsWith('#') === true ? { comment: '#' } : {}
    const read: ReadAs = { as: 'csv', delimiter: look.delimiter, header: look.hasHeader, ...comment }
    // Tables in the W3C's extended log format name their fields in a comment.
    const fields =
      look.lines
        .find((line) => line.startsWith('#Fields: '))
        ?.split(/\s+/)
        .slice(1) ?? []
    const columns = look.first.map((name, index) => ({
      name: look.hasHeader ? name.trim() : (fields[index] ?? String(index + 1)),
      from: look.hasHeader ? name.trim() : index + 1,
      texts: look.rows.map((row) => row[index] ?? ''),
    }))
    return { read, columns }
  }
  if (look.as !== 'text' && look.as !== 'binary') {
    const read: ReadAs = look.as === 'json' && look.rowsAt !== '' ? { as: 'json', rows: look.rowsAt } : { as: look.as }
    const paths = [...new Set(look.records.flatMap((record) => pathsOf(record)))]
    const columns = paths.map((path) => {
      const get = textAt(path)
      return { name: path, from: path, texts: look.records.map((record) => get(record)) }
    })
    return { read, columns }
  }
  return { read: { as: 'text' }, ...textColumns(look) }
}

/** The jq filter of the innermost list of records in JSON, each of which a row may be; undefined where records have no lists. */
export function innermostList({ as, rowsAt, records }: FileSample): string | undefined {
  const [record] = records
  const within = innerFilter(record)
  if ((as !== 'json' && as !== 'jsonl') || within === '') return undefined
  return `${as === 'jsonl' ? '' : `.${rowsAt}[]`}${within}`
}

function innerFilter(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  for (const [key, inner] of Object.entries(value)) {
    const name = /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `.${JSON.stringify(key)}`
    if (Array.isArray(inner)) {
      const [first] = inner as unknown[]
      const isPairs = pathsOf(inner).length > 0
      if (typeof first === 'object' && first !== null && !isPairs) return `${name}[]${innerFilter(first)}`
    } else if (typeof inner === 'string' && /^\{.*\}$/s.test(inner)) return `${name} | fromjson`
    else {
      const deeper = innerFilter(inner)
      if (deeper !== '') return `${name}${deeper}`
    }
  }
  return ''
}

function pathsOf(record: unknown, before = '', depth = 0): string[] {
  if (typeof record !== 'object' || record === null || depth > 3) return []
  if (Array.isArray(record)) {
    const pairs = (record as { field?: unknown; key?: unknown }[]).map((pair) => pair?.field ?? pair?.key)
    return pairs.filter((name) => typeof name === 'string').map((name) => `${before}${name}`)
  }
  return Object.entries(record).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? pathsOf(value, `${before}${key}.`, depth + 1) : [`${before}${key}`],
  )
}
