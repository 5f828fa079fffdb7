import type { BlockScanner } from '../table/blocks.ts'
import type { Columns } from './row-columns.ts'
import { FlatObject } from './flat-object.ts'
import { parsed, textAt } from './json-scanner.ts'

const [LF, SPACE, OPEN_LIST, OPEN_MAP] = [10, 32, 91, 123] as const

/** Who hears lines: those that are records, whose columns are filled in, and others. */
interface LineListener {
  onRow(line: number): void
  onOther(text: string, line: number): void
}

/**
 * Reads one JSON object a line, and of it the columns that are wanted. Objects without lists and objects in them are read
 * from their bytes; all others are parsed whole. Lines that do not begin like JSON are handed to `onOther`.
 */
export class JsonLineScanner implements BlockScanner {
  line = 1
  rows = 0
  private readonly path: string
  private readonly columns: Columns
  private readonly getters: readonly { readonly slot: number; readonly get: (record: unknown) => string }[]
  private readonly flat: FlatObject
  private readonly listener: LineListener

  constructor(
    path: string,
    wanted: readonly { readonly slot: number; readonly name: string }[],
    columns: Columns,
    listener: LineListener,
  ) {
    this.path = path
    this.columns = columns
    this.getters = wanted.map(({ slot, name }) => ({ slot, get: textAt(name) }))
    this.flat = new FlatObject(wanted, columns)
    this.listener = listener
  }

  scan(bytes: Buffer, from: number, to: number): number {
    const last = bytes.lastIndexOf(LF, to - 1)
    let at = from
    while (at <= last) {
      let begin = at
      while (bytes[begin]! <= SPACE && bytes[begin] !== LF) begin += 1
      const code = bytes[begin]!
      if (code === LF) at = begin + 1
      else if (code === OPEN_MAP || code === OPEN_LIST) at = this.record(bytes, begin)
      else {
        const end = bytes.indexOf(LF, begin)
        this.listener.onOther(bytes.toString('utf8', begin, end).trimEnd(), this.line)
        at = end + 1
      }
      this.line += 1
    }
    return at
  }

  /** Takes the record that begins at `from`; gives where the next line begins. */
  private record(bytes: Buffer, from: number): number {
    this.rows += 1
    let end = this.flat.read(bytes, from)
    if (end < 0) {
      end = bytes.indexOf(LF, from)
      const record = parsed(bytes.toString('utf8', from, end), this.path, this.line)
      for (const { slot, get } of this.getters) this.columns.set(slot, get(record))
    }
    this.listener.onRow(this.line)
    return end + 1
  }
}
