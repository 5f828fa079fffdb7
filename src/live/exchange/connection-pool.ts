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

/**
 * How long a connection must have been idle before it is used again, in ms, since a server that ends it after an answer does
 * so at once; and how long at most.
 */
const SETTLE_MS = 2
const MOST_IDLE_MS = 4000
/** How late an event may be seen on a busy machine, in ms. */
const LATE_MS = 50
/** A new connection without an answer for so long may wait for the end of the other ones, in ms. */
const ONE_AT_A_TIME_MS = 100
/** How often a request that was not read is sent again, and the pause before one that was not accepted, in ms. */
const TRIES = 5
const PAUSE_MS = 50

/**
 * The connections to one instance. Servers close idle ones at any time, and whether they had read a request that arrives
 * just then is not always known. So a connection is used again only within half of the time for which this server was seen
 * (or says) to keep one idle, and a little sooner. A server that ends them within some 100 ms gets a new connection per call.
 */
export class ConnectionPool implements ConnectionOwner {
  private readonly target: ServerAddress
  private readonly bounds: ExchangeBounds
  private readonly all = new Set<Connection>()
  /** Those that became idle just now, in that order. */
  private readonly settling: Connection[] = []
  /** The one that was used last is used next, so that the others may be given up. */
  private readonly idle: Connection[] = []
  /** An idle connection that is only watched, to see how long the server keeps it. */
  private watched: Connection | undefined
  /** The longest time for which the server was seen, or says, to keep an idle connection. */
  private leftMs = 0
  /** The shortest time after which the server closed an idle connection. */
  private closedAfterMs = Number.POSITIVE_INFINITY
  /** Whether the server seems to read no connection before another one ends. */
  private isOneAtATime = false
  private isClosed = false

  constructor(target: ServerAddress, bounds: ExchangeBounds) {
    this.target = target
    this.bounds = bounds
  }

  /** Rejects with a Fault: `broken` where the connection ended before the answer did, `garbage` where that is none. */
  async send(call: HttpCall, run: Run): Promise<Reply> {
    for (let tried = 1; ; tried += 1) {
      try {
        const used = call.upgrade === undefined ? this.take() : undefined
        if (used !== undefined) return await used.send(call, this.bounds, run)
        return await this.made(call.upgrade !== undefined).send(call, this.bounds, run)
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
    if (idleS !== undefined) this.leftMs = Math.max(this.leftMs, idleS * 1000)
    this.settling.push(connection)
  }

  gone(connection: Connection): void {
    this.all.delete(connection)
    const wasIdle =
      this.watched === connection || dropFrom(this.idle, connection) || dropFrom(this.settling, connection)
    if (this.watched === connection) this.watched = undefined
    if (wasIdle && !this.isClosed) {
      this.closedAfterMs = Math.min(this.closedAfterMs, performance.now() - connection.idleSince)
    }
  }

  private get trustedMs(): number {
    return Math.min(MOST_IDLE_MS, Math.min(this.leftMs, this.closedAfterMs) / 2 - LATE_MS)
  }

  /** An idle connection that may be used; undefined where there is none. */
  private take(): Connection | undefined {
    const now = performance.now()
    const { settling, idle } = this
    if (this.watched !== undefined) this.learn(this.watched, now)
    while (settling.length > 0 && now - settling[0]!.idleSince >= SETTLE_MS) idle.push(settling.shift()!)
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      if (now - next.idleSince <= this.trustedMs) return next
      this.learn(next, now)
      this.retire(next)
    }
    return undefined
  }

  private made(mayUpgrade: boolean): Connection {
    const made = new Connection(this.target, this, mayUpgrade)
    this.all.add(made)
    if (this.watched !== undefined || this.settling.length > 0) {
      setTimeout(() => inTwoTurns(() => this.doubt(made)), ONE_AT_A_TIME_MS).unref()
    }
    return made
  }

  /** It is still open at that time, unless its end has come and was not read yet: in two turns it would have been. */
  private learn(connection: Connection, at: number): void {
    const idleMs = at - connection.idleSince
    if (idleMs <= this.leftMs) return
    inTwoTurns(() => {
      if (connection.isOpen) this.leftMs = Math.max(this.leftMs, idleMs)
    })
  }

  /** Keeps one of those that are idle for too long, to see how long the server keeps it. */
  private retire(connection: Connection): void {
    const isToBeWatched = this.watched === undefined && !this.isOneAtATime && this.trustedMs < MOST_IDLE_MS
    if (isToBeWatched) this.watched = connection
    else this.giveUp(connection)
  }

  /** A connection that is not answered may wait for those that carry nothing. */
  private doubt(made: Connection): void {
    if (!made.isWaiting) return
    this.isOneAtATime = true
    const { watched, settling, idle } = this
    for (const each of [...settling.splice(0), ...idle.splice(0), ...(watched === undefined ? [] : [watched])]) {
      this.leftMs = Math.max(this.leftMs, performance.now() - each.idleSince)
      this.giveUp(each)
    }
  }

  /** Ends it on our side: this says nothing about the server. */
  private giveUp(connection: Connection): void {
    if (this.watched === connection) this.watched = undefined
    connection.destroy()
  }
}

/** Calls back when everything that arrived until now was read. */
function inTwoTurns(callback: () => void): void {
  setImmediate(() => setImmediate(callback))
}

/** Whether the entry was in the list. */
function dropFrom(connections: Connection[], connection: Connection): boolean {
  const at = connections.lastIndexOf(connection)
  if (at >= 0) connections.splice(at, 1)
  return at >= 0
}

/** Why a request could not be sent, however often that was tried. */
function unreached({ code, message }: NeverRead): Fault {
  // Nothing is wrong with the instance, and nothing was sent to it.
  if (isTooManyFiles(code)) return new Fault('tooMany', `too many files are open (${code}) to connect to the instance`)
  return new Fault('broken', `the instance cannot be reached: ${message}`)
}
