import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import type { TraceFormat } from './trace-format.ts'
import { type FileSample, lookAt } from './mapping/file-sample.ts'
import { shown } from './table/place.ts'
import { kindOfPath } from './table/source-bytes.ts'

const SHOWN_LINES = 3
const SHOWN_COLUMNS = 20
const SHOWN_LETTERS = 160

/** The complaint about what no format recognises: what it seems to be, what it is nearest to, and what to do. */
export async function unrecognised(paths: readonly string[], given: readonly TraceFormat[]): Promise<UserError> {
  const [path = ''] = paths
  const where = paths.join(', ')
  const which = paths.length === 1 ? 'it' : 'any of them'
  if (paths.length > 1 || (await kindOfPath(path)).kind !== 'file') {
    const hint = `pilotlight init <file> looks at a file and proposes how to read it. Formats: ${given.map(({ id }) => id).join(', ')} (pilotlight list formats).`
    return new UserError({ where, problem: `no trace format recognises ${which}`, hint })
  }
  const look = await lookAt(path)
  const begins = look.lines.filter((line) => line.trim() !== '').slice(0, SHOWN_LINES)
  const seen = [
    `It is ${kindOf(look)}`,
    ...(begins.length === 0
      ? []
      : [`and begins with:\n${begins.map((line) => `  ${shown(line, SHOWN_LETTERS)}`).join('\n')}\n`]),
  ].join(' ')
  const near = nearestFormat(look, given)
  const beside = given.flatMap(({ id, isBeside }) =>
    isBeside?.(look) === undefined ? [] : [{ id, what: isBeside(look)! }],
  )[0]
  const lacks =
    beside !== undefined
      ? `It is the ${beside.what} of ${beside.id}, which is read beside the other tables: name those as well. `
      : near === undefined
        ? ''
        : `The nearest format is ${near.id}, and it lacks ${near.lacks.join(', ')}. `
  const hint =
    look.as === 'binary'
      ? `${seen}. A trace is text: tables, JSON or logs (gzip is fine).`
      : `${seen}${seen.endsWith('\n') ? '' : '. '}${lacks}To see how it could be read: pilotlight init ${path}`
  return new UserError({ where, problem: `no trace format recognises ${which}`, hint })
}

function kindOf({ as, encoding, delimiter, first, hasHeader, records }: FileSample): string {
  if (as === 'binary') return 'binary'
  if (as === 'csv') {
    const parts = delimiter === '\t' ? 'tabs' : `"${delimiter}"`
    const names = first.slice(0, SHOWN_COLUMNS).map((name) => shown(name))
    const header = hasHeader
      ? `with the header ${names.join(', ')}${first.length > SHOWN_COLUMNS ? ', …' : ''}`
      : 'without a header'
    return `a table (${encoding}, ${counted(first.length, 'column')} parted by ${parts}) ${header}`
  }
  if (as === 'text') return `lines of text (${encoding})`
  const [record] = records
  const keys = typeof record === 'object' && record !== null ? Object.keys(record) : []
  const what =
    as === 'parquet'
      ? 'a Parquet file'
      : as === 'arrow'
        ? 'an Arrow file'
        : `JSON (${encoding}${as === 'jsonl' ? ', one value per line' : ''})`
  return `${what} with ${keys
    .slice(0, SHOWN_COLUMNS)
    .map((key) => shown(key))
    .join(', ')}`
}

/** The format of which a table has the most columns, and all columns that it lacks. */
function nearestFormat(
  { as, first }: FileSample,
  given: readonly TraceFormat[],
): { readonly id: string; readonly lacks: readonly string[] } | undefined {
  if (as !== 'csv') return undefined
  const has = new Set(first.map((name) => name.trim()))
  const near = given
    .flatMap(({ id, needs = [] }) =>
      needs.map((names) => ({ id, of: names.length, lacks: names.filter((name) => !has.has(name)) })),
    )
    // At least half of them, for columns such as a time are of many tables.
    .filter(({ of, lacks }) => 2 * (of - lacks.length) >= of)
    .toSorted((a, b) => a.lacks.length / a.of - b.lacks.length / b.of)
  return near[0]
}
