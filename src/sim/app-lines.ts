import type { LineEntry } from './cluster/waiting-line.ts'

/** One line: the entries from `head` on. */
interface Line {
  entries: LineEntry[]
  head: number
}

/** Who waits for an instance of their app that has room: a line per app, in the order in which they came. */
export class AppLines {
  /** The lines in which somebody stands. */
  private readonly lines = new Map<number, Line>()

  add(entry: LineEntry): void {
    const line = this.lines.get(entry.app)
    if (line === undefined) this.lines.set(entry.app, { entries: [entry], head: 0 })
    else line.entries.push(entry)
  }

  /** Takes out whoever waits longest in the app's line. Only while somebody does. */
  shift(app: number): LineEntry {
    const line = this.lines.get(app)!
    const entry = line.entries[line.head]!
    line.head += 1
    if (line.head === line.entries.length) this.lines.delete(app)
    else if (line.head >= 1024 && 2 * line.head >= line.entries.length) {
      line.entries = line.entries.slice(line.head)
      line.head = 0
    }
    return entry
  }

  /** Takes everybody out of all lines. */
  drain(): LineEntry[] {
    const all = [...this.lines.values()].flatMap(({ entries, head }) => entries.slice(head))
    this.lines.clear()
    return all
  }
}
