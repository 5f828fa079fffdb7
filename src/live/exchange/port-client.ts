import { Fault } from '../fault.ts'
import type { Sandbox } from '../instance/backend.ts'
import type { Reply } from '../instance/contract.ts'
import type { Run } from '../instance/execution.ts'
import type { LiveApp } from '../live-app.ts'
import { accepts } from './accepts.ts'
import type { HttpCall, ServerAddress } from './connection.ts'
import { ConnectionPool } from './connection-pool.ts'

/** A client of a program that serves HTTP on the port that its environment names. */
export interface PortClient {
  readonly env: Readonly<Record<string, string>>
  /** Where it listens; only after {@link ready}. */
  readonly target: ServerAddress
  /** Resolves when the port accepts connections. Rejects with a Fault, or when the signal aborts. */
  ready(sandbox: Sandbox, signal: AbortSignal): Promise<void>
  /** Only after {@link ready}. Rejects with a Fault, or with why the run was given up. */
  send(call: HttpCall, run: Run): Promise<Reply>
  close(): Promise<void>
}

/** `port` is the one that the program sees. */
export function portClient({ mostAnswerBytes }: Pick<LiveApp, 'mostAnswerBytes'>, port: number): PortClient {
  let pool: ConnectionPool | undefined
  let target = { host: '', port: 0 }
  return {
    env: { PORT: String(port) },
    get target() {
      return target
    },
    async ready({ address }, signal) {
      if (address === undefined) throw new Fault('backend', 'the instance has no address')
      target = address
      await accepts(target, signal)
      pool = new ConnectionPool(target, { mostBytes: mostAnswerBytes })
    },
    send: (call, run) => pool!.send(call, run),
    close: async () => pool?.close(),
  }
}
