/** One kind of defect found in a source, what was done about it, and how often. */
export interface Defect {
  /** A stable id, as in `memory-missing`. */
  readonly id: string
  /** What was found, as in `apps without memory`. */
  readonly found: string
  /** The rule that was followed, one sentence. */
  readonly rule: string
  readonly count: number
  /** Whether every result may be wrong because of it: readers are warned. */
  readonly warns?: boolean
  /** Whether the data sets that people use have it as a matter of course, so that nobody is told of it unasked. */
  readonly isOrdinary?: boolean
  /** Up to three examples, as `file:line` or names. */
  readonly examples: readonly string[]
}

/** A file that was read. */
export interface SourceFile {
  readonly path: string
  /** What the file holds, as in `invocations`, `durations`, `memory`, `events`. */
  readonly table: string
  /** Which day of the data set it is; undefined where the format has no days. */
  readonly day?: number
  readonly rows: number
  /** Bytes after unpacking. */
  readonly bytes: number
}

/** How a source's tables joined. Every defect a format knows has a line, a count of 0 included. */
export interface JoinReport {
  readonly files: readonly SourceFile[]
  readonly defects: readonly Defect[]
}

const BEGIN = 'the trace has defects: '

/** What is not ordinary in a trace, as one sentence; undefined where nothing is. */
export function defectsNote({ defects }: JoinReport): string | undefined {
  const found = defects.filter(({ count, isOrdinary }) => count > 0 && isOrdinary !== true)
  if (found.length === 0) return undefined
  const counted = found.map((defect) => `${defect.id} ${defect.count}`).join(', ')
  return `${BEGIN}${counted}; pilotlight trace shows each with its rule`
}

/** Whether a sentence is one of {@link defectsNote}. */
export function isDefectsNote(note: string): boolean {
  return note.startsWith(BEGIN)
}
