import type { Duplex, Readable } from 'node:stream'
import type { Described } from '../../core/registry.ts'
import type { Fault } from '../fault.ts'
import type { LiveApp } from '../live-app.ts'
import type { TraceContext } from '../trace-context.ts'
import type { Ground, Needs, Sandbox } from './backend.ts'
import type { Run } from './execution.ts'

/** Header lines as they were sent: a name, its value, the next name and so on. Nothing is joined, and no case is changed. */
export type HeaderLines = readonly string[]

/** One invocation as a caller sent it. */
export interface Call {
  /** Unique among all calls. */
  readonly id: string
  readonly fn: string
  readonly method: string
  /** Path and query after the function's name, from `/` on. */
  readonly path: string
  /** Headers of the message, without those of its connection. */
  readonly headers: HeaderLines
  /** The whole body, or a long one as it comes; `length` is its length where the caller told it. */
  readonly body: Buffer | LongBody
  /** The URL that the caller asked for, as far as it is known. */
  readonly url?: string
  /** Where it stands in a trace; absent where no traces are taken. */
  readonly trace?: TraceContext
  /** The protocol that the caller wants to change to, as `websocket`. */
  readonly upgrade?: string
}

/** A body that is not held whole. */
export interface LongBody {
  readonly stream: Readable
  readonly length?: number
}

/** What an execution answered. */
export interface Reply {
  readonly status: number
  /** The words after the status; empty where there were none. */
  readonly reason?: string
  readonly headers: HeaderLines
  /** The whole body, or one that is still on its way. */
  readonly body: Buffer | LongReply | Tunnel
}

/** The body of an answer as it comes. */
export interface LongReply {
  readonly stream: Readable
  /** Resolves when the last byte came from the instance, or with what went wrong before it did. Never rejects. */
  readonly done: Promise<Fault | undefined>
}

/** Both ways of a connection whose protocol changed, as a WebSocket's. */
interface Tunnel {
  readonly socket: Duplex
  /** Resolves when it ended, however it did. Never rejects. */
  readonly done: Promise<Fault | undefined>
}

/** How the adapter talks to one instance, from before its start to its end. */
export interface Session {
  /** The variables of its program's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves when the instance can take calls. Rejects with a Fault, or when the signal aborts. */
  ready(sandbox: Sandbox, signal: AbortSignal): Promise<void>
  /** Has a call executed, by `deadlineMs` since 1970. Rejects with a Fault, or with why the run was given up. */
  invoke(call: Call, deadlineMs: number, run: Run): Promise<Reply>
  close(): Promise<void>
}

/** A way in which platforms run functions in containers. */
export interface Contract extends Described {
  /** Where it is described. */
  readonly source: string
  readonly needs: Needs
  /** Whether bodies pass as they come; else they are read whole before the call. */
  readonly streams: boolean
  /** Throws a Fault of the kind `badRequest` for a call that it cannot carry, before an instance is started for it. */
  accept?(call: Call): void
  open(app: LiveApp, ground: Ground): Promise<Session>
}
