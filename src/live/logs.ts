/** Lines of each app that are kept, and characters of one, at most. */
const KEPT_LINES = 1000
const LONGEST_LINE = 8192

/** A line that an instance printed. */
export interface PrintedLine {
  /** When it was read, in ms since 1970. */
  readonly at: number
  readonly app: string
  readonly instance: string
  readonly text: string
}

/** The last lines that the instances of each app printed, those of ended ones among them. */
export class FunctionLogs {
  private readonly lines = new Map<string, PrintedLine[]>()
  private readonly readers = new Map<string, Set<(line: PrintedLine) => void>>()

  add(app: string, instance: string, text: string): void {
    const line = { at: Date.now(), app, instance, text: text.replace(/\r$/, '').slice(0, LONGEST_LINE) }
    const kept = this.lines.get(app) ?? []
    this.lines.set(app, kept)
    kept.push(line)
    // Only now and then, so that not every line moves all others.
    if (kept.length > 2 * KEPT_LINES) kept.splice(0, kept.length - KEPT_LINES)
    for (const reader of this.readers.get(app) ?? []) reader(line)
  }

  /** The last lines of an app, the oldest first. */
  last(app: string, count: number): readonly PrintedLine[] {
    return count <= 0 ? [] : (this.lines.get(app) ?? []).slice(-Math.min(count, KEPT_LINES))
  }

  /** Gives every new line to a reader; returns what ends that. */
  follow(app: string, reader: (line: PrintedLine) => void): () => void {
    const readers = this.readers.get(app) ?? new Set()
    this.readers.set(app, readers)
    readers.add(reader)
    return () => void readers.delete(reader)
  }

  forget(app: string): void {
    this.lines.delete(app)
  }
}
