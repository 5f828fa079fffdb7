import type { BlockScanner } from './blocks.ts'
import type { CountHeader } from './count-header.ts'
import { type CountRow, newCountRow, readCountRow } from './count-row.ts'
import { RecordFields } from './record.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44
const ZERO = 48
/** The four bytes `0,0,` as a little-endian word. */
const TWO_ZEROS = 0x2c302c30
/** Two fields of one digit each, their low four bits left out, and what those are when 6 is added to a digit of at most 9. */
const TWO_DIGITS = 0x2c302c30
const WITHOUT_LOW = 0xfff0fff0 | 0
const SIX_MORE = 0x00060006
const TENS = 0x00f000f0
const NO_TENS = 0x00300030
/** So many digits always fit in a signed 32-bit word. */
const SHORT = 9
const OUT_OF_THE_ORDINARY = -1

/**
 * Reads the rows of a table of counts, of which a day has 46 thousand with 1,440 cells each, five in six of them zero.
 *
 * A hot file. {@link ordinaryRow} handles rows as the data set has them and gives up at the first byte that surprises
 * it, be it a quote, a long number, a mistake or the end of the bytes; the plain {@link readCountRow} then reads that
 * row or says what is wrong with it. A test holds the two equal.
 */
export class CountScanner implements BlockScanner {
  line = 1
  /** How many rows were read. */
  rows = 0
  private readonly path: string
  private readonly header: CountHeader
  private readonly row: CountRow
  private readonly onRow: (row: CountRow, line: number) => void
  private readonly fields = new RecordFields()
  /** For a field of counts, the field after the last of the counts that follow it; for a field of names, itself. */
  private readonly countsEnd: Uint32Array
  private readonly nameStart: Uint32Array
  private readonly nameEnd: Uint32Array
  private headerSeen = false

  /** `onRow` hears each row with the line it begins on; the same object stands for the next row afterwards. */
  constructor(path: string, header: CountHeader, onRow: (row: CountRow, line: number) => void) {
    this.path = path
    this.header = header
    this.onRow = onRow
    this.row = newCountRow(header)
    this.nameStart = new Uint32Array(header.fields)
    this.nameEnd = new Uint32Array(header.fields)
    this.countsEnd = new Uint32Array(header.fields)
    for (let field = header.fields - 1; field >= 0; field -= 1) {
      const counts = header.minute[field]! > 0
      const follows = field + 1 < header.fields && header.minute[field + 1]! > 0
      this.countsEnd[field] = !counts ? field : follows ? this.countsEnd[field + 1]! : field + 1
    }
  }

  scan(bytes: Buffer, from: number, to: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = from
    while (at < to) {
      let next = this.headerSeen ? this.ordinaryRow(bytes, view, at) : OUT_OF_THE_ORDINARY
      if (next === OUT_OF_THE_ORDINARY) {
        next = this.fields.split(bytes, at, to, this.path, this.line)
        if (next < 0) break
        this.plainRow()
      } else {
        this.takeNames(bytes)
        this.take(1)
      }
      at = next
    }
    return at
  }

  private plainRow(): void {
    const { fields, header, row, path, line } = this
    if (fields.blank) {
      this.line += fields.lines
    } else if (this.headerSeen) {
      readCountRow(fields, header, row, path, line)
      this.take(fields.lines)
    } else {
      this.headerSeen = true
      this.line += fields.lines
    }
  }

  private take(lines: number): void {
    this.rows += 1
    this.onRow(this.row, this.line)
    this.line += lines
  }

  private takeNames(bytes: Buffer): void {
    const { header, row } = this
    row.owner = this.name(bytes, header.owner)
    row.app = this.name(bytes, header.app)
    row.fn = this.name(bytes, header.fn)
    row.trigger = this.name(bytes, header.trigger)
  }

  private name(bytes: Buffer, field: number): string {
    return field < 0 ? '' : bytes.toString('utf8', this.nameStart[field], this.nameEnd[field])
  }

  /**
   * Reads the row that begins at `from`: its cells, and where its names stand. Gives where the next row begins, or that
   * this one is out of the ordinary. The zero bytes after the data end every loop here.
   */
  private ordinaryRow(bytes: Buffer, view: DataView, from: number): number {
    const { countsEnd } = this
    const { fields } = this.header
    let at = from
    this.row.length = 0
    for (let field = 0; field < fields; ) {
      const end = countsEnd[field]!
      at = end === field ? this.nameCell(bytes, at, field) : this.countCells(bytes, view, at, field)
      if (at === OUT_OF_THE_ORDINARY) return at
      field = end === field ? field + 1 : end
      if (field === fields) break
      if (bytes[at] !== COMMA) return OUT_OF_THE_ORDINARY
      at += 1
    }
    if (bytes[at] === CR) at += 1
    return bytes[at] === LF ? at + 1 : OUT_OF_THE_ORDINARY
  }

  /** Finds the end of a name. Gives where its comma stands. */
  private nameCell(bytes: Buffer, from: number, field: number): number {
    let at = from
    let byte = bytes[at]!
    while (byte !== COMMA && byte > QUOTE) {
      at += 1
      byte = bytes[at]!
    }
    this.nameStart[field] = from
    this.nameEnd[field] = at
    return byte === COMMA ? at : OUT_OF_THE_ORDINARY
  }

  /** Reads the counts from `first` up to the next name or the end of the row. Gives where the last one's comma or line break stands. */
  private countCells(bytes: Buffer, view: DataView, from: number, first: number): number {
    const end = this.countsEnd[first]!
    const { minute } = this.header
    const { minute: rowMinute, count: rowCount } = this.row
    let { length } = this.row
    let at = from
    for (let field = first; ; at += 1) {
      // Two counts below 10 at a time, most of them 0. A branch that depends on them would be guessed wrongly too often: what is
      // 0 is written too, and then written over.
      while (field + 2 < end) {
        const word = view.getInt32(at, true)
        if (word === TWO_ZEROS) {
          while (
            field + 8 < end &&
            view.getInt32(at + 4, true) === TWO_ZEROS &&
            view.getInt32(at + 8, true) === TWO_ZEROS &&
            view.getInt32(at + 12, true) === TWO_ZEROS
          ) {
            at += 12
            field += 6
          }
        } else {
          if ((word & WITHOUT_LOW) !== TWO_DIGITS || ((word + SIX_MORE) & TENS) !== NO_TENS) break
          const one = word & 15
          const other = (word >>> 16) & 15
          rowMinute[length] = minute[field]!
          rowCount[length] = one
          length += -one >>> 31
          rowMinute[length] = minute[field + 1]!
          rowCount[length] = other
          length += -other >>> 31
        }
        at += 4
        field += 2
      }
      const begin = at
      let digit = bytes[at]! - ZERO
      let count = 0
      while (digit >= 0 && digit <= 9 && at < begin + SHORT) {
        count = count * 10 + digit
        at += 1
        digit = bytes[at]! - ZERO
      }
      if (at === begin) return OUT_OF_THE_ORDINARY
      if (count !== 0) {
        rowMinute[length] = minute[field]!
        rowCount[length] = count
        length += 1
      }
      field += 1
      if (field === end) break
      if (digit !== COMMA - ZERO) return OUT_OF_THE_ORDINARY
    }
    this.row.length = length
    return at
  }
}
