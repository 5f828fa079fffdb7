import type { Source } from './mapping.ts'

/** The columns of a row that a mapping asks for, and their texts in the row at hand; empty where a row has none. */
export class Columns {
  /** The text of each column asked for, by slot. */
  readonly values: string[] = []
  private readonly slots = new Map<string | number, number>()

  /** The slot of a column, by its name or its position from 1. */
  slot(column: string | number): number {
    let slot = this.slots.get(column)
    if (slot === undefined) {
      this.slots.set(column, (slot = this.values.length))
      this.values.push('')
    }
    return slot
  }

  /** Every column asked for, with its slot. */
  get wanted(): readonly (readonly [column: string | number, slot: number])[] {
    return [...this.slots]
  }
}

/** A getter of the text that a source has in the row at hand. */
export type Getter = () => string

const TEMPLATE = /\{([^{}]+)\}/g

/** The columns that a source looks at. */
export function columnsOf(source: Source): readonly (string | number)[] {
  if (typeof source === 'number') return [source]
  if (typeof source === 'string') {
    const named = [...source.matchAll(TEMPLATE)].map(([, name]) => name!)
    return named.length === 0 ? [source] : named
  }
  return 'is' in source ? [] : columnsOf(source.from)
}

/** Compiles a source. */
export function getterOf(source: Source, columns: Columns): Getter {
  const { values } = columns
  if (typeof source === 'number') {
    const slot = columns.slot(source)
    return () => values[slot]!
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
  const { values } = columns
  // A column may itself be called like a template.
  if (source.replaceAll(TEMPLATE, '') === source) {
    const slot = columns.slot(source)
    return () => values[slot]!
  }
  const parts = source.split(TEMPLATE).map((part, index) => (index % 2 === 0 ? part : columns.slot(part)))
  const [first, only, last] = parts
  if (parts.length === 3 && first === '' && last === '') return () => values[only as number]!
  return () => {
    let text = ''
    for (const part of parts) text += typeof part === 'number' ? values[part]! : part
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
