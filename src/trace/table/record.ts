import { UserError } from '../../core/user-error.ts'
import { parseDecimal, plainDecimal } from './decimal.ts'
import { placeOf } from './place.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44

/** The fields of one record of a CSV file (RFC 4180), as places in the bytes; made once and filled again and again. */
export class RecordFields {
  count = 0
  /** How many lines the record stands on; more than one when a quoted field holds line breaks. */
  lines = 1
  private bytes: Buffer = Buffer.alloc(0)
  private readonly start: number[] = []
  private readonly end: number[] = []
  private readonly quoted: boolean[] = []
  private hasQuotes = false

  /** Field `index`, from 0, as text. */
  text(index: number): string {
    const text = this.bytes.toString('utf8', this.start[index], this.end[index])
    return this.quoted[index] ? text.replaceAll('""', '"') : text
  }

  /** Whether field `index` has no text. */
  isEmpty(index: number): boolean {
    return this.start[index] === this.end[index]
  }

  /** The number that field `index` stands for; undefined when it is none. */
  decimal(index: number): number | undefined {
    const plain = plainDecimal(this.bytes, this.start[index]!, this.end[index]!)
    return Number.isNaN(plain) ? parseDecimal(this.text(index)) : plain
  }

  /** Bytes that two records of as many fields have in common if and only if all their fields are equal; good until the next record. */
  get whole(): Uint8Array {
    if (!this.hasQuotes) return this.bytes.subarray(this.start[0], this.end[this.count - 1])
    const texts = this.texts()
    // What needs no quotes is as it would be without them; no other record holds a zero byte between its fields.
    return Buffer.from(texts.join(texts.some((text) => /[",\n]/.test(text)) ? '\u0000' : ','), 'utf8')
  }

  /** All fields as texts. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, index) => this.text(index))
  }

  /** Whether this is a line with nothing on it. */
  get blank(): boolean {
    return this.count === 1 && this.start[0] === this.end[0] && this.quoted[0] === false
  }

  /**
   * Takes the record that begins at `from`. Gives where the next one begins, or -1 when the bytes end at `to` before
   * the record does. `path` and `line` say where the record stands, for errors.
   */
  split(bytes: Buffer, from: number, to: number, path: string, line: number): number {
    this.bytes = bytes
    this.count = 0
    this.hasQuotes = false
    this.lines = 1
    let at = from
    for (;;) {
      at =
        bytes[at] === QUOTE && at < to
          ? this.quotedField(bytes, at, to, path, line)
          : this.plainField(bytes, at, to, path, line)
      if (at < 0 || at >= to) return -1
      if (bytes[at] === CR) at += 1
      at += 1
      if (bytes[at - 1] === LF) return at
    }
  }

  /** Takes an unquoted field and gives where its comma or line break stands, or `to`. */
  private plainField(bytes: Buffer, from: number, to: number, path: string, line: number): number {
    let at = from
    while (at < to && bytes[at] !== COMMA && bytes[at] !== LF) {
      if (bytes[at] === QUOTE)
        throw badQuote(path, line, this.count + 1, 'a quote stands inside a field that does not begin with one')
      at += 1
    }
    const end = bytes[at] === LF && at > from && bytes[at - 1] === CR ? at - 1 : at
    this.add(from, end, false)
    return end
  }

  /** Takes a quoted field and gives where its comma or line break stands, or -1 when that has not been read yet. */
  private quotedField(bytes: Buffer, from: number, to: number, path: string, line: number): number {
    let lines = 0
    let at = from + 1
    for (; at < to; at += 1) {
      if (bytes[at] === LF) lines += 1
      if (bytes[at] !== QUOTE) continue
      if (bytes[at + 1] !== QUOTE || at + 1 >= to) break
      at += 1
    }
    // The byte after the quote decides whether it closes the field, and after a CR the next one.
    const after = at + 1
    if (after >= to || (bytes[after] === CR && after + 1 >= to)) return -1
    const closed = bytes[after] === COMMA || bytes[after] === LF || (bytes[after] === CR && bytes[after + 1] === LF)
    if (!closed)
      throw badQuote(path, line, this.count + 1, 'a comma or the end of the line was expected after the closing quote')
    this.add(from + 1, at, true)
    this.lines += lines
    return after
  }

  private add(start: number, end: number, quoted: boolean): void {
    this.start[this.count] = start
    this.end[this.count] = end
    this.quoted[this.count] = quoted
    if (quoted) this.hasQuotes = true
    this.count += 1
  }
}

function badQuote(path: string, line: number, column: number, problem: string): UserError {
  return new UserError({
    where: placeOf(path, line, column),
    problem,
    hint: 'Inside a quoted field a quote is written twice.',
  })
}
