import { UserError } from '../../core/user-error.ts'
import { placeOf, shown } from '../table/place.ts'
import type { TextScanner } from './text-blocks.ts'

const LF = 10
const SPACE = 32
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [91, 93, 123, 125] as const

/** Hears each row of a JSON file. */
export type OnRecord = (record: unknown, line: number) => void

/**
 * Reads the elements of a list inside a JSON document one by one, without holding the document; or, where the document
 * is no list and no path is named, the values that follow one another in the file.
 */
export class JsonListScanner implements TextScanner {
  readonly cutsAnywhere = true
  line = 1
  rows = 0
  private readonly path: string
  private readonly wanted: string
  private readonly onRecord: OnRecord
  private state: 'seeking' | 'inside' | 'sequence' | 'behind' = 'seeking'
  /** While the list is sought: the keys that lead here, and for each open value whether it is a list. */
  private readonly keys: string[] = []
  private readonly lists: boolean[] = []

  constructor(path: string, wanted: string, onRecord: OnRecord) {
    this.path = path
    this.wanted = wanted
    this.onRecord = onRecord
  }

  scan(text: string, isLast: boolean): number {
    let at = 0
    if (this.state === 'seeking') at = this.seek(text)
    if (this.state === 'inside' || this.state === 'sequence') at = this.elements(text, at)
    if (this.state === 'behind') return text.length
    if (isLast) this.demandEnd(text, at)
    return at
  }

  private demandEnd(text: string, at: number): void {
    if (this.state === 'sequence' && text.slice(at).trim() === '') return
    const problem =
      this.state === 'seeking'
        ? `a list of rows was expected ${this.wanted === '' ? 'in the document' : `at ${this.wanted}`}, and there is none`
        : 'the file ends inside a JSON value'
    throw new UserError({ where: placeOf(this.path, this.line), problem })
  }

  /** Walks to the beginning of the list; gives how much of the text was walked over. */
  private seek(text: string): number {
    const { keys, lists, wanted } = this
    let at = 0
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code === LF) this.line += 1
      if (code === QUOTE) {
        const end = stringEnd(text, at)
        if (end < 0) return at
        let after = end
        while (after < text.length && text.charCodeAt(after) <= SPACE) after += 1
        if (after >= text.length) return at
        if (text[after] === ':') keys[lists.length - 1] = text.slice(at + 1, end - 1)
        at = end
        continue
      }
      if (code === OPEN_LIST || code === OPEN_MAP) {
        const here = keys
          .slice(0, lists.length)
          .filter((_, depth) => lists[depth] === false)
          .join('.')
        if (code === OPEN_LIST && here === wanted) {
          this.state = 'inside'
          return at + 1
        }
        if (code === OPEN_MAP && lists.length === 0 && wanted === '') {
          this.state = 'sequence'
          return at
        }
        lists.push(code === OPEN_LIST)
        keys[lists.length - 1] = ''
      } else if (code === CLOSE_LIST || code === CLOSE_MAP) lists.pop()
      at += 1
    }
    return at
  }

  /** Takes the whole elements from `from` on; gives where the first unfinished one begins. */
  private elements(text: string, from: number): number {
    let at = from
    for (;;) {
      let code = text.charCodeAt(at)
      while (code <= SPACE || code === COMMA) {
        if (code === LF) this.line += 1
        code = text.charCodeAt((at += 1))
      }
      if (at >= text.length) return at
      if (code === CLOSE_LIST && this.state === 'inside') {
        this.state = 'behind'
        return text.length
      }
      const end = valueEnd(text, at)
      if (end < 0) return at
      const value = text.slice(at, end)
      this.rows += 1
      this.onRecord(parsed(value, this.path, this.line), this.line)
      for (let mark = value.indexOf('\n'); mark >= 0; mark = value.indexOf('\n', mark + 1)) this.line += 1
      at = end
    }
  }
}

/** Where a value that begins at `from` ends; -1 when the text ends before. */
function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from)
  if (first === QUOTE) return stringEnd(text, from)
  if (first !== OPEN_LIST && first !== OPEN_MAP) {
    let at = from + 1
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code <= SPACE || code === COMMA || code === CLOSE_LIST || code === CLOSE_MAP) return at
      at += 1
    }
    return -1
  }
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = stringEnd(text, at) - 1
      if (at < 0) return -1
    } else if (code === OPEN_LIST || code === OPEN_MAP) depth += 1
    else if ((code === CLOSE_LIST || code === CLOSE_MAP) && (depth -= 1) === 0) return at + 1
  }
  return -1
}

/** Behind the closing quote of the string that begins at `from`; -1 when the text ends before. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
  return -1
}

/** A JSON value. Throws a UserError at its place where it is none. */
export function parsed(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new UserError({ where: placeOf(path, line), problem: `a JSON value was expected, found ${shown(text)}` })
  }
}

/** A getter of the text at a path of a record: `a.b`, or the key `a.b` itself; lists of keys and values are mappings. */
export function textAt(column: string): (record: unknown) => string {
  const steps = column.split('.')
  if (steps.length === 1) return (record) => textOf(step(record, column))
  return (record) => {
    const whole = step(record, column)
    if (whole !== undefined) return textOf(whole)
    let value = record
    for (const each of steps) value = step(value, each)
    return textOf(value)
  }
}

function step(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  if (/^\d+$/.test(key)) return value[Number(key)]
  const pair = (value as unknown[]).find(
    (each) => isPair(each) && (each['key'] ?? each['field'] ?? each['name']) === key,
  )
  return isPair(pair) ? pair['value'] : undefined
}

function isPair(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean | bigint)
}
