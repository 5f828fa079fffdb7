import type { Sandbox } from './backend.ts'
import type { Reply } from './contract.ts'
import { Fault } from '../fault.ts'
import { accepts, type HttpCall, httpClient } from '../gateway/http-call.ts'

/** A client of a program that serves HTTP on the port that its environment names. */
export interface PortClient {
  readonly env: Readonly<Record<string, string>>
  /** Resolves when the port accepts connections. Rejects with a Fault, or when the signal aborts. */
  ready(sandbox: Sandbox, signal: AbortSignal): Promise<void>
  /** Only after {@link ready}. Rejects with a Fault, or when the signal aborts. */
  send(call: HttpCall, signal: AbortSignal): Promise<Reply>
  close(): Promise<void>
}

/** `port` is the one that the program sees. */
export function portClient(port: number): PortClient {
  const client = httpClient()
  let target = { host: '', port: 0 }
  return {
    env: { PORT: String(port) },
    async ready({ address }, signal) {
      if (address === undefined) throw new Fault('backend', 'the instance has no address')
      target = address
      await accepts(target, signal)
    },
    send: (call, signal) => client.send(target, call, signal),
    close: async () => client.close(),
  }
}
