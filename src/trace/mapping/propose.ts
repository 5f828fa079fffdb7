import { counted } from '../../core/counted.ts'
import { formatSpan, MINUTE } from '../../core/units.ts'
import { epochUnitOf } from '../build/event-time.ts'
import { parseDecimal } from '../table/decimal.ts'
import { dateFormats } from './date-formats.ts'
import { FIRST_OF_PATH } from './mapping-preset.ts'
import { guessedClock, UNIT_MS } from './moment-reader.ts'
import type { FileSample } from './file-sample.ts'
import type { Mapping, MemoryUnit, Moment, Quantity, TimeUnit } from './mapping.ts'
import { columnsOfLook, innermostList } from './sample-columns.ts'
import type { Seen } from './text-columns.ts'
import { UNIT_IN_TEXT, writtenMemory, writtenSpan } from './written.ts'

/** A mapping that may fit a file, and what was guessed rather than seen. */
export interface Proposal {
  readonly mapping: Mapping
  readonly guesses: readonly string[]
}

/** Why there is no proposal. */
interface Nothing {
  readonly lacks: readonly string[]
  readonly columns: readonly string[]
  /** The jq filter that writes the records of lists within lists one a line, where the file has such. */
  readonly filter?: string
}

/** Proposes a mapping for a file by the names and the texts of its columns; why there is none, where there is none. */
export function propose(look: FileSample): Proposal | Nothing {
  const { read, pattern, columns } = columnsOfLook(look)
  const names = columns.map(({ name }) => name)
  const guesses: string[] = []
  const used = new Set<Seen>()
  const take: TakeColumn = (words, fits, among = columns) => {
    const found = among.filter((column) => !used.has(column) && isNamed(column, words) && fits(column.texts))
    // People know names rather than ids, and a time that is the same in all rows is not theirs.
    const [best] = found.toSorted((a, b) => rankOf(a) - rankOf(b))
    if (best !== undefined) used.add(best)
    return best
  }
  // "took_ms" and "request_time" end as the name of a time does, and "end_time" as that of a start.
  const moments = columns.filter((column) => areMoments(column.texts) || !isAmount(column))
  const starts = moments.filter((column) => !isNamed(column, END))
  const named = take(START, areMoments, starts)
  const end = take(END, areMoments, moments)
  const any = named ?? end ?? firstOf(columns, used, areMoments) ?? dayAndTime(columns, used)
  const start = named ?? (any === undefined ? take(START, areTimes, starts) : undefined)
  const last = take(END, areTimes, moments)
  const moment = any ?? start ?? last ?? firstOf(moments.filter(isNoNumbering), used, areGrowing)
  const isEnd = moment !== undefined && (moment === end || moment === last)
  const until = isEnd ? undefined : (end ?? last)
  const duration = take(DURATION, areSpans) ?? take(UNIT_ALONE, areSpans)
  const memory = take(MEMORY, areSizes)
  const coldFlag = take(/cold/i, areFlags)
  const coldTime =
    coldFlag === undefined ? take(/(cold.?start|init).*(time|duration|latency|ms|cost)?/i, areSpans) : undefined
  const instance = take(/instance|pod|container|exist_id|log_?stream|worker|hostname/i, areNames)
  const { app, fn, place, name } = namesOf(take, columns, used)
  if (look.lines.some((line) => line.includes('\uFFFD')))
    guesses.push(
      `letters are lost, for the file is not UTF-8: iconv -f windows-1252 -t utf-8 makes it so, if it is from Windows`,
    )
  if (moment === undefined) {
    const filter = innermostList(look)
    return { lacks: ['a time'], columns: names, ...(filter === undefined ? {} : { filter }) }
  }
  const [, year] = /^(\d{4}) \{/.exec(String(moment.from)) ?? []
  if (year !== undefined)
    guesses.push(
      `its times name no year: ${year} is taken, in which the file was written; look whether a new year is in it`,
    )
  if (moment !== start && !isEnd) guesses.push(`${moment.name} is taken as the start: its texts are times`)
  if (name === undefined) guesses.push('no column names an app: all rows are one app, called as the file is')
  else if (app === undefined && (place !== undefined || fn === undefined))
    guesses.push(`${name.name} is taken as the app`)
  if (pattern === undefined && !look.hasHeader && look.as === 'csv')
    guesses.push('the table has no header: columns are named by their position')
  const at = momentOf(moment, guesses)
  const usual = usualUnit(moment, at)
  const took =
    duration === undefined
      ? timeBetween(moment, until, at)
      : durationOf(duration, moment, until, at, otherDurations(columns, used), guesses)
  if (took === undefined) guesses.push(noDuration(columns, used))
  guesses.push(...repeated(columns))
  const mapping: Mapping = {
    read,
    ...(pattern === undefined ? {} : { pattern: { match: pattern } }),
    app: name === undefined ? '{file}' : appOf(name),
    ...(place === undefined || fn === undefined ? {} : { function: withoutQuery(fn) }),
    ...(isEnd ? { end: at } : { start: at }),
    ...(took === undefined ? {} : { duration: took }),
    ...(coldTime === undefined ? {} : { coldStart: timeOf(coldTime, usual, guesses) }),
    ...(memory === undefined ? {} : { memory: memoryOf(memory, guesses) }),
    ...(coldFlag === undefined ? {} : { cold: { from: coldFlag.from, is: [true, '1'] } }),
    ...(instance === undefined ? {} : { instance: instance.from }),
  }
  return { mapping, guesses }
}

/** Takes the best column that is called so and fits, and that was not taken before. */
type TakeColumn = (
  words: RegExp,
  fits: (texts: readonly string[]) => boolean,
  among?: readonly Seen[],
) => Seen | undefined

/** The columns that name an app and a function; `name` is what an app is called by. */
function namesOf(take: TakeColumn, columns: readonly Seen[], used: Set<Seen>) {
  const fn = take(FUNCTION, areNames) ?? take(ROUTE, areNames)
  const app = take(
    /^(.*[._-])?(app(lication)?|anwendung|应用|service|dienst|服务|svc|deployment(?!.?id)|workload|tenant|project|backend|systemd_unit)(.?(name|id|hash))?$/i,
    areNames,
  )
  // A path alone says little where the host, or the kind of resource, is told too.
  const place = app ?? (fn === undefined || isNamed(fn, PATH) ? take(PLACE, areKinds) : undefined)
  const name =
    place ??
    fn ??
    firstOf(columns, used, areRequestLines) ??
    take(/name$/i, areKinds) ??
    take(/id$/i, areKinds) ??
    firstKind(columns, used)
  return { app, fn, place, name }
}

const START =
  /^(.*[._-])?(start|begin|arriv\w*|invoke\w*|request\w*|receiv\w*|event|submit\w*|created)?[._-]?(time_?stamp|time|ts|at|date|datetime|start(ed)?|beg[aiu]n|ms|s|epoch|when)([._-]?unix)?([._-]?(ms|s|us|ns|nanos?|micros|millis|utc))?$/i
const END =
  /^(.*[._-])?(end(ed)?|finish\w*|complet\w*|stop\w*|clos\w*|stage)[._-]?(time_?stamp|time|ts|at|date)?([._-]?unix)?([._-]?(ms|s|us|ns|nanos?|micros|millis))?$/i
const DURATION =
  /dur(ation)?|dauer|laufzeit|耗时|时长|request.?time|elapsed|latency|exec(ution)?|took|runtime_?(ms|s)$|response.?time|time.?taken|wall.?time|cost|service.?time|latencies\.(request|total)/i

/** What a duration is called by its unit alone. */
const UNIT_ALONE = /^(time|zeit)?[ ._]*\(?(ms|msecs?|s|secs?|seconds|us|millis\w*)\)?$/i

/** Memory, but not what ends in its letters only, as the m of "CPUTime" before "Ms". */
const MEMORY = /(^|[^a-z])mem|memory|speicher|内存/i

/** What an app is called where no column says app, service or function. */
const PLACE = /^(.*[._-])?(script|program|dag|workflow|task|job|v?host|domain|site|server|resource)([._-]?(name|id))?$/i

/** What a function is called, and what it is called by where no column says so. */
const FUNCTION = /^(.*[._-])?(func(tion)?|faas|funktion|函数|fn|lambda)(.?(name|id|hash))?$/i
const ROUTE = /^(.*[._-])?(action|handler|route|operation|endpoint|path|uri)(.?(name|id|hash|stem))?$/i

const PATH = /path|ur[il]|route|endpoint/i

/** Whether a column may be a time that no name tells of: numbers of rows grow as well. */
function isNoNumbering({ name }: Seen): boolean {
  return !/^$|^unnamed|(^|[._-])(id|index|idx|no|nr|num|number|row|row_?id|seq|sequence|offset|line)$/i.test(
    parted({ name }),
  )
}

/** Which of several columns of one thing is asked first. */
function rankOf(column: Seen): number {
  const some = filled(column.texts)
  const isSame = some.length > 1 && areMoments(some) && new Set(some).size === 1
  return (isSame ? 2 : 0) + (/(id|hash)$/i.test(column.name) ? 1 : 0)
}

/** The line of a request, as in `GET /shop/x HTTP/1.1`. */
const areRequestLines = (texts: readonly string[]): boolean => areLike(texts, /^[A-Z]+ \S+ HTTP\/[\d.]+$/)

/** A path is the same function whatever is asked of it. */
function withoutQuery({ from, texts }: Seen): NonNullable<Mapping['function']> {
  return texts.some((text) => text.includes('?')) ? { from, match: '^([^?]+)' } : from
}

/** The app that a column names: of the line of a request the first part of its path. */
function appOf({ from, texts }: Seen): Mapping['app'] {
  return areRequestLines(texts) ? { from, match: FIRST_OF_PATH, otherwise: 'root' } : from
}

/** That nothing is a duration, and what may be one all the same. */
function noDuration(columns: readonly Seen[], used: ReadonlySet<Seen>): string {
  const others = columns.filter(
    (column) =>
      !used.has(column) &&
      isNoNumbering(column) &&
      !isNamed(column, NO_APP) &&
      areNumbers(column.texts) &&
      !areMoments(column.texts),
  )
  const may = others.length === 0 ? '' : `; numbers that may be one: ${others.map(({ name }) => name).join(', ')}`
  return `no column is a duration: executions take no time${may}`
}

/** Says so where several rows are of one request, each of which would count. */
function repeated(columns: readonly Seen[]): readonly string[] {
  const column = columns.find((each) => isNamed(each, /(request|req|invocation|execution)[._-]?id$/i))
  if (column === undefined) return []
  const some = filled(column.texts)
  const distinct = new Set(some).size
  if (distinct === some.length) return []
  return [
    `rows share their ${column.name}: ${counted(some.length, 'row is', 'rows are')} of ${counted(distinct, 'request')}, and each row would count; only or except leave one row of each`,
  ]
}

/** What one request is called, or who made it. */
const ONE_REQUEST =
  /(^|[._-])(request|req|ray|audit|trace|span|run|insert|execution|session|event|message|correlation|user|client|deployment)[._-]?id$|(^|[._-])(client|remote|source|user|geo|c)[._-]|agent|(^|[._-])ips?$/i

/** What is alike for many apps, or of a row alone. */
const NO_APP =
  /^(.*[._-])?(stream|level|severity|priority|method|protocol|scheme|status|code|region|zone|log|msg|message|text|body)$/i

/** Whether the name of a column is like that, be it `edge_start_time` or `EdgeStartTime`. */
function isNamed({ name }: Seen, words: RegExp): boolean {
  return words.test(name) || words.test(parted({ name }))
}

function parted({ name }: Pick<Seen, 'name'>): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
}

/** Whether they name kinds: of three or more rows at least two share one. */
function areKinds(texts: readonly string[]): boolean {
  const some = filled(texts)
  return areApps(texts) && (some.length < 3 || new Set(some).size < some.length)
}

function areAddresses(texts: readonly string[]): boolean {
  return areLike(texts, /^[\d.:a-f]*[.:][\d.:a-f]*$/i)
}

/** The first column that may name apps, best one that is of more than one request. */
function firstKind(columns: readonly Seen[], used: Set<Seen>): Seen | undefined {
  const kinds = columns.filter(
    (column) => !isNamed(column, ONE_REQUEST) && !isNamed(column, NO_APP) && !areAddresses(column.texts),
  )
  return (
    firstOf(kinds, used, areKinds) ??
    firstOf(
      columns.filter((column) => !isNamed(column, NO_APP)),
      used,
      areApps,
    )
  )
}

/** The unit in which most durations are the time from the start to the end, where one is. */
function unitBetween(duration: Seen, start: Seen, end: Seen): TimeUnit | undefined {
  const rows = duration.texts.flatMap((text, row) => {
    const [from, to] = [start, end].map(({ texts }) => momentIn(texts[row] ?? ''))
    const value = numberIn(text)
    return from === undefined || to === undefined || value === undefined || value === 0
      ? []
      : [{ value, ms: to - from }]
  })
  const units = (['s', 'ms', 'us', 'ns'] as const).filter((unit) => {
    const like = rows.filter(({ value, ms }) => Math.abs(value * UNIT_MS[unit] - ms) <= Math.max(1.5, 0.02 * ms))
    return rows.length > 0 && 10 * like.length >= 9 * rows.length
  })
  return units.length === 1 ? units[0] : undefined
}

function momentIn(text: string): number | undefined {
  const clock = guessedClock(text, 'UTC')
  return typeof clock === 'function' ? clock(text) : undefined
}

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
  return some.length > 0 && some.every((text) => (numberIn(text) ?? -1) >= 0)
}

/** A number as tables have it, with a point or a comma before the decimals. */
function numberIn(text: string): number | undefined {
  return parseDecimal(text.replace(',', '.'))
}

/** Times that numbers tell, or that say their own unit. */
function areSpans(texts: readonly string[]): boolean {
  return areNumbers(texts) || areWritten(texts, writtenSpan)
}

/** Sizes that numbers tell, or that say their own unit. */
function areSizes(texts: readonly string[]): boolean {
  return areNumbers(texts) || areWritten(texts, writtenMemory)
}

function areWritten(texts: readonly string[], read: (text: string) => number | undefined): boolean {
  const some = filled(texts)
  return some.length > 0 && some.every((text) => read(text) !== undefined)
}

function areTimes(texts: readonly string[]): boolean {
  const some = filled(texts)
  return (
    some.length > 0 &&
    some.every((text) => typeof guessedClock(text, 'UTC') === 'function' || (parseDecimal(text) ?? -1) >= 0)
  )
}

/** Whether all are dates with a time of day, or numbers of our time since 1970: nothing but a moment is. */
function areMoments(texts: readonly string[]): boolean {
  const some = filled(texts)
  if (some.length === 0) return false
  const isClear = some.every(
    (text) =>
      typeof guessedClock(text, 'UTC') === 'function' && (parseDecimal(text) !== undefined || text.includes(':')),
  )
  return isClear || dateFormats(some).length > 0
}

/** Whether all are numbers that never fall, and not all the same: they may be times that no name tells of. */
function areGrowing(texts: readonly string[]): boolean {
  const values = filled(texts).map((text) => parseDecimal(text) ?? Number.NaN)
  return values.every((value, at) => value >= (values[at - 1] ?? 0)) && values[0]! < values.at(-1)!
}

/** A day in one column and the time of day in the next. */
function dayAndTime(columns: readonly Seen[], used: Set<Seen>): Seen | undefined {
  for (const [index, day] of columns.entries()) {
    const time = columns[index + 1]
    if (time === undefined || !areLike(time.texts, /^\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AP]M|Z)?$/i)) continue
    const texts = day.texts.map((text, row) => `${text} ${time.texts[row]}`)
    if (!areMoments(texts)) continue
    used.add(day).add(time)
    return { name: `${day.name} with ${time.name}`, from: `{${day.from}} {${time.from}}`, texts }
  }
  return undefined
}

/** Whether a column has amounts by its name: a duration, a size or a code. */
function isAmount({ name }: Seen): boolean {
  return (
    (DURATION.test(name) && !/start|begin|arriv/i.test(name)) ||
    MEMORY.test(name) ||
    /size|bytes|status|code|count|cold/i.test(name)
  )
}

/** Times that count from the beginning of the trace, in a unit that nobody names, are the unit of the others too. */
function usualUnit({ texts }: Seen, { unit }: Moment): TimeUnit {
  return unit === 's' && epochUnitOf(Number(filled(texts)[0])) === undefined ? 's' : 'ms'
}

/** Columns that are durations by their names too. */
function otherDurations(columns: readonly Seen[], used: ReadonlySet<Seen>): readonly Seen[] {
  return columns.filter((column) => !used.has(column) && isNamed(column, DURATION) && areSpans(column.texts))
}

/** How long executions took, by a column that says so. */
function durationOf(
  duration: Seen,
  moment: Seen,
  until: Seen | undefined,
  at: Moment,
  others: readonly Seen[],
  guesses: string[],
): Quantity<TimeUnit> {
  const named = unitNamed(moment.name)
  if (named !== undefined && at.unit !== undefined && at.unit !== 'iso' && at.unit !== named)
    guesses.push(`${moment.name} is in ${at.unit}, whatever its name says: look whether ${duration.name} is so too`)
  if (others.length > 0)
    guesses.push(
      `${duration.name} is taken as the duration: ${others.map(({ name }) => name).join(', ')} would fit as well`,
    )
  // What writes its dates in us may write how long it took in us as well: executions of minutes are less likely.
  const usual = at.unit === 'us' && medianOf(duration.texts) >= MINUTE ? 'us' : usualUnit(moment, at)
  return timeOf(duration, usual, guesses, until === undefined ? undefined : unitBetween(duration, moment, until))
}

/** The time from the start to the end, where both are told in one way. */
function timeBetween(start: Seen, end: Seen | undefined, { unit, format }: Moment): Quantity<TimeUnit> | undefined {
  if (end === undefined || format !== undefined || unit === undefined || unit === 'auto') return undefined
  const other = momentOf(end, [])
  if (other.unit !== unit) return undefined
  return { from: start.from, to: end.from, unit: unit === 'iso' ? 'ms' : unit }
}

function areFlags(texts: readonly string[]): boolean {
  return areLike(texts, /^(true|false|0|1)$/i)
}

function areLike(texts: readonly string[], like: RegExp): boolean {
  const some = filled(texts)
  return some.length > 0 && some.every((text) => like.test(text))
}

function areNames(texts: readonly string[]): boolean {
  const some = filled(texts)
  return (
    some.length > 0 &&
    some.every((text) => text.length <= 300) &&
    !(areTimes(some) && some.every((text) => /[.:]/.test(text)))
  )
}

/** Whether they may name apps: not all of many are different numbers, as times and ids are. */
function areApps(texts: readonly string[]): boolean {
  const some = filled(texts)
  const isNumbered = some.length > 2 && areNumbers(some) && new Set(some).size === some.length
  return areNames(texts) && !isNumbered
}

function momentOf({ name, from, texts }: Seen, guesses: string[]): Moment {
  const text = filled(texts)[0] ?? ''
  const [format, other] = dateFormats(filled(texts))
  if (format !== undefined) {
    if (other !== undefined) guesses.push(`${name} is taken to be ${format}: ${other} would fit as well`)
    if (!format.includes('%z')) guesses.push(`${name} is taken to be in UTC: zone: Europe/Berlin would say another one`)
    return { from, format }
  }
  if (typeof guessedClock(text, 'UTC') === 'function') {
    const unit = epochUnitOf(Number(text))
    return { from, unit: unit ?? 'iso' }
  }
  return { from, unit: unitOf(name, 's', guesses) }
}

function timeOf({ name, from, texts }: Seen, usual: TimeUnit, guesses: string[], told?: TimeUnit): Quantity<TimeUnit> {
  const some = filled(texts)
  if (!areNumbers(texts)) return { from, unit: UNIT_IN_TEXT, none: ['-'], otherwise: 0 }
  // Executions of which half take less than a millisecond are less likely than ones that are told in seconds.
  const isBelowOne = 2 * some.filter((text) => numberIn(text)! > 0 && numberIn(text)! < 1).length >= some.length
  // Half of all executions longer than an hour and a half in ms: what counts so is likelier in ns, and they take 5 ms or more.
  const areLong = 2 * some.filter((text) => numberIn(text)! >= NS_FROM).length > some.length
  const unit = told ?? unitOf(name, isBelowOne ? 's' : areLong ? 'ns' : usual, guesses)
  const median = medianOf(texts) * UNIT_MS[unit]
  if (told === undefined && unit === 'ms' && median >= MINUTE)
    guesses.push(`half of ${name} are ${formatSpan(median)} or more in ${unit}: look whether it is in us`)
  return { from, ...commaIn(texts), unit, none: ['-'], otherwise: 0 }
}

function medianOf(texts: readonly string[]): number {
  const some = filled(texts)
  return some.map((text) => numberIn(text) ?? 0).toSorted((a, b) => a - b)[some.length >> 1] ?? 0
}

/** Above so many of a unit that nobody names, it is ns. */
const NS_FROM = 5e6

function commaIn(texts: readonly string[]): { readonly decimal?: ',' } {
  return texts.some((text) => text.includes(',')) ? { decimal: ',' } : {}
}

/** The unit that a column's name tells; a guess where it tells none. */
function unitOf(text: string, usual: TimeUnit, guesses: string[]): TimeUnit {
  const named = unitNamed(text)
  if (named === undefined) guesses.push(`${text} is taken to be in ${usual}: its name does not say`)
  return named ?? usual
}

function unitNamed(text: string): TimeUnit | undefined {
  // nginx has its variables of these names in s.
  if (/(^|[._-])(request_time|upstream_(response|header|connect)_time)$/.test(text)) return 's'
  if (/(^|[._-])(ms|millis\w*|msec)$|Ms$|\(ms\)$/.test(text)) return 'ms'
  if (/(^|[._-])(us|micros\w*|usec)$|\(us\)$/.test(text)) return 'us'
  if (/(^|[._-])(ns|nanos?\w*|nsec)$|\(ns\)$/.test(text)) return 'ns'
  if (/(^|[._-])(s|secs?|seconds?)$|Seconds?$|\(s\)$/.test(text)) return 's'
  return undefined
}

function memoryOf({ name: text, from, texts }: Seen, guesses: string[]): Quantity<MemoryUnit> {
  if (!areNumbers(texts)) return { from, unit: UNIT_IN_TEXT }
  const most = Math.max(...filled(texts).map((each) => numberIn(each)!))
  const unit: MemoryUnit =
    /bytes?\)?$/i.test(text) || most > 1e6
      ? 'bytes'
      : /gi?b\)?$/i.test(text)
        ? 'GB'
        : /ki?b\)?$/i.test(text)
          ? 'KB'
          : 'MB'
  if (!/(mb|mib|gb|gib|kb|kib|bytes?)\)?$/i.test(text))
    guesses.push(`${text} is taken to be in ${unit}: its name does not say`)
  return { from, ...commaIn(texts), unit }
}
