import { COLD, REFUSED } from '../../engine/outcomes.ts'
import { backdate, type Ledger, type Reason } from '../../engine/ledger.ts'
import type { ClusterModel } from '../model.ts'
import { type LineEntry, WaitingLine } from './waiting-line.ts'

/** Who serves and drops invocations: the engine, or what stands for it. */
export interface Server {
  /** How the latest invocation was served; REFUSED where it was not. */
  readonly outcome: number
  /** Tries to serve an invocation that was refused for `reason`; gives the instance that serves it. */
  serve(app: number, now: number, reason: Reason, isCounted: boolean): number
  /** Drops one that stands for `count`, and would have taken `durationMs`. */
  drop(app: number, now: number, count: number, durationMs: number): void
}

/** Begins the execution of an invocation that an instance serves after all. */
type Begin = (entry: LineEntry, instance: number, now: number) => void

/**
 * What becomes of invocations that find no room: they wait in line, are dropped once they waited too long, or are dropped
 * at once. The line is served strictly in the order of arrival, so that a large app is not kept waiting for ever by
 * small ones.
 */
export class Overflow {
  private readonly server: Server
  private readonly ledger: Ledger
  private readonly drops: boolean
  private readonly limitMs: number
  private readonly line: WaitingLine
  private isServing = false

  constructor({ overflow, queueLimit }: Pick<ClusterModel, 'overflow' | 'queueLimit'>, server: Server, ledger: Ledger) {
    this.server = server
    this.ledger = ledger
    this.drops = overflow === 'drop'
    this.limitMs = queueLimit === 'none' ? Number.POSITIVE_INFINITY : queueLimit
    this.line = new WaitingLine(ledger.apps)
  }

  /** Whether a load may ask for room: not while others wait for theirs. */
  get mayLoad(): boolean {
    return this.isServing || this.line.size === 0
  }

  /** Whether nobody waits. */
  get isEmpty(): boolean {
    return this.line.size === 0
  }

  /** When the one that waits longest is dropped; Infinity when nobody is. */
  get limitAt(): number {
    return this.limitMs === Number.POSITIVE_INFINITY ? this.limitMs : this.line.since + this.limitMs
  }

  /** Whether an arrival of the app must wait because others of its app do. */
  mustWait(app: number): boolean {
    return this.line.has(app)
  }

  /** Takes an arrival that the engine refused. */
  take(entry: LineEntry): void {
    if (this.drops) this.drop(entry, entry.since)
    else this.line.add(entry)
  }

  /** Serves those at the head of the line for whom there is room by now. */
  serve(now: number, begin: Begin): void {
    const { server, line } = this
    this.isServing = true
    while (line.size > 0) {
      const entry = line.first
      const instance = server.serve(entry.app, now, entry.reason, this.isCounted(entry))
      if (server.outcome === REFUSED) break
      // It counts to the day on which it came.
      if (server.outcome === COLD && this.isCounted(entry)) this.backdate('coldStarts', entry, 1, now)
      this.leave(entry, now)
      begin(entry, instance, now)
    }
    this.isServing = false
  }

  /** Drops the one that waits longest; gives its app. */
  dropFirst(now: number): number {
    const entry = this.line.first
    this.leave(entry, now)
    this.drop(entry, now)
    return entry.app
  }

  /** The end of the accounts drops everyone who still waits. */
  close(now: number): void {
    while (this.line.size > 0) this.dropFirst(now)
  }

  private leave(entry: LineEntry, now: number): void {
    this.line.shift()
    if (!this.isCounted(entry)) return
    this.ledger.waits[entry.app]! += 1
    this.ledger.waitingMs[entry.app]! += now - entry.since
  }

  private drop(entry: LineEntry, now: number): void {
    const { app, durationMs, count } = entry
    const isCounted = this.isCounted(entry)
    if (isCounted) {
      this.ledger.latencies.drop(app, durationMs, count)
      this.backdate('drops', entry, count, now)
    }
    this.server.drop(app, now, isCounted ? count : 0, durationMs)
  }

  private backdate(account: 'coldStarts' | 'drops', { app, since }: LineEntry, count: number, now: number): void {
    backdate(this.ledger, account, app, count, { since, now })
  }

  /** Whether it came after accounts began. */
  private isCounted({ since }: LineEntry): boolean {
    return since >= this.ledger.accountFromMs
  }
}
