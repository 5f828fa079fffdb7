import type { FileSample } from './file-sample.ts'

/** A column, and the texts of its first rows. */
export interface Seen {
  readonly name: string
  /** What a mapping calls it. */
  readonly from: string | number
  readonly texts: readonly string[]
}

/** Columns that lines of text have, and the pattern whose groups they are. */
export interface TextColumns {
  readonly pattern?: string
  readonly columns: readonly Seen[]
}

/** The columns of lines of text: those of HAProxy, of keys and values, or of what stands in any log; none where nothing is found. */
export function textColumns({ lines, year }: FileSample): TextColumns {
  const filled = lines.filter((line) => line.trim() !== '')
  const found = haproxyOf(filled) ?? pairsOf(filled, JSON_PAIRS) ?? pairsOf(filled, PAIRS) ?? sentenceOf(filled) ?? NONE
  return { ...found, columns: found.columns.map((column) => ofYear(column, year)) }
}

/** The times of a syslog of old, which name no year, in the year of the file. */
function ofYear(column: Seen, year: number): Seen {
  if (column.name !== 'time' || !column.texts.every((text) => YEARLESS.test(text))) return column
  return { name: 'time', from: `${year} {time}`, texts: column.texts.map((text) => `${year} ${text}`) }
}

const YEARLESS = /^[A-Z][a-z]{2} [ \d]\d \d\d:/

const NONE: TextColumns = { columns: [] }

/** What most lines have by a pattern; undefined where fewer than half of them fit. */
function columnsBy(pattern: string, lines: readonly string[]): TextColumns | undefined {
  const like = new RegExp(pattern, 'u')
  const rows = lines.map((line) => like.exec(line)?.groups).filter((groups) => groups !== undefined)
  if (rows.length === 0 || 2 * rows.length < lines.length) return undefined
  const columns = Object.keys(rows[0]!).map((name) => ({
    name,
    from: name,
    texts: rows.map((row) => row[name] ?? ''),
  }))
  return { pattern, columns: columns.filter(({ texts }) => texts.some((text) => text !== '')) }
}

/**
 * HAProxy's HTTP log (option httplog) as syslog has it: client, accept date, frontend, backend/server, and timers in ms, the last
 * of which is the whole time. https://docs.haproxy.org/3.0/configuration.html#8.2.3.
 */
const HAPROXY = String.raw`\S+:\d+ \[(?<accept_date>[^\]]+)\] \S+ (?<backend>[^\/ ]+)\/(?<server>\S+) (?:-?\d+\/){4}\+?(?<duration_ms>\d+) `

function haproxyOf(lines: readonly string[]): TextColumns | undefined {
  return columnsBy(HAPROXY, lines)
}

/** A date with its time at the beginning of a line, behind the priority of a syslog or in brackets; a syslog of old (RFC 3164) has no year. */
const TIME = String.raw`^(?:<\d+>\d* ?)?\[?(?<time>\d{4}[-\/]\d\d[-\/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+\-]\d\d(?::?\d\d)?)(?![\d:]))?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)`

/** How a key and its value are written, and how the value of one key is found. */
interface Pairs {
  readonly all: RegExp
  of(key: string, group: string): string
}

const PAIRS: Pairs = {
  all: /(?:^|\s)([A-Za-z_][\w.]*)=("[^"]*"|\S+)/g,
  of: (key, group) => String.raw`(?=.*?(?:^|\s)${key}="?(?<${group}>(?<=")[^"]*|[^"\s]*))`,
}

/** As JSON has them, which may stand behind a time. */
const JSON_PAIRS: Pairs = {
  all: /"([A-Za-z_][\w.]*)":\s?("[^"]*"|[\w.+]+)/g,
  of: (key, group) => String.raw`(?=.*?"${key}":\s?"?(?<${group}>(?<=")[^"]*|[^",\s\}]*))`,
}

/** Lines of keys and values, with the date at their beginning where there is one. */
function pairsOf(lines: readonly string[], { all, of }: Pairs): TextColumns | undefined {
  const found = lines.map((line) => [...line.matchAll(all)].map(([, key]) => key!))
  const rows = found.filter((keys) => keys.length >= 2)
  const keys = [...new Set(rows.flat())].filter((key) => rows.every((others) => others.includes(key)))
  if (rows.length === 0 || keys.length < 2) return undefined
  const groups = keys.map((key) => of(key.replaceAll('.', String.raw`\.`), key.replaceAll('.', '_')))
  const dated = new RegExp(TIME, 'u')
  const isDated = !keys.includes('time') && lines.every((line) => dated.test(line))
  return columnsBy(`${isDated ? TIME : '^'}${groups.join('')}`, lines)
}

const METHODS = 'GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS'

/** Lines of any words with a date at their beginning, of which a path or how long it took is told. */
function sentenceOf(lines: readonly string[]): TextColumns | undefined {
  const path = String.raw`(?:(?=.*?(?:${METHODS}) (?<path>\/[^\s?"]*))|)`
  const duration = String.raw`(?:(?=.*?[\s\(=](?<duration>\d+(?:\.\d+)? ?(?:ms|µs|us|ns|s|secs?|seconds|milliseconds))(?![\w.]))|)`
  // The program of a syslog's line, behind its host.
  const program = String.raw`(?: \S+ (?<program>[\w.\/\-]+)(?:\[\d+\])?:)?`
  const found = columnsBy(`${TIME}${program}${path}${duration}`, lines)
  return found !== undefined && found.columns.some(({ name }) => name === 'path' || name === 'duration')
    ? found
    : undefined
}
