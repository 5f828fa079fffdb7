import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'
import type { Run } from '../instance/execution.ts'
import { isTooManyFiles } from '../open-files.ts'
import {
  type ExchangeBounds,
  Connection,
  type ConnectionOwner,
  type HttpCall,
  NeverRead,
  type ServerAddress,
} from './connection.ts'

/** How long a connection may have been idle when it is used again, in ms: at first, and at most. */
const FIRST_IDLE_MS = 5
const MOST_IDLE_MS = 4000
/** How often a request that nobody read is sent again, and the pause before one that nobody accepted, in ms. */
const TRIES = 5
const PAUSE_MS = 50

/**
 * The connections to one instance. Servers close idle ones whenever they like, and a request that meets such a close could
 * be lost. So a connection is used again only within half of the time for which this server was seen to leave one idle,
 * or says that it does.
 */
export class ConnectionPool implements ConnectionOwner {
  private readonly target: ServerAddress
  private readonly bounds: ExchangeBounds
  private readonly all = new Set<Connection>()
  /** The one that was used last is used next, so that the others may be given up. */
  private readonly idle: Connection[] = []
  /** An idle connection that is only looked at: for how long the server leaves it. */
  private watched: Connection | undefined
  private trustedMs = FIRST_IDLE_MS
  /** The shortest time after which the server closed an idle connection. */
  private closedAfterMs = Number.POSITIVE_INFINITY
  private isClosed = false

  constructor(target: ServerAddress, bounds: ExchangeBounds) {
    this.target = target
    this.bounds = bounds
  }

  /** Rejects with a Fault: `broken` where the connection ended before the answer did, `garbage` where that is none. */
  async send(call: HttpCall, run: Run): Promise<Reply> {
    for (let tried = 1; ; tried += 1) {
      try {
        const connection = call.upgrade === undefined ? this.take() : this.made(true)
        return await connection.send(call, this.bounds, run)
      } catch (error) {
        if (!(error instanceof NeverRead)) throw error
        const isSpent = !Buffer.isBuffer(call.body)
        if (tried === TRIES || isSpent || this.isClosed) throw unreached(error)
        if (tried > 1) await sleep(PAUSE_MS)
        if (run.reason !== undefined) throw run.reason
      }
    }
  }

  close(): void {
    this.isClosed = true
    for (const connection of this.all) connection.destroy()
  }

  free(connection: Connection, idleS: number | undefined): void {
    if (idleS !== undefined) this.trustedMs = Math.max(this.trustedMs, (idleS * 1000) / 2)
    this.bound()
    this.idle.push(connection)
  }

  gone(connection: Connection): void {
    this.all.delete(connection)
    const at = this.idle.lastIndexOf(connection)
    const wasIdle = at >= 0 || this.watched === connection
    if (at >= 0) this.idle.splice(at, 1)
    if (this.watched === connection) this.watched = undefined
    if (!wasIdle || this.isClosed) return
    this.closedAfterMs = Math.min(this.closedAfterMs, performance.now() - connection.idleSince)
    this.bound()
  }

  private take(): Connection {
    const now = performance.now()
    if (this.watched !== undefined) this.learn(now - this.watched.idleSince)
    for (let next = this.idle.pop(); next !== undefined; next = this.idle.pop()) {
      if (!next.isOpen) continue
      const age = now - next.idleSince
      // It is still open after so long: others may be used up to half of that.
      this.learn(age)
      if (age <= this.trustedMs) return next
      this.retire(next)
    }
    return this.made(false)
  }

  private made(mayUpgrade: boolean): Connection {
    const made = new Connection(this.target, this, mayUpgrade)
    this.all.add(made)
    return made
  }

  private learn(idleMs: number): void {
    this.trustedMs = Math.max(this.trustedMs, idleMs / 2)
    this.bound()
  }

  private bound(): void {
    this.trustedMs = Math.min(this.trustedMs, MOST_IDLE_MS, this.closedAfterMs / 2)
  }

  /** Keeps one of those that are idle for too long, to see for how long the server leaves it. */
  private retire(connection: Connection): void {
    if (this.watched === undefined && this.trustedMs < MOST_IDLE_MS) this.watched = connection
    else connection.destroy()
  }
}

/** Why a request could not be sent, however often that was tried. */
function unreached({ code, message }: NeverRead): Fault {
  // Nothing is wrong with the instance, and nothing was sent to it.
  if (isTooManyFiles(code)) return new Fault('tooMany', `too many files are open (${code}) to connect to the instance`)
  return new Fault('broken', `nobody answers: ${message}`)
}
