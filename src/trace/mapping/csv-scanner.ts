import { UserError } from '../../core/user-error.ts'
import { placeOf } from '../table/place.ts'
import { wrongFieldCount } from '../table/table-header.ts'
import type { TextScanner } from './text-blocks.ts'

const LF = 10
const CR = 13
const QUOTE = 34

/** How a table is written. */
export interface CsvStyle {
  readonly delimiter: string
  readonly skip: number
  readonly comment: string
}

/**
 * Reads the rows of a table with any delimiter. The first row is handed over whole; it says which fields of the others
 * are wanted, and only those become texts. Hot: measured by bench/mapping.ts.
 */
export class CsvScanner implements TextScanner {
  line = 1
  rows = 0
  private readonly path: string
  private readonly style: CsvStyle
  private readonly onFirst: (fields: readonly string[]) => CsvPlan
  private plan: CsvPlan | undefined

  constructor(path: string, style: CsvStyle, onFirst: (fields: readonly string[]) => CsvPlan) {
    this.path = path
    this.style = style
    this.onFirst = onFirst
  }

  scan(text: string, isLast: boolean): number {
    const { comment, skip } = this.style
    let at = 0
    let quote = text.indexOf('"')
    while (at < text.length) {
      const end = text.indexOf('\n', at)
      if (end < 0) break
      if (this.line <= skip || (comment !== '' && text.startsWith(comment, at)) || isBlank(text, at, end)) {
        this.line += 1
        at = end + 1
        continue
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at)
      if (quote < 0 || quote > end) {
        this.plainRow(text, at, text.charCodeAt(end - 1) === CR ? end - 1 : end)
        this.line += 1
        at = end + 1
        continue
      }
      const next = this.quotedRow(text, at, isLast)
      if (next < 0) break
      at = next
    }
    return at
  }

  /** A row without any quote, from `at` to `end`. */
  private plainRow(text: string, at: number, end: number): void {
    const { plan } = this
    const { delimiter } = this.style
    if (plan === undefined) return this.begin(text.slice(at, end).split(delimiter))
    const { slotOf, values } = plan
    let field = 0
    let from = at
    for (;;) {
      let to = text.indexOf(delimiter, from)
      if (to < 0 || to > end) to = end
      const slot = slotOf[field]
      if (slot !== undefined && slot >= 0) values[slot] = text.slice(from, to)
      field += 1
      if (to === end) break
      from = to + 1
    }
    this.finish(field)
  }

  /** A row with quotes somewhere; gives where the next one begins, or -1 when the text ends within it. */
  private quotedRow(text: string, begin: number, isLast: boolean): number {
    const delimiter = this.style.delimiter.charCodeAt(0)
    const fields: string[] = []
    let lines = 0
    let at = begin
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        let to = text.indexOf('"', at + 1)
        let hasPairs = false
        while (to >= 0 && text.charCodeAt(to + 1) === QUOTE) {
          hasPairs = true
          to = text.indexOf('"', to + 2)
        }
        if (to < 0) {
          if (!isLast) return -1
          const problem = 'a quoted field begins on this line, and the file ends before its closing quote'
          throw new UserError({ where: placeOf(this.path, this.line), problem })
        }
        // What follows a quote tells whether it closes the field; a piece of a file may end before.
        if (to + 1 >= text.length) return -1
        const raw = text.slice(at + 1, to)
        for (let mark = raw.indexOf('\n'); mark >= 0; mark = raw.indexOf('\n', mark + 1)) lines += 1
        fields.push(hasPairs ? raw.replaceAll('""', '"') : raw)
        at = to + 1
      } else {
        let to = at
        let code = text.charCodeAt(to)
        while (code !== delimiter && code !== LF && to < text.length) code = text.charCodeAt((to += 1))
        if (to >= text.length) return -1
        fields.push(text.slice(at, code === LF && text.charCodeAt(to - 1) === CR && to > at ? to - 1 : to))
        at = to
      }
      if (text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF) at += 1
      if (at >= text.length || (text.charCodeAt(at) === CR && at + 1 >= text.length)) return -1
      const code = text.charCodeAt(at)
      at += 1
      if (code === LF) break
      if (code !== delimiter) {
        const problem = 'a delimiter or the end of the line was expected after the closing quote'
        throw new UserError({ where: placeOf(this.path, this.line + lines, fields.length), problem })
      }
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
      if (slot !== undefined && slot >= 0) plan.values[slot] = field
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
  /** The slot of `values` that each field goes to; -1 for a field that nobody wants. */
  readonly slotOf: Int32Array
  readonly values: string[]
  onRow(line: number): void
}

function isBlank(text: string, at: number, end: number): boolean {
  return end === at || (end === at + 1 && text.charCodeAt(at) === CR)
}
