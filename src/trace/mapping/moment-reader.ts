import { localToUtc } from '../../core/time-zone.ts'
import { HOUR, MINUTE, SECOND } from '../../core/units.ts'
import { epochUnitOf } from '../build/event-time.ts'
import { parseDecimal } from '../table/decimal.ts'
import type { Moment, TimeUnit } from './mapping.ts'

/** Milliseconds of each unit of time. */
export const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  s: SECOND,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
  min: MINUTE,
  h: HOUR,
}

/** Reads a moment in ms, not rounded; undefined where the text is none. */
export interface MomentReader {
  (text: string): number | undefined
  /** The moment that a number stands for, where numbers are what it reads. */
  readonly ofNumber?: (value: number) => number
}

/** Why a unit cannot be told, with the readings that there are. */
export interface Ambiguous {
  readonly problem: string
  readonly hint: string
}

/** The clock of a moment whose unit is given; undefined for `auto`. */
export function clockOf({ unit = 'auto', format }: Moment, zone: string): MomentReader | undefined {
  if (format !== undefined) return formatClock(format, zone)
  if (unit === 'auto') return undefined
  return unit === 'iso' ? isoClock(zone) : numberClock(UNIT_MS[unit])
}

/** The clock that fits the first text that is found, or why none does. */
export function guessedClock(text: string, zone: string): MomentReader | Ambiguous {
  const iso = isoClock(zone)
  if (iso(text) !== undefined) return iso
  const value = parseDecimal(text)
  if (value === undefined) {
    return {
      problem: `expected a date in ISO 8601 or a number, found ${JSON.stringify(text.slice(0, 60))}`,
      hint: 'Write its format, as in { format: "%d/%b/%Y:%H:%M:%S %z" }.',
    }
  }
  const unit = epochUnitOf(value)
  if (unit !== undefined) return numberClock(UNIT_MS[unit])
  return {
    problem: `${text} is no date of our time in any unit, so it may be ${value} s or ${value} ms since the trace began`,
    hint: 'Write { unit: s } or { unit: ms }.',
  }
}

function numberClock(unitMs: number): MomentReader {
  const perSecond = Math.round(SECOND / unitMs)
  // A quotient by 1000 or 10^6 rounds once; a product with 0.001 rounds twice.
  const divisor = perSecond / SECOND
  const ofNumber = perSecond > SECOND ? (value: number) => value / divisor : (value: number) => value * unitMs
  const ofText = (text: string): number | undefined => {
    const value = parseDecimal(text)
    return value === undefined ? undefined : ofNumber(value)
  }
  return Object.assign(ofText, { ofNumber })
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?(?: [A-Z]{3,4})?)?$/

function isoClock(zone: string): MomentReader {
  const toUtc = localToUtc(zone)
  const inUtc = utcClock()
  return (text) => {
    const plain = inUtc(text)
    if (plain !== undefined) return plain
    const match = ISO.exec(text)
    if (match === null) return undefined
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
    const local = dateMs(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
    if (local === undefined) return undefined
    const ms = local + fractionMs(fraction)
    return offset === undefined ? toUtc(ms) : ms - offsetMs(offset)
  }
}

/** Reads what most logs write, such as `2026-05-01T12:00:00.123Z`, with no expression and the days' beginnings kept. */
function utcClock(): MomentReader {
  let day = ''
  let midnight = Number.NaN
  return (text) => {
    const { length } = text
    if (length < 20 || text.charCodeAt(length - 1) !== CAPITAL_Z) return undefined
    if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined
    const separator = text.charCodeAt(10)
    if (separator !== CAPITAL_T && separator !== SPACE) return undefined
    const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)]
    if (!(hour < 24 && minute < 60 && second < 60)) return undefined
    let fraction = 0
    if (length > 20) {
      if (text.charCodeAt(19) !== DOT || length > 30) return undefined
      let unit = 1
      for (let at = 20; at < length - 1; at += 1) {
        const digit = text.charCodeAt(at) - ZERO
        if (!(digit >= 0 && digit <= 9)) return undefined
        fraction = fraction * 10 + digit
        unit *= 10
      }
      fraction = (fraction / unit) * SECOND
      if (unit === 1) return undefined
    }
    if (!text.startsWith(day) || day === '') {
      const found = ISO.exec(text.slice(0, 10))
      const begin = found === null ? undefined : dateMs(Number(found[1]), Number(found[2]), Number(found[3]), 0, 0, 0)
      if (begin === undefined) return undefined
      day = text.slice(0, 10)
      midnight = begin
    }
    return midnight + hour * HOUR + minute * MINUTE + second * SECOND + fraction
  }
}

const [DOT, ZERO, COLON, SPACE, CAPITAL_T, CAPITAL_Z] = [46, 48, 58, 32, 84, 90] as const

/** A number of two digits; NaN where there are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN
}

function fractionMs(digits: string): number {
  return digits === '' ? 0 : Number(`0.${digits}`) * SECOND
}

/** UTC ms of a date; undefined where there is no such date. */
function dateMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined
  const midnight = Date.UTC(year, month - 1, day)
  if (new Date(midnight).getUTCDate() !== day) return undefined
  return midnight + hour * HOUR + minute * MINUTE + second * SECOND
}

function offsetMs(text: string): number {
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text)!
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE)
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What a format may hold, as regular expressions: the letters of strftime. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: String.raw`(?<Y>\d{4})`,
  y: String.raw`(?<y>\d\d)`,
  m: String.raw`(?<m>\d{1,2})`,
  b: String.raw`(?<b>[A-Za-z]{3})`,
  d: String.raw`(?<d>\d{1,2})`,
  e: String.raw`\s?(?<d>\d{1,2})`,
  H: String.raw`(?<H>\d{1,2})`,
  I: String.raw`(?<I>\d{1,2})`,
  p: '(?<p>[AaPp][Mm])',
  M: String.raw`(?<M>\d\d)`,
  S: String.raw`(?<S>\d\d)`,
  f: String.raw`(?<f>\d+)`,
  z: String.raw`(?<z>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)`,
  a: '[A-Za-z]{3}',
  '%': '%',
}

/** What is wrong with a format; undefined when nothing is. */
export function formatMistake(format: string): string | undefined {
  const unknown = [...format.matchAll(/%(.?)/g)].find(([, letter]) => DIRECTIVES[letter!] === undefined)
  if (unknown !== undefined)
    return `it has ${JSON.stringify(unknown[0])}, and there are: ${Object.keys(DIRECTIVES)
      .map((letter) => `%${letter}`)
      .join(', ')}`
  if (!/%[Yy]/.test(format) || !/%[de]/.test(format) || !/%[mb]/.test(format))
    return 'it needs a year, a month and a day'
  const letters = [...format.matchAll(/%([A-Za-z])/g)].map(([, letter]) => (letter === 'e' ? 'd' : letter))
  return new Set(letters).size === letters.length ? undefined : 'a letter stands in it twice'
}

function formatClock(format: string, zone: string): MomentReader {
  const source = format.replaceAll(/%(.)|([\s\S])/g, (_, letter: string | undefined, other: string | undefined) =>
    letter === undefined ? other!.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : DIRECTIVES[letter]!,
  )
  const pattern = new RegExp(`^${source}$`)
  const toUtc = localToUtc(zone)
  return (text) => {
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) return undefined
    const month = groups['b'] === undefined ? Number(groups['m']) : MONTHS.indexOf(groups['b'].toLowerCase()) + 1
    const year = groups['Y'] === undefined ? 2000 + Number(groups['y']) : Number(groups['Y'])
    const { d, H = '0', I, p = '', M = '0', S = '0', f = '', z } = groups
    const hour = I === undefined ? Number(H) : (Number(I) % 12) + (/p/i.test(p) ? 12 : 0)
    const local = dateMs(year, month, Number(d), hour, Number(M), Number(S))
    if (local === undefined) return undefined
    const ms = local + fractionMs(f)
    return z === undefined ? toUtc(ms) : ms - offsetMs(z)
  }
}
