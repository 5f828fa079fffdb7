import { dirname, isAbsolute, join } from 'node:path'
import type { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import type { Filter, Mapping, Quantity } from '../trace/mapping/mapping.ts'
import { parseSource, type SourceDocument } from './document.ts'
import { check } from './field.ts'
import { mappingSchema } from './mapping-schema.ts'
import { UNIT_IN_TEXT } from '../trace/mapping/written.ts'
import { readText } from '../files/read-text.ts'

const WANTED = { what: 'a mapping', hint: 'pilotlight init <file> writes one; docs/traces.md tells its keys.' }

/**
 * The mapping that a text names: the path of a YAML file, or the mapping itself, as in `{ read: csv, app: fn, … }`.
 * `where` is what named it. Throws a UserError with the place of the first thing wrong with it.
 */
export async function readMapping(named: string, where: string): Promise<Mapping> {
  const isInline = named.trimStart().startsWith('{')
  const file = isInline ? where : named
  return mappingOf(parseSource(isInline ? named : await readText(named, { ...WANTED, where }), file, WANTED))
}

function mappingOf(document: SourceDocument): Mapping {
  const {
    pattern,
    join: table,
    weight,
    counts,
    ...rest
  } = check(mappingSchema, document, document.data, []) as CheckedMapping
  demandConsistent(document, { ...rest, counts })
  const whole = {
    ...rest,
    ...(pattern === undefined ? {} : { pattern: typeof pattern === 'string' ? { match: pattern } : pattern }),
    ...(table === undefined ? {} : { join: { ...table, path: besides(document.file, table.path) } }),
    ...(weight === undefined ? {} : { weight: { from: weight } }),
    ...(counts === undefined ? {} : { counts: countsOf(counts, document.file) }),
  }
  // The schema has checked what the type says; zod cannot tell it.
  return JSON.parse(JSON.stringify(whole)) as Mapping
}

type CheckedMapping = z.output<typeof mappingSchema>

function countsOf({ bucket, beside, ...rest }: NonNullable<CheckedMapping['counts']>, file: string) {
  if (beside === undefined) return { ...rest, bucketMs: bucket }
  const tables = Object.entries(beside).filter(([, table]) => table !== undefined)
  const placed = tables.map(([what, table]) => [what, { ...table, path: besides(file, table!.path) }])
  return { ...rest, beside: Object.fromEntries(placed), bucketMs: bucket }
}

function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

/** Refuses what no single key can be blamed for. */
function demandConsistent(
  document: SourceDocument,
  mapping: Pick<
    CheckedMapping,
    'start' | 'end' | 'counts' | 'only' | 'except' | 'duration' | 'wait' | 'coldStart' | 'loading' | 'memory'
  >,
): void {
  const { start, end, counts } = mapping
  const { where } = document.value([])
  const isTimeless = counts?.layout === 'rows' || counts?.layout === 'series'
  if (start !== undefined && end !== undefined) {
    throw new UserError({
      where: document.key(['end']).where,
      problem: 'start and end are both given, and a mapping has one of them',
    })
  }
  if (start === undefined && end === undefined && !isTimeless) {
    throw new UserError({
      where,
      problem: 'neither start nor end is given',
      hint: 'Write, for example, start: { from: timestamp }.',
    })
  }
  if (counts?.layout === 'cells' && counts.value === undefined) {
    throw new UserError({
      where: document.value(['counts']).where,
      problem: 'layout cells needs value, the column of the count',
    })
  }
  if (counts?.layout === 'series' && counts.value === undefined) {
    throw new UserError({
      where: document.value(['counts']).where,
      problem: 'layout series needs value, the path of the list',
    })
  }
  if (counts?.beside !== undefined && counts.layout !== 'columns') {
    throw new UserError({
      where: document.key(['counts', 'beside']).where,
      problem: 'beside is for layout columns, where tables have one shape',
    })
  }
  for (const key of ['duration', 'wait', 'coldStart', 'loading', 'memory'] as const) {
    const given = mapping[key] as
      | (Partial<Quantity<string>> & Partial<Record<'from' | 'is' | 'to' | 'decimal', unknown>>)
      | undefined
    if (given === undefined) continue
    if ((given.from === undefined) === (given.is === undefined))
      throw new UserError({ where: document.value([key]).where, problem: 'one of from and is must be given' })
    const other = (['is', 'to', 'decimal'] as const).find((each) => given[each] !== undefined)
    if (given.unit === UNIT_IN_TEXT && other !== undefined)
      throw new UserError({
        where: document.value([key]).where,
        problem: `unit: ${UNIT_IN_TEXT} is for texts that say their own unit, and cannot go with ${other}`,
      })
  }
  for (const key of ['only', 'except'] as const) {
    for (const [index, each] of ((mapping[key] ?? []) as Filter[]).entries()) {
      if ((each.is === undefined) !== (each.match === undefined)) continue
      throw new UserError({ where: document.value([key, index]).where, problem: 'one of is and match must be given' })
    }
  }
}
