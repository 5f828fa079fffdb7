import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../instance/contract.ts'
import { Fault } from '../fault.ts'
import { MOST_BODY_BYTES, MOST_HEADER_BYTES, RETRY_MS } from '../limits.ts'

/** Where a server listens: a port, or a unix socket. */
export type Target = { readonly host: string; readonly port: number } | { readonly socketPath: string }

/** One request. */
export interface HttpCall {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

/** A client of one instance, which keeps its connections. */
export interface HttpClient {
  /** Rejects with a Fault: `exited` where nobody answers, `garbage` where the answer is none or too large. */
  send(target: Target, call: HttpCall, signal: AbortSignal): Promise<Reply>
  close(): void
}

/** Headers that belong to a connection and not to what it carries (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The headers that go on with a message that is passed on: not its connection's, its length or its host. */
export function endToEnd(headers: IncomingHttpHeaders): Record<string, string | readonly string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  const kept: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.includes(name)) continue
    if (name === 'content-length' || name === 'host' || name === 'expect') continue
    kept[name] = value
  }
  return kept
}

/** Idle connections are given up before servers do: Node's, for one, after 5 s. */
const IDLE_MS = 4000

/** Makes the client of one instance. */
export function httpClient(): HttpClient {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS })
  return {
    send: (target, call, signal) => exchange(agent, target, call, signal),
    close: () => agent.destroy(),
  }
}

function exchange(
  agent: Agent,
  target: Target,
  { method, path, headers, body }: HttpCall,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body.length > 0 || (method !== 'GET' && method !== 'HEAD') ? { 'content-length': body.length } : {}
    const options = { ...target, agent, method, path, signal, maxHeaderSize: MOST_HEADER_BYTES }
    let call: ClientRequest
    try {
      call = request({ ...options, headers: { ...(headers as Record<string, string | string[]>), ...length } })
    } catch (error) {
      // A method, path or header that HTTP cannot carry.
      reject(new Fault('badRequest', (error as Error).message))
      return
    }
    call.on('error', (error: NodeJS.ErrnoException) => reject(signal.aborted ? signal.reason : explained(error)))
    call.on('response', (response) => {
      collect(response).then(resolve, (error: NodeJS.ErrnoException) => {
        call.destroy()
        reject(signal.aborted ? signal.reason : explained(error))
      })
    })
    // Without a listener the connection would be cut, and nobody told.
    call.on('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Fault('garbage', 'the answer changes to a protocol that nobody asked for'))
    })
    call.end(body)
  })
}

async function collect(response: IncomingMessage): Promise<Reply> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_BODY_BYTES) throw new Fault('garbage', `the answer has more than ${MOST_BODY_BYTES} bytes`)
    parts.push(part)
  }
  const { statusCode: status = 0 } = response
  if (status < 200 || status > 599) throw new Fault('garbage', `the status ${status} is none of HTTP`)
  return { status, headers: endToEnd(response.headers), body: Buffer.concat(parts) }
}

function explained(error: NodeJS.ErrnoException): Fault {
  if (error instanceof Fault) return error
  const { code = '', message } = error
  const isGarbage = code.startsWith('HPE_') || code === 'ERR_HTTP_INVALID_STATUS_CODE'
  return new Fault(isGarbage ? 'garbage' : 'exited', isGarbage ? `the answer is not HTTP: ${message}` : message)
}

/** Resolves when something accepts connections there; tried again and again until the signal aborts. */
export async function accepts(target: Target, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    if (await connects(target)) return
    await sleep(RETRY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

function connects(target: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = 'port' in target ? connect(target.port, target.host) : connect(target.socketPath)
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}
