import type { Columns } from './row-columns.ts'

const [LF, SPACE, QUOTE, COMMA, MINUS, DOT, ZERO, NINE, COLON, BACKSLASH, OPEN, CLOSE] = [
  10, 32, 34, 44, 45, 46, 48, 57, 58, 92, 123, 125,
] as const

/** A key as it stood in the last object, at its place in it, and the slot of its column; -1 where nobody wants it. */
interface ObjectKey {
  readonly bytes: Buffer
  readonly slot: number
}

/** So many digits of a number are written as they were by whoever parses and writes it again. */
const MOST_DIGITS = 15

/**
 * Reads JSON objects whose values are plain texts and numbers, and leaves the places of the wanted ones in the columns.
 * What is not of that kind, be it valid or not, is left to a parser, so no mistake passes here that would not pass
 * there. Keys mostly stand in the same order in every object, so each is first compared with that of the last one.
 * Hot: measured by bench/mapping.ts.
 */
export class FlatObject {
  private readonly columns: Columns
  private readonly slots: Map<string, number>
  private readonly wanted: readonly number[]
  private readonly keys: ObjectKey[] = []

  constructor(wanted: readonly { readonly slot: number; readonly name: string }[], columns: Columns) {
    this.columns = columns
    this.slots = new Map(wanted.map(({ name, slot }) => [name, slot]))
    this.wanted = wanted.map(({ slot }) => slot)
  }

  /** Reads the object that begins at `from` and ends its line; gives where that line ends, or -1 where it is of another kind. */
  read(bytes: Buffer, from: number): number {
    const { columns, wanted } = this
    if (bytes[from] !== OPEN || this.slots.size !== wanted.length) return -1
    for (const slot of wanted) columns.set(slot, '')
    columns.bytes = bytes
    let at = past(bytes, from + 1)
    for (let place = 0; ; place += 1) {
      if (bytes[at] !== QUOTE) return -1
      const end = plainEnd(bytes, at + 1)
      if (end < 0) return -1
      const slot = this.slotAt(bytes, at + 1, end, place)
      at = past(bytes, end + 1)
      if (bytes[at] !== COLON) return -1
      at = this.value(bytes, past(bytes, at + 1), slot)
      if (at < 0) return -1
      at = past(bytes, at)
      if (bytes[at] === CLOSE) break
      if (bytes[at] !== COMMA) return -1
      at = past(bytes, at + 1)
    }
    at = past(bytes, at + 1)
    return bytes[at] === LF ? at : -1
  }

  /** Takes the value that begins at `from`; gives where it ends, or -1. */
  private value(bytes: Buffer, from: number, slot: number): number {
    const byte = bytes[from]!
    if (byte === QUOTE) {
      const end = plainEnd(bytes, from + 1)
      if (end >= 0 && slot >= 0) this.keep(slot, from + 1, end)
      return end < 0 ? -1 : end + 1
    }
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const end = numberEnd(bytes, from)
      if (end >= 0 && slot >= 0) this.keep(slot, from, end)
      return end
    }
    for (const word of WORDS) {
      if (!isAt(bytes, from, word)) continue
      if (slot >= 0) {
        // Nothing is an empty text.
        if (word === NULL) this.columns.set(slot, '')
        else this.keep(slot, from, from + word.length)
      }
      return from + word.length
    }
    return -1
  }

  private keep(slot: number, from: number, to: number): void {
    this.columns.from[slot] = from
    this.columns.to[slot] = to
  }

  /** The slot of the key that stands at `place` of its object. */
  private slotAt(bytes: Buffer, from: number, to: number, place: number): number {
    const last = this.keys[place]
    if (last !== undefined && last.bytes.length === to - from && isAt(bytes, from, last.bytes)) return last.slot
    const key = Buffer.from(bytes.subarray(from, to))
    const slot = this.slots.get(key.toString()) ?? -1
    if (place <= this.keys.length) this.keys[place] = { bytes: key, slot }
    return slot
  }
}

const NULL = Buffer.from('null')
const WORDS = [Buffer.from('true'), Buffer.from('false'), NULL]

/** Where the next byte stands that is no blank; the end of the line is none. */
function past(bytes: Buffer, from: number): number {
  let at = from
  // Of control characters JSON knows the tab and the carriage return within a line.
  while (bytes[at] === SPACE || bytes[at] === 9 || bytes[at] === 13) at += 1
  return at
}

/** Where the closing quote of a text stands that holds no escapes and no control characters; else -1. */
function plainEnd(bytes: Buffer, from: number): number {
  for (let at = from; ; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < SPACE) return -1
  }
}

/** Where a number ends that is written as JavaScript would write it; -1 of any other. */
function numberEnd(bytes: Buffer, from: number): number {
  const begin = bytes[from] === MINUS ? from + 1 : from
  let at = begin
  while (isDigit(bytes[at]!)) at += 1
  const whole = at - begin
  if (whole === 0 || (bytes[begin] === ZERO && whole > 1)) return -1
  let decimals = 0
  if (bytes[at] === DOT) {
    at += 1
    while (isDigit(bytes[at]!)) {
      at += 1
      decimals += 1
    }
    // 1.50 is written 1.5, and numbers below a millionth have an exponent.
    if (decimals === 0 || decimals > 6 || bytes[at - 1] === ZERO) return -1
  }
  const isMinusZero = bytes[from] === MINUS && whole === 1 && bytes[begin] === ZERO && decimals === 0
  return whole + decimals > MOST_DIGITS || isMinusZero || (bytes[at]! | 0x20) === 0x65 ? -1 : at
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function isAt(bytes: Buffer, from: number, words: Buffer): boolean {
  for (let index = 0; index < words.length; index += 1) if (bytes[from + index] !== words[index]) return false
  return true
}
