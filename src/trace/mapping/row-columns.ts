import { parseDecimal, plainDecimal } from '../table/decimal.ts'
import type { TextSource } from './mapping.ts'

/**
 * The columns of a row that a mapping asks for, and what they hold in the row at hand: a text, empty where a row has
 * none, or a place in the bytes of the file, which becomes a text only when somebody asks for it.
 */
export class Columns {
  /** What the places are in. */
  bytes: Buffer = Buffer.alloc(0)
  /** The place of each column asked for, by slot; from -1 where {@link texts} hold it. */
  readonly from: number[] = []
  readonly to: number[] = []
  private readonly texts: string[] = []
  private readonly slots = new Map<string | number, number>()

  /** The slot of a column, by its name or its position from 1. */
  slot(column: string | number): number {
    let slot = this.slots.get(column)
    if (slot === undefined) {
      this.slots.set(column, (slot = this.texts.length))
      this.texts.push('')
      this.from.push(-1)
      this.to.push(-1)
    }
    return slot
  }

  /** The row at hand has this text in a column. */
  set(slot: number, text: string): void {
    this.texts[slot] = text
    this.from[slot] = -1
  }

  /** The text of a column in the row at hand. */
  text(slot: number): string {
    const from = this.from[slot]!
    if (from < 0) return this.texts[slot]!
    return from === this.to[slot] ? '' : this.bytes.toString('utf8', from, this.to[slot])
  }

  /** Whether the row at hand has nothing in a column. */
  isEmpty(slot: number): boolean {
    const from = this.from[slot]!
    return from < 0 ? this.texts[slot] === '' : from === this.to[slot]
  }

  /** The number that a column has in the row at hand; undefined when it is none. */
  decimal(slot: number): number | undefined {
    const from = this.from[slot]!
    if (from >= 0) {
      const value = plainDecimal(this.bytes, from, this.to[slot]!)
      if (!Number.isNaN(value)) return value
    }
    return parseDecimal(this.text(slot))
  }

  /** Every column asked for, with its slot. */
  get wanted(): readonly (readonly [column: string | number, slot: number])[] {
    return [...this.slots]
  }
}

/** The slot of a source that is one column and nothing else; undefined of any other. */
export function slotOf(source: TextSource, columns: Columns): number | undefined {
  if (typeof source === 'number') return columns.slot(source)
  if (typeof source === 'string') return source.replaceAll(TEMPLATE, '') === source ? columns.slot(source) : undefined
  const isPlain = 'from' in source && source.match === undefined && source.otherwise === undefined
  return isPlain ? slotOf(source.from, columns) : undefined
}

/** The slots of all columns that a source's text is made of. */
export function slotsOf(source: TextSource, columns: Columns): readonly number[] {
  const own = columnsOf(source).map((column) => columns.slot(column))
  if (typeof source !== 'object' || 'is' in source || source.otherwise?.includes('{') !== true) return own
  return [...own, ...columnsOf(source.otherwise).map((column) => columns.slot(column))]
}

/** A getter of the text that a source has in the row at hand. */
export type Getter = () => string

const TEMPLATE = /\{([^{}]+)\}/g

/** The columns that a source looks at. */
export function columnsOf(source: TextSource): readonly (string | number)[] {
  if (typeof source === 'number') return [source]
  if (typeof source === 'string') {
    const named = [...source.matchAll(TEMPLATE)].map(([, name]) => name!)
    return named.length === 0 ? [source] : named
  }
  return 'is' in source ? [] : columnsOf(source.from)
}

/** Compiles a source. */
export function getterOf(source: TextSource, columns: Columns): Getter {
  if (typeof source === 'number') {
    const slot = columns.slot(source)
    return () => columns.text(slot)
  }
  if (typeof source === 'string') return templateGetter(source, columns)
  if ('is' in source) {
    const text = String(source.is)
    return () => text
  }
  const whole = getterOf(source.from, columns)
  const found = source.match === undefined ? whole : matchGetter(whole, source.match, source.to)
  const { otherwise } = source
  if (otherwise === undefined) return found
  const instead = otherwise.includes('{') ? getterOf(otherwise, columns) : () => otherwise
  return () => found() || instead()
}

function templateGetter(source: string, columns: Columns): Getter {
  // A column may itself be called like a template.
  if (source.replaceAll(TEMPLATE, '') === source) {
    const slot = columns.slot(source)
    return () => columns.text(slot)
  }
  const parts = source.split(TEMPLATE).map((part, index) => (index % 2 === 0 ? part : columns.slot(part)))
  const [first, only, last] = parts
  if (parts.length === 3 && first === '' && last === '') return () => columns.text(only as number)
  return () => {
    let text = ''
    for (const part of parts) text += typeof part === 'number' ? columns.text(part) : part
    return text
  }
}

function matchGetter(whole: Getter, match: string, to: string | undefined): Getter {
  const pattern = new RegExp(match, 'u')
  return () => {
    const found = pattern.exec(whole())
    if (found === null) return ''
    if (to === undefined) return found[1] ?? found[0]
    return to.replaceAll(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '')
  }
}
