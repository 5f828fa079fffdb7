import { REASONS, type Reason } from '../../engine/ledger.ts'

/** An invocation (or several that came as one) that waits for room. */
export interface LineEntry {
  readonly app: number
  readonly fn: number
  /** Invocations that it stands for. */
  readonly count: number
  readonly durationMs: number
  /** When it came. */
  readonly since: number
  /** Why it needs a load. */
  readonly reason: Reason
}

/** The columns of so many entries, empty. */
function columnsOf(rows: number) {
  return {
    app: new Uint32Array(rows),
    fn: new Uint32Array(rows),
    count: new Uint32Array(rows),
    durationMs: new Float64Array(rows),
    since: new Float64Array(rows),
    reason: new Uint8Array(rows),
  }
}

/**
 * Who waits for room, in the order in which they came; nobody overtakes. Columns, because an overloaded cluster may keep
 * millions waiting.
 */
export class WaitingLine {
  private columns = columnsOf(256)
  /** The entries: rows from `head` up to, not including, `tail`. */
  private head = 0
  private tail = 0
  /** Entries of each app. */
  private readonly ofApp: Uint32Array

  constructor(apps: number) {
    this.ofApp = new Uint32Array(apps)
  }

  get size(): number {
    return this.tail - this.head
  }

  /** Whether an invocation of the app waits. */
  has(app: number): boolean {
    return this.ofApp[app] !== 0
  }

  /** When the one came that waits longest; Infinity when nobody waits. */
  get since(): number {
    return this.head === this.tail ? Number.POSITIVE_INFINITY : this.columns.since[this.head]!
  }

  /** The one that waits longest. Only while somebody waits. */
  get first(): LineEntry {
    const { columns, head } = this
    return {
      app: columns.app[head]!,
      fn: columns.fn[head]!,
      count: columns.count[head]!,
      durationMs: columns.durationMs[head]!,
      since: columns.since[head]!,
      reason: REASONS[columns.reason[head]!]!,
    }
  }

  add({ app, fn, count, durationMs, since, reason }: LineEntry): void {
    if (this.tail === this.columns.app.length) this.makeRoom()
    const { columns, tail } = this
    columns.app[tail] = app
    columns.fn[tail] = fn
    columns.count[tail] = count
    columns.durationMs[tail] = durationMs
    columns.since[tail] = since
    columns.reason[tail] = REASONS.indexOf(reason)
    this.tail = tail + 1
    this.ofApp[app]! += 1
  }

  /** Takes the first one out. Only while somebody waits. */
  shift(): void {
    this.ofApp[this.columns.app[this.head]!]! -= 1
    this.head += 1
  }

  /** Moves the entries to the beginning, of longer columns where these are more than half full. */
  private makeRoom(): void {
    const { columns: old, head, tail } = this
    const rows = old.app.length
    this.columns = columnsOf(2 * (tail - head) > rows ? 2 * rows : rows)
    for (const [name, column] of Object.entries(this.columns))
      column.set(old[name as keyof typeof old].subarray(head, tail))
    this.head = 0
    this.tail = tail - head
  }
}
