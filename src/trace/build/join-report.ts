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
