import type { TextScanner } from './text-blocks.ts'

/** Reads a file line by line; blank lines are passed over. */
export class LineScanner implements TextScanner {
  line = 1
  rows = 0
  private readonly onLine: (text: string, line: number) => void

  constructor(onLine: (text: string, line: number) => void) {
    this.onLine = onLine
  }

  scan(text: string): number {
    let at = 0
    for (;;) {
      const end = text.indexOf('\n', at)
      if (end < 0) return at
      const to = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end
      if (to > at) {
        this.rows += 1
        this.onLine(text.slice(at, to), this.line)
      }
      this.line += 1
      at = end + 1
    }
  }
}
