import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { Fault, faultNamed } from '../fault.ts'
import type { Call, Reply } from '../instance/contract.ts'

/** Results kept at most, their bytes together, and for how long from the end of the call (ms). */
const MOST_RESULTS = 10_000
const MOST_BYTES = 256 * 1024 * 1024
const KEPT_MS = 10 * 60_000
/** Accepted calls that are not over yet, at most, and the bytes of their bodies. */
const MOST_WAITING = 100_000
const MOST_WAITING_BYTES = 2 * 1024 * 1024 * 1024
const VERSION = 1

/** A call that was accepted, and whose caller did not wait. Its body is held whole. */
export interface AcceptedCall {
  readonly app: string
  readonly call: Omit<Call, 'body'> & { readonly body: Buffer }
  /** How often it was begun. */
  readonly attempts: number
  /** Whether it was under way when an adapter ended. */
  readonly wasRunning: boolean
}

/** An answer with its body whole, or what went wrong. */
export type CallOutcome = (Reply & { readonly body: Buffer }) | Fault

/** How an asynchronous call stands. */
export type CallStanding =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'done'; readonly outcome: CallOutcome }

interface CallRow {
  readonly id: string
  readonly app: string
  readonly head: string
  readonly body: Buffer
  readonly attempts: number
  readonly state: string
  readonly status: number
  readonly headers: string
  readonly answer: Buffer
  readonly kind: string | null
  readonly message: string
}

/** Keeps asynchronous calls and their results in a file, over the end of an adapter. */
export class CallStore {
  private readonly db: Database.Database
  private readonly now: () => number
  private waiting: { count: number; bytes: number }

  /** `now` is a clock in ms since 1970. Throws a UserError for a file that cannot be used. */
  constructor(file: string, now: () => number) {
    this.now = now
    try {
      mkdirSync(dirname(file), { recursive: true })
      // What callers send may be secret, so only the owner may read it. SQLite's other files have the mode of this one.
      closeSync(openSync(file, 'a', 0o600))
      this.db = new Database(file)
      this.db.pragma('journal_mode = WAL')
      this.db.pragma('synchronous = NORMAL')
      this.migrate()
    } catch (error) {
      const hint = 'Move the file away, and the adapter makes a new one.'
      throw new UserError({ where: file, problem: `cannot be used (${(error as Error).message})`, hint })
    }
    this.waiting = this.db
      .prepare(`select count(*) as count, coalesce(sum(length(body)), 0) as bytes from calls where state <> 'done'`)
      .get() as { count: number; bytes: number }
  }

  /** Writes a call before its caller gets an answer. Throws a Fault where there are too many. */
  accept({ app, call }: Pick<AcceptedCall, 'app' | 'call'>): void {
    const { body, ...head } = call
    if (this.waiting.count >= MOST_WAITING || this.waiting.bytes + body.length > MOST_WAITING_BYTES) {
      throw new Fault(
        'tooMany',
        `${counted(this.waiting.count, 'asynchronous call is', 'asynchronous calls are')} not over yet`,
      )
    }
    this.db
      .prepare(`insert into calls (id, app, head, body, attempts, state) values (?, ?, ?, ?, 0, 'waiting')`)
      .run(call.id, app, JSON.stringify(head), body)
    this.waiting.count += 1
    this.waiting.bytes += body.length
  }

  /** It was, or may have been, sent to an instance. */
  begin(id: string): void {
    this.db.prepare(`update calls set state = 'running', attempts = attempts + 1 where id = ?`).run(id)
  }

  /** It was not executed after all, or is to be tried once more. */
  putBack(id: string, wasBegun: boolean): void {
    const undo = wasBegun ? 0 : 1
    this.db.prepare(`update calls set state = 'waiting', attempts = attempts - ? where id = ?`).run(undo, id)
  }

  /** It is over. */
  end(id: string, outcome: CallOutcome): void {
    const before = this.db.prepare('select length(body) as bytes from calls where id = ?').get(id) as { bytes: number }
    const isFault = outcome instanceof Fault
    this.db
      .prepare(
        `update calls set state = 'done', body = x'', at = ?, status = ?, headers = ?, answer = ?, kind = ?, message = ?
         where id = ?`,
      )
      .run(
        this.now(),
        outcome.status,
        isFault ? '[]' : JSON.stringify(outcome.headers),
        isFault ? Buffer.alloc(0) : outcome.body,
        isFault ? outcome.kind : null,
        isFault ? outcome.message : '',
        id,
      )
    this.waiting.count -= 1
    this.waiting.bytes -= before?.bytes ?? 0
  }

  get(id: string): CallStanding | undefined {
    this.trim()
    const row = this.db.prepare('select * from calls where id = ?').get(id) as CallRow | undefined
    if (row === undefined) return undefined
    if (row.state !== 'done') return { state: row.state as 'waiting' | 'running' }
    if (row.kind !== null) return { state: 'done', outcome: faultNamed(row.kind, row.message) }
    const headers = JSON.parse(row.headers) as string[]
    return { state: 'done', outcome: { status: row.status, headers, body: row.answer } }
  }

  /** What an adapter that ended had accepted and not brought to an end, in the order in which it was accepted. */
  unfinished(): readonly AcceptedCall[] {
    const rows = this.db.prepare(`select * from calls where state <> 'done' order by rowid`).all() as CallRow[]
    return rows.map(({ app, head, body, attempts, state }) => ({
      app,
      call: { ...(JSON.parse(head) as Omit<Call, 'body'>), body },
      attempts,
      wasRunning: state === 'running',
    }))
  }

  /** Deletes results that are too old or too many, the oldest first. */
  trim(): void {
    this.db.prepare(`delete from calls where state = 'done' and at <= ?`).run(this.now() - KEPT_MS)
    this.db
      .prepare(
        `delete from calls where state = 'done' and rowid in (select rowid from (select rowid,
           row_number() over (order by at desc, rowid desc) as place,
           sum(length(answer)) over (order by at desc, rowid desc) as bytes
         from calls where state = 'done') where place > ? or bytes > ?)`,
      )
      .run(MOST_RESULTS, MOST_BYTES)
  }

  close(): void {
    this.db.close()
  }

  private migrate(): void {
    const version = this.db.pragma('user_version', { simple: true }) as number
    if (version !== 0 && version !== VERSION) throw new Error(`it has version ${version}, and ${VERSION} was expected`)
    this.db.exec(`create table if not exists calls (
      id text primary key, app text not null, head text not null, body blob not null, attempts integer not null,
      state text not null, at integer, status integer, headers text, answer blob, kind text, message text)`)
    this.db.exec('create index if not exists ended on calls (state, at)')
    this.db.pragma(`user_version = ${VERSION}`)
  }
}
