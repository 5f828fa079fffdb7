import { UserError } from '../../core/user-error.ts'
import { parseDecimal } from '../table/decimal.ts'
import { placeOf, shown } from '../table/place.ts'
import { clockOf, UNIT_MS } from './moment-reader.ts'
import { type Columns, getterOf, slotOf } from './row-columns.ts'
import type { Filter, MemoryUnit, Quantity, TimeUnit } from './mapping.ts'
import { UNIT_IN_TEXT, writtenMemory, writtenSpan } from './written.ts'

/** MB of each unit of memory. */
const UNIT_MB: Readonly<Record<MemoryUnit, number>> = {
  MB: 1,
  GB: 1024,
  KB: 1 / 1024,
  bytes: 1 / 2 ** 20,
  'decimal-bytes': 1e-6,
}

/** Amounts beyond this could not be added exactly. */
const MOST = 2 ** 52

/** Where a row stands, for complaints. */
export interface RowPlace {
  readonly path: string
  readonly line: number
}

/** Reads a number of the row at hand, in ms or MB; undefined where it has none. */
export type Amount = (place: RowPlace) => number | undefined

/** Compiles a time span, in ms; it must not be below 0. */
export function timeAmount(what: string, quantity: Quantity<TimeUnit>, columns: Columns): Amount {
  if (quantity.unit === UNIT_IN_TEXT) {
    return amountOf(what, quantity, columns, asIs, { read: writtenSpan, as: 'a time with its unit, such as 120ms' })
  }
  const perUnit = UNIT_MS[quantity.unit]
  const divisor = perUnit < 1 ? Math.round(1 / perUnit) : 1
  const scale = divisor > 1 ? (value: number) => value / divisor : (value: number) => value * perUnit
  return amountOf(what, quantity, columns, scale, {
    dateIn(text) {
      const ms = DATE(text)
      return ms === undefined ? undefined : ms / perUnit
    },
  })
}

/** Where both ends of a span are dates of one clock, it does not matter which. */
const DATE = clockOf({ from: 0, unit: 'iso' }, 'UTC')!

/** Compiles a memory size, in MB. */
export function memoryAmount(what: string, quantity: Quantity<MemoryUnit>, columns: Columns): Amount {
  if (quantity.unit === UNIT_IN_TEXT) {
    return amountOf(what, quantity, columns, asIs, { read: writtenMemory, as: 'a size with its unit, such as 128MB' })
  }
  const perUnit = UNIT_MB[quantity.unit]
  return amountOf(what, quantity, columns, (value) => value * perUnit)
}

const asIs = (value: number): number => value

/** How texts are read that are no plain numbers. */
interface TextReading {
  /** In place of numbers. */
  readonly read?: (text: string) => number | undefined
  /** What texts must be then. */
  readonly as?: string
  /** Besides numbers, between two columns. */
  readonly dateIn?: (text: string) => number | undefined
}

function amountOf(
  what: string,
  quantity: Quantity<string>,
  columns: Columns,
  scale: (value: number) => number,
  { read, as, dateIn }: TextReading = {},
): Amount {
  if ('is' in quantity) {
    const value = scale(quantity.is)
    return () => value
  }
  const { from, to, match, decimal = '.', unit, none = [], otherwise } = quantity
  const numberIn = read ?? (decimal === '.' ? parseDecimal : (text: string) => parseDecimal(text.replace(decimal, '.')))
  const momentIn = (text: string): number | undefined => numberIn(text) ?? dateIn?.(text)
  const source = match === undefined ? { from } : { from, match }
  const get = getterOf(source, columns)
  const end = to === undefined ? undefined : getterOf({ from: to }, columns)
  const missing = new Set(['', ...none])
  const standard = otherwise === undefined ? undefined : scale(otherwise)
  // A number that is read from the bytes of the file needs no text, unless some numbers stand for none.
  const slot =
    read === undefined && end === undefined && decimal === '.' && none.every((word) => parseDecimal(word) === undefined)
      ? slotOf(source, columns)
      : undefined
  return (place) => {
    if (slot !== undefined && columns.isEmpty(slot)) return standard
    const plain = slot === undefined ? undefined : columns.decimal(slot)
    if (plain !== undefined && plain >= 0) {
      const amount = scale(plain)
      if (amount <= MOST) return amount
    }
    const text = get()
    if (missing.has(text)) return standard
    const value = end === undefined ? numberIn(text) : difference(momentIn(text), momentIn(end()))
    if (value !== undefined && value >= 0 && scale(value) <= MOST) return scale(value)
    const found = end === undefined ? shown(text) : `${shown(text)} to ${shown(end())}`
    const problem = `${what} must be ${as ?? `a number of ${unit} from 0`}, found ${found}`
    throw new UserError({ where: placeOf(place.path, place.line), problem })
  }
}

/** YAML reads `True` as a truth value; tables spell it in several ways. */
function spellings(word: string | number | boolean): readonly string[] {
  if (typeof word !== 'boolean') return [String(word)]
  return word ? ['true', 'True', 'TRUE'] : ['false', 'False', 'FALSE']
}

function difference(begin: number | undefined, end: number | undefined): number | undefined {
  return begin === undefined || end === undefined ? undefined : end - begin
}

/** Compiles a filter: whether the row at hand is of its kind. */
export function filterOf({ from, is, match }: Filter, columns: Columns): () => boolean {
  const get = getterOf({ from }, columns)
  if (is !== undefined) {
    const words = new Set(is.flatMap(spellings))
    return () => words.has(get())
  }
  const pattern = new RegExp(match ?? '', 'u')
  return () => pattern.test(get())
}
