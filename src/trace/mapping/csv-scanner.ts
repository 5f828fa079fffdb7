import { UserError } from '../../core/user-error.ts'
import type { BlockScanner } from '../table/blocks.ts'
import { placeOf } from '../table/place.ts'
import { wrongFieldCount } from '../table/table-header.ts'
import type { Columns } from './row-columns.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const ONES = 0x01010101
const BEYOND_QUOTE = (QUOTE + 1) * ONES
const TOP_BITS = 0x80808080 | 0

/** How a table is written. */
export interface CsvStyle {
  readonly delimiter: string
  readonly skip: number
  readonly comment: string
}

/**
 * Reads the rows of a table with any delimiter. The first row is handed over whole; it says which fields of the others
 * are wanted, and of only those the places are kept. Hot: measured by bench/mapping.ts.
 */
export class CsvScanner implements BlockScanner {
  line = 1
  rows = 0
  private readonly path: string
  private readonly skip: number
  private readonly delimiter: Buffer
  private readonly comment: Buffer
  /** The first byte of the delimiter, four times. */
  private readonly firstOfFour: number
  private readonly onFirst: (fields: readonly string[]) => CsvPlan
  /** The block at hand by four bytes. */
  private words: Int32Array = new Int32Array(0)
  private plan: CsvPlan | undefined

  constructor(path: string, { delimiter, comment, skip }: CsvStyle, onFirst: (fields: readonly string[]) => CsvPlan) {
    this.path = path
    this.skip = skip
    this.delimiter = Buffer.from(delimiter)
    this.comment = Buffer.from(comment)
    this.onFirst = onFirst
    this.firstOfFour = (this.delimiter[0]! * 0x01010101) | 0
  }

  scan(bytes: Buffer, from: number, to: number): number {
    if (this.words.buffer !== bytes.buffer) this.words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2)
    const last = bytes.lastIndexOf(LF, to - 1)
    let at = from
    while (at <= last) {
      if (this.line <= this.skip || this.isComment(bytes, at)) {
        this.line += 1
        at = bytes.indexOf(LF, at) + 1
      } else if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) {
        this.line += 1
        at += bytes[at] === LF ? 1 : 2
      } else {
        let next = this.plan === undefined ? -1 : this.plainRow(bytes, at, this.plan)
        if (next < 0) next = this.anyRow(bytes, at, to)
        if (next < 0) break
        at = next
      }
    }
    return at
  }

  private isComment(bytes: Buffer, at: number): boolean {
    const { comment } = this
    return comment.length > 0 && startsWith(bytes, at, comment)
  }

  /** A row without any quote; gives where the next one begins, or -1, and nothing was done, where it has one. */
  private plainRow(bytes: Buffer, at: number, { slotOf, columns }: CsvPlan): number {
    const { from, to } = columns
    const { delimiter, words, firstOfFour } = this
    const first = delimiter[0]!
    const { length } = delimiter
    let field = 0
    let begin = at
    let place = at
    for (; ; place += 1) {
      let byte = bytes[place]!
      // Most bytes are of a field, so four of them are looked at together.
      while (byte > QUOTE && byte !== first) {
        if ((place & 3) === 0) {
          let word = place >> 2
          while (isOfField(words[word]!, firstOfFour)) word += 1
          place = word << 2
          byte = bytes[place]!
          if (byte <= QUOTE || byte === first) break
        }
        place += 1
        byte = bytes[place]!
      }
      if (byte === LF) break
      if (byte === QUOTE) return -1
      if (byte !== first || (length > 1 && !startsWith(bytes, place, delimiter))) continue
      const slot = slotOf[field]!
      if (slot >= 0) {
        from[slot] = begin
        to[slot] = place
      }
      field += 1
      begin = place + length
      place = begin - 1
    }
    const slot = slotOf[field]!
    if (slot >= 0) {
      from[slot] = begin
      to[slot] = place > begin && bytes[place - 1] === CR ? place - 1 : place
    }
    columns.bytes = bytes
    this.finish(field + 1)
    this.line += 1
    return place + 1
  }

  /** Any row; gives where the next one begins, or -1 when the bytes end within it. */
  private anyRow(bytes: Buffer, begin: number, limit: number): number {
    const { delimiter } = this
    const fields: string[] = []
    let lines = 0
    let at = begin
    for (;;) {
      if (bytes[at] === QUOTE) {
        let to = nextQuote(bytes, at + 1, limit)
        let hasPairs = false
        while (to < limit && bytes[to + 1] === QUOTE) {
          hasPairs = true
          to = nextQuote(bytes, to + 2, limit)
        }
        // What follows a quote tells whether it closes the field; a piece of a file may end before.
        if (to + 1 >= limit) return -1
        const raw = bytes.toString('utf8', at + 1, to)
        for (let mark = raw.indexOf('\n'); mark >= 0; mark = raw.indexOf('\n', mark + 1)) lines += 1
        fields.push(hasPairs ? raw.replaceAll('""', '"') : raw)
        at = to + 1
      } else {
        let to = at
        while (to < limit && bytes[to] !== LF && !startsWith(bytes, to, delimiter)) to += 1
        if (to >= limit) return -1
        const isEnd = bytes[to] === LF && to > at && bytes[to - 1] === CR
        fields.push(bytes.toString('utf8', at, isEnd ? to - 1 : to))
        at = to
      }
      if (bytes[at] === CR && bytes[at + 1] === LF) at += 1
      if (at >= limit || (bytes[at] === CR && at + 1 >= limit)) return -1
      if (bytes[at] === LF) {
        at += 1
        break
      }
      if (at + delimiter.length > limit) return -1
      if (!startsWith(bytes, at, delimiter)) {
        const problem = 'a delimiter or the end of the line was expected after the closing quote'
        throw new UserError({ where: placeOf(this.path, this.line + lines, fields.length), problem })
      }
      at += delimiter.length
    }
    this.take(fields)
    this.line += lines + 1
    return at
  }

  private take(fields: readonly string[]): void {
    const { plan } = this
    if (plan === undefined) return this.begin(fields)
    fields.forEach((field, index) => {
      const slot = plan.slotOf[index]
      if (slot !== undefined && slot >= 0) plan.columns.set(slot, field)
    })
    this.finish(fields.length)
  }

  private begin(fields: readonly string[]): void {
    this.plan = this.onFirst(fields)
    if (!this.plan.isHeader) this.take(fields)
  }

  private finish(fields: number): void {
    const { plan } = this
    if (fields !== plan!.fields) throw wrongFieldCount(this.path, this.line, plan!.fields, fields)
    this.rows += 1
    plan!.onRow(this.line)
  }
}

/** What is to be done with the rows after the first. */
export interface CsvPlan {
  readonly fields: number
  /** Whether the first row was a header and no row. */
  readonly isHeader: boolean
  /** The slot of `columns` that each field goes to; -1 for a field that nobody wants. */
  readonly slotOf: Int32Array
  readonly columns: Columns
  onRow(line: number): void
}

/** Where the next quote is; `to` where there is none before it. */
function nextQuote(bytes: Buffer, from: number, to: number): number {
  const at = bytes.indexOf(QUOTE, from)
  return at < 0 || at > to ? to : at
}

function startsWith(bytes: Buffer, at: number, words: Buffer): boolean {
  for (let index = 0; index < words.length; index += 1) if (bytes[at + index] !== words[index]) return false
  return true
}

/** Whether no byte of a word is the delimiter, a quote or what sorts before a quote, such as the end of a line. */
function isOfField(four: number, delimiters: number): boolean {
  const others = four ^ delimiters
  return ((((four - BEYOND_QUOTE) & ~four) | ((others - ONES) & ~others)) & TOP_BITS) === 0
}
