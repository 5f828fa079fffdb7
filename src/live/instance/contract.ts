import type { Described } from '../../core/registry.ts'
import type { Ground, Needs, Sandbox } from './backend.ts'
import type { LiveApp } from '../live-app.ts'

/** One invocation as a caller sent it. */
export interface Call {
  /** Unique among all calls. */
  readonly id: string
  readonly fn: string
  readonly method: string
  /** Path and query after the function's name, from `/` on. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

/** What an execution answered. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

/** How the adapter and one instance talk, from before its start to its end. */
export interface Session {
  /** What its program finds in its environment. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves when the instance can take calls. Rejects with a Fault, or when the signal aborts. */
  ready(sandbox: Sandbox, signal: AbortSignal): Promise<void>
  /** Has a call executed, by `deadlineMs` since 1970. Rejects with a Fault, or when the signal aborts. */
  invoke(call: Call, deadlineMs: number, signal: AbortSignal): Promise<Reply>
  close(): Promise<void>
}

/** A way in which platforms run functions in containers. */
export interface Contract extends Described {
  /** Where it is described. */
  readonly source: string
  readonly needs: Needs
  open(app: LiveApp, ground: Ground): Promise<Session>
}
