import { UserError } from '../../core/user-error.ts'

/** The rows of one app, in rising order of `at`, in ms. */
export type AppForecasts =
  | {
      readonly kind: 'windows'
      /** An app that goes idle from then on has these windows, in ms. */
      readonly at: Float64Array
      readonly prewarmMs: Float64Array
      readonly keepAliveMs: Float64Array
    }
  | {
      readonly kind: 'arrivals'
      /** Where a step begins, and how many arrivals are expected in it. */
      readonly at: Float64Array
      readonly arrivals: Float64Array
    }

const HEADS = {
  windows: ['app', 'at_ms', 'prewarm_ms', 'keep_alive_ms'],
  arrivals: ['app', 'at_ms', 'arrivals'],
} as const

/**
 * Reads the forecasts in a CSV text: after its header, one row per app and time. Numbers are from 0 on, and windows may be
 * `Infinity`; rows of an app may come in any order. A name may hold commas, since only the last fields are numbers, and
 * may stand in double quotes. Throws a UserError that names the line, and `file` where that is known.
 */
export function readForecasts(text: string, file?: string): Map<string, AppForecasts> {
  const wrong = (index: number, problem: string): UserError => {
    const where = file === undefined ? `policy forecast, its file, line ${index + 1}` : `${file}:${index + 1}`
    return new UserError({ where, problem, hint: 'docs/policies.md describes both kinds of file.' })
  }
  const lines = text.split(/\r?\n/)
  const kind = kindOf(lines[0]!.replace(/^\u{feff}/u, ''), wrong)
  const numbers = HEADS[kind].length - 1
  const rows = new Map<string, Row[]>()
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const fields = line.split(',')
    if (fields.length <= numbers) throw wrong(index, `expected ${HEADS[kind].join(',')}, found ${JSON.stringify(line)}`)
    const name = nameOf(fields.slice(0, -numbers).join(','))
    const values = fields
      .slice(-numbers)
      .map((field, column) => numberOf(field, HEADS[kind][column + 1]!, index, wrong))
    const row: Row = { index, values }
    const own = rows.get(name)
    if (own === undefined) rows.set(name, [row])
    else own.push(row)
  }
  return new Map([...rows].map(([name, own]) => [name, forecastsOf(kind, name, own, wrong)]))
}

/** The numbers of a line, and which line of the file it is, from 0 on. */
interface Row {
  readonly index: number
  readonly values: readonly number[]
}

/** Makes the error about a line, from 0 on. */
type Wrong = (index: number, problem: string) => UserError

function kindOf(head: string, wrong: Wrong): AppForecasts['kind'] {
  const found = (['windows', 'arrivals'] as const).find((kind) => HEADS[kind].join(',') === head.replaceAll(' ', ''))
  if (found !== undefined) return found
  const wanted = Object.values(HEADS).map((names) => names.join(','))
  throw wrong(0, `expected the header ${wanted.join(' or ')}, found ${JSON.stringify(head.slice(0, 100))}`)
}

function nameOf(field: string): string {
  const name = field.trim()
  return /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name
}

function numberOf(field: string, column: string, index: number, wrong: Wrong): number {
  const text = field.trim()
  const value = text === '' ? Number.NaN : Number(text)
  const isFit = value >= 0 && (Number.isFinite(value) || column.endsWith('prewarm_ms') || column === 'keep_alive_ms')
  if (isFit) return value
  throw wrong(index, `${column} must be a number from 0 on, found ${JSON.stringify(text)}`)
}

function forecastsOf(kind: AppForecasts['kind'], name: string, rows: readonly Row[], wrong: Wrong): AppForecasts {
  const sorted = rows.toSorted((one, other) => one.values[0]! - other.values[0]!)
  const column = (index: number): Float64Array => Float64Array.from(sorted, ({ values }) => values[index]!)
  const at = column(0)
  const twice = at.findIndex((time, row) => row > 0 && time === at[row - 1])
  if (twice >= 0) throw wrong(sorted[twice]!.index, `the app ${name} has two rows for at_ms ${at[twice]}`)
  return kind === 'windows'
    ? { kind, at, prewarmMs: column(1), keepAliveMs: column(2) }
    : { kind, at, arrivals: column(1) }
}
