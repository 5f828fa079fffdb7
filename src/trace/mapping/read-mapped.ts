import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { DefectLog } from '../build/defect-log.ts'
import type { SourceFile } from '../build/join-report.ts'
import type { ReadOptions } from '../trace-format.ts'
import { placeOf, shown } from '../table/place.ts'
import type { Trace } from '../trace.ts'
import { commonPath, traceIdOf } from '../trace-id.ts'
import { Columns } from './row-columns.ts'
import { CountReader } from './count-reader.ts'
import { defectsOf, filterId } from './mapping-defects.ts'
import { EventReader } from './event-reader.ts'
import { filterOf } from './fields.ts'
import { readJoined } from './join.ts'
import { headerNames } from './file-sample.ts'
import type { Mapping } from './mapping.ts'
import type { ReaderParts, RowReader } from './row-reader.ts'
import { namedGroupsOf, readMappedRows } from './mapped-rows.ts'

/** What is read. */
export interface MappedSource {
  readonly paths: readonly string[]
  readonly mapping: Mapping
  /** Id of the format. */
  readonly format: string
  /** Mappings that share the format, whose defects all have a line. */
  readonly relatives?: readonly Mapping[]
  /** Files that were passed over. */
  readonly others?: readonly string[]
}

/** Reads files by a mapping. Throws a {@link UserError} at the place of anything that does not fit it. */
export async function readMapped(from: MappedSource, { onProgress, origin }: ReadOptions = {}): Promise<Trace> {
  const { paths, mapping, format, relatives = [mapping], others = [] } = from
  const where = commonPath(paths)
  const columns = new Columns()
  const defects = new DefectLog(defectsOf(relatives))
  for (const other of others) defects.note('file-unknown', () => basename(other))
  const source = { id: traceIdOf(where), format }
  const parts: ReaderParts = { mapping, columns, defects, source, where, origin: origin ?? mapping.origin }
  const reader: RowReader =
    mapping.counts === undefined ? new EventReader(parts) : new CountReader(parts, mapping.counts)
  const passes = filtersOf(parts)
  const fileSlot = columns.wanted.find(([column]) => column === 'file')?.[1]
  const joined = await joinedOf(parts, where)
  const except = new Set<string | number>(['file', 'column', ...(joined?.names ?? [])])
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const files: SourceFile[] = []
  let done = 0
  for (const [index, path] of paths.entries()) {
    const name = basename(path)
    if (fileSlot !== undefined) columns.set(fileSlot, traceIdOf(path))
    let unmatched: { text: string; line: number } | undefined
    let taken = 0
    const place = { path, line: 0 }
    reader.beginFile?.()
    const read = await readMappedRows(
      path,
      { read: mapping.read, pattern: mapping.pattern, columns, except },
      {
        onHeader: (names) => reader.onHeader?.(names),
        onRow(line) {
          taken += 1
          place.line = line
          if (joined !== undefined && !joined.fill()) defects.note('join-missing', () => `${name}:${line}`)
          if (passes(name, line)) reader.onRow(place)
        },
        onOther(text, line) {
          unmatched ??= { text, line }
          defects.note('row-unmatched', () => `${name}:${line}`)
        },
        onRead: (bytes) => onProgress?.(done + bytes, total),
      },
    )
    if (taken === 0) throw noRows(path, unmatched)
    if (mapping.limits?.includes(taken)) defects.note('rows-at-limit', () => `${name}: ${counted(taken, 'row')}`)
    done += sizes[index]!
    onProgress?.(done, total)
    files.push({
      path: name,
      table: mapping.counts === undefined ? 'events' : 'counts',
      rows: read.rows,
      bytes: read.bytes,
    })
    files.push(...((await reader.endFile?.(path)) ?? []))
  }
  return reader.build(files)
}

function noRows(path: string, unmatched: { text: string; line: number } | undefined): UserError {
  if (unmatched === undefined) return new UserError({ where: path, problem: 'rows were expected, and there are none' })
  return new UserError({
    where: placeOf(path, unmatched.line),
    problem: `no line is as the mapping says, and this is the first: ${shown(unmatched.text)}`,
    hint: 'pilotlight init looks at a file and proposes a mapping.',
  })
}

function filtersOf({ mapping, columns, defects }: ReaderParts): (name: string, line: number) => boolean {
  const { only = [], except = [] } = mapping
  const filters = [
    ...only.map((filter) => ({ id: filterId(filter), holds: filterOf(filter, columns), wanted: true })),
    ...except.map((filter) => ({ id: filterId(filter), holds: filterOf(filter, columns), wanted: false })),
  ]
  return (name, line) => {
    for (const { id, holds, wanted } of filters) {
      if (holds() === wanted) continue
      defects.note(id, () => `${name}:${line}`)
      return false
    }
    return true
  }
}

/** The second table; its columns are those of the mapping that neither the pattern nor the join's keys name. */
async function joinedOf({ mapping, columns }: ReaderParts, where: string) {
  const { join, pattern } = mapping
  if (join === undefined) return undefined
  const second = new Set(await headerNames(join.path, join.read))
  const groups = new Set(pattern === undefined ? [] : namedGroupsOf(pattern.match))
  const left = new Set(Object.keys(join.on))
  const names = columns.wanted
    .map(([column]) => column)
    .filter(
      (column): column is string =>
        typeof column === 'string' && second.has(column) && !groups.has(column) && !left.has(column),
    )
  if (names.length === 0) {
    const problem = `no column of ${join.path} is asked for`
    throw new UserError({ where, problem, hint: 'Leave join out, or name one of its columns.' })
  }
  return { ...(await readJoined(join, columns, names)), names }
}
