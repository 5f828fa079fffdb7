import { epochUnitOf } from '../build/event-time.ts'
import { parseDecimal } from '../table/decimal.ts'
import { guessedClock } from './clock.ts'
import { textAt } from './json-scanner.ts'
import type { Look } from './look.ts'
import type { Mapping, MemoryUnit, Moment, Quantity, ReadAs, TimeUnit } from './mapping.ts'

/** A mapping that may fit a file, and what was guessed rather than seen. */
export interface Proposal {
  readonly mapping: Mapping
  readonly guesses: readonly string[]
}

/** A column, and the texts of its first rows. */
interface Seen {
  readonly name: string | number
  readonly texts: readonly string[]
}

/** Proposes a mapping for a file by the names and the texts of its columns; why there is none, where there is none. */
export function propose(
  look: Look,
): Proposal | { readonly lacks: readonly string[]; readonly columns: readonly string[] } {
  const { read, pattern, columns } = columnsOfLook(look)
  const names = columns.map(({ name }) => String(name))
  const guesses: string[] = []
  const used = new Set<Seen>()
  const take = (
    words: RegExp,
    fits: (texts: readonly string[]) => boolean,
    among: readonly Seen[] = columns,
  ): Seen | undefined => {
    const found = among.find((column) => !used.has(column) && words.test(String(column.name)) && fits(column.texts))
    if (found !== undefined) used.add(found)
    return found
  }
  // "took_ms" ends as the name of a time does, and is none.
  const moments = columns.filter((column) => !isDuration(column))
  const start = take(START, areTimes, moments)
  const end = start === undefined ? take(END, areTimes, moments) : undefined
  const moment = start ?? end ?? firstOf(columns, used, areDates) ?? firstOf(moments, used, areTimes)
  const duration = take(DURATION, areNumbers)
  const memory = take(/mem(ory)?/i, areNumbers)
  const coldFlag = take(/cold/i, areFlags)
  const coldTime =
    coldFlag === undefined ? take(/(cold.?start|init).*(time|duration|latency|ms|cost)?/i, areNumbers) : undefined
  const instance = take(/instance|pod|container|exist_id|log_?stream|worker|hostname/i, areNames)
  const fn = take(
    /^(.*[._-])?(func(tion)?|fn|action|handler|lambda|route|operation|endpoint|path|uri)(.?(name|id|hash))?$/i,
    areNames,
  )
  const app = take(
    /^(.*[._-])?(app(lication)?|service|svc|deployment|workload|tenant|project)(.?(name|id|hash))?$/i,
    areNames,
  )
  const name = app ?? fn ?? take(/name|id$/i, areNames) ?? firstOf(columns, used, areNames)
  if (moment === undefined) return { lacks: ['a time'], columns: names }
  if (start === undefined && end === undefined)
    guesses.push(`${moment.name} is taken as the start: its texts are times`)
  if (name === undefined) guesses.push('no column names an app: all rows are one app, called as the file is')
  else if (app === undefined && fn === undefined) guesses.push(`${name.name} is taken as the app`)
  if (duration === undefined) guesses.push('no column is a duration: executions take no time')
  if (pattern === undefined && !look.hasHeader && look.as === 'csv')
    guesses.push('the table has no header: columns are named by their position')
  const at = momentOf(moment, guesses)
  // Times that count from the beginning of the trace, in a unit that nobody names, are the unit of the others too.
  const usual: TimeUnit = at.unit === 's' && epochUnitOf(Number(filled(moment.texts)[0])) === undefined ? 's' : 'ms'
  const mapping: Mapping = {
    read,
    ...(pattern === undefined ? {} : { pattern: { match: pattern } }),
    app: name === undefined ? '{file}' : name.name,
    ...(app === undefined || fn === undefined ? {} : { function: fn.name }),
    ...(end === undefined ? { start: at } : { end: at }),
    ...(duration === undefined ? {} : { duration: timeOf(duration, usual, guesses) }),
    ...(coldTime === undefined ? {} : { coldStart: timeOf(coldTime, usual, guesses) }),
    ...(memory === undefined ? {} : { memory: memoryOf(memory, guesses) }),
    ...(coldFlag === undefined ? {} : { cold: { from: coldFlag.name, is: [true, '1'] } }),
    ...(instance === undefined ? {} : { instance: instance.name }),
  }
  return { mapping, guesses }
}

const START =
  /^(.*[._-])?(start|begin|arriv\w*|invoke\w*|request\w*|receiv\w*|event|submit\w*|created)?[._-]?(time_?stamp|time|ts|at|date|datetime|start(ed)?|beg[aiu]n|ms|s|epoch|when)([._-]?(ms|s|us|ns|utc))?$/i
const END = /^(.*[._-])?(end|finish\w*|complet\w*|stop\w*)[._-]?(time_?stamp|time|ts|at|date)?([._-]?(ms|s|us|ns))?$/i
const DURATION =
  /dur(ation)?|elapsed|latency|exec(ution)?|took|runtime_?(ms|s)$|response.?time|time.?taken|cost|service.?time/i

function firstOf(
  columns: readonly Seen[],
  used: Set<Seen>,
  fits: (texts: readonly string[]) => boolean,
): Seen | undefined {
  const found = columns.find((column) => !used.has(column) && fits(column.texts))
  if (found !== undefined) used.add(found)
  return found
}

const filled = (texts: readonly string[]): readonly string[] => texts.filter((text) => text !== '' && text !== '-')

function areNumbers(texts: readonly string[]): boolean {
  const some = filled(texts)
  return some.length > 0 && some.every((text) => (parseDecimal(text) ?? -1) >= 0)
}

function areTimes(texts: readonly string[]): boolean {
  const some = filled(texts)
  return (
    some.length > 0 &&
    some.every((text) => typeof guessedClock(text, 'UTC') === 'function' || (parseDecimal(text) ?? -1) >= 0)
  )
}

/** Whether all are dates with a time, which nothing but a moment is. */
function areDates(texts: readonly string[]): boolean {
  const some = filled(texts)
  return (
    some.length > 0 &&
    some.every((text) => parseDecimal(text) === undefined && typeof guessedClock(text, 'UTC') === 'function')
  )
}

function isDuration({ name }: Seen): boolean {
  return DURATION.test(String(name)) && !/start|begin|arriv/i.test(String(name))
}

function areFlags(texts: readonly string[]): boolean {
  const some = filled(texts)
  return some.length > 0 && some.every((text) => /^(true|false|0|1)$/i.test(text))
}

function areNames(texts: readonly string[]): boolean {
  const some = filled(texts)
  return (
    some.length > 0 &&
    some.every((text) => text.length <= 300) &&
    !(areTimes(some) && some.every((text) => /[.:]/.test(text)))
  )
}

function momentOf({ name, texts }: Seen, guesses: string[]): Moment {
  const text = filled(texts)[0] ?? ''
  if (typeof guessedClock(text, 'UTC') === 'function') {
    const unit = epochUnitOf(Number(text))
    return { from: name, unit: unit ?? 'iso' }
  }
  return { from: name, unit: unitOf(name, 's', guesses) }
}

function timeOf({ name }: Seen, usual: TimeUnit, guesses: string[]): Quantity<TimeUnit> {
  return { from: name, unit: unitOf(name, usual, guesses), none: ['-'], otherwise: 0 }
}

/** The unit that a column's name tells; a guess where it tells none. */
function unitOf(name: string | number, usual: TimeUnit, guesses: string[]): TimeUnit {
  const text = String(name)
  if (/(^|[._-])(ms|millis\w*|msec)$|Ms$|\(ms\)$/.test(text)) return 'ms'
  if (/(^|[._-])(us|micros\w*|usec)$|\(us\)$/.test(text)) return 'us'
  if (/(^|[._-])(ns|nanos\w*|nsec)$|\(ns\)$/.test(text)) return 'ns'
  if (/(^|[._-])(s|secs?|seconds?)$|Seconds?$|\(s\)$/.test(text)) return 's'
  guesses.push(`${text} is taken to be in ${usual}: its name does not say`)
  return usual
}

function memoryOf({ name, texts }: Seen, guesses: string[]): Quantity<MemoryUnit> {
  const text = String(name)
  const most = Math.max(...filled(texts).map(Number))
  const unit: MemoryUnit =
    /bytes?$/i.test(text) || most > 1e6 ? 'bytes' : /gb$|gib$/i.test(text) ? 'GB' : /kb$|kib$/i.test(text) ? 'KB' : 'MB'
  if (!/(mb|mib|gb|gib|kb|kib|bytes?)$/i.test(text))
    guesses.push(`${text} is taken to be in ${unit}: its name does not say`)
  return { from: name, unit }
}

/** The columns of a file, and how they are read. */
function columnsOfLook(look: Look): {
  readonly read: ReadAs
  readonly pattern?: string
  readonly columns: readonly Seen[]
} {
  if (look.as === 'csv') {
    const comment = look.lines[0]?.startsWith('#') === true ? { comment: '#' } : {}
    const read: ReadAs = { as: 'csv', delimiter: look.delimiter, header: look.hasHeader, ...comment }
    const columns = look.first.map((name, index) => ({
      name: look.hasHeader ? name.trim() : index + 1,
      texts: look.rows.map((row) => row[index] ?? ''),
    }))
    return { read, columns }
  }
  if (look.as !== 'text' && look.as !== 'binary') {
    const read: ReadAs = look.as === 'json' ? { as: 'json', rows: look.rowsAt } : { as: look.as }
    const paths = [...new Set(look.records.flatMap((record) => pathsOf(record)))]
    const columns = paths.map((path) => {
      const get = textAt(path)
      return { name: path, texts: look.records.map((record) => get(record)) }
    })
    return { read, columns }
  }
  return { read: { as: 'text' }, ...pairsOf(look) }
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

/** Lines of `key=value`, with what stands before them when that is a date. */
function pairsOf({ lines }: Look): { readonly pattern?: string; readonly columns: readonly Seen[] } {
  const found = lines.map((line) =>
    [...line.matchAll(/(?:^|\s)([A-Za-z_][\w.]*)=("[^"]*"|\S+)/g)].map(
      ([, key, value]) => [key!, value!.replaceAll('"', '')] as const,
    ),
  )
  const rows = found.filter((pairs) => pairs.length >= 2)
  const keys = [...new Set(rows.flatMap((pairs) => pairs.map(([key]) => key)))].filter((key) =>
    rows.every((pairs) => pairs.some(([other]) => other === key)),
  )
  const isDated = lines.every((line) => line === '' || /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(line))
  if (rows.length === 0 || keys.length < 2) return { columns: [] }
  const groups = keys.map((key) => ({ key, group: key.replaceAll('.', '_') }))
  const date = isDated ? String.raw`^(?<time>\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)` : '^'
  const pattern = `${date}${groups.map(({ key, group }) => String.raw`(?=.*?(?:^|\s)${key.replaceAll('.', String.raw`\.`)}="?(?<${group}>[^"\s]*))`).join('')}`
  const columns = groups.map(({ key, group }) => ({
    name: group,
    texts: rows.map((pairs) => pairs.find(([other]) => other === key)![1]),
  }))
  const time = {
    name: 'time',
    texts: lines.map((line) => /^\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/.exec(line)?.[0] ?? ''),
  }
  return { pattern, columns: isDated ? [time, ...columns] : columns }
}
