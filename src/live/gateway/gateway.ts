import { randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/user-error.ts'
import type { Adapter } from '../adapter.ts'
import type { ApartPolicy } from '../apart/apart-policy.ts'
import { CONTRACTS } from '../contracts/index.ts'
import { headerIn, without } from '../exchange/headers.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Whom } from '../fleet/app-rows.ts'
import type { Call, Reply } from '../instance/contract.ts'
import { MOST_BODIES_BYTES, MOST_HEADER_BYTES, WHOLE_BODY_BYTES } from '../live-limits.ts'
import type { LiveApp } from '../live-app.ts'
import type { LiveConfig } from '../live-config.ts'
import type { FunctionLogs } from '../logs.ts'
import type { LiveMetrics } from '../metrics.ts'
import type { Reload } from '../reload.ts'
import { traceContextOf, traceparentOf } from '../trace-context.ts'
import { type Purpose, refusal } from './admission.ts'
import { adminPage } from './admin-page.ts'
import { adminState, type LastDecisions } from './admin-state.ts'
import { IDLE_MS, LATER_MS, sendError, sendFault, sendJson, sendReply } from './answer.ts'
import type { AsyncCalls } from './async-calls.ts'
import { Bodies, hasBody, tooLarge } from './bodies.ts'
import { callOf, type Scheme } from './call-of.ts'
import { Incoming } from './incoming.ts'
import { sendLogs } from './log-page.ts'
import { type Front, PlainConnection } from './plain-connection.ts'
import type { PlainRequest, RequestHead } from './plain-request.ts'
import { refuseUpgrade, tunnel } from './upgrades.ts'

/** What the gateway serves. */
export interface GatewayParts {
  readonly config: LiveConfig
  readonly adapter: Adapter
  readonly metrics: LiveMetrics
  /** Connections of clients at a time. */
  readonly mostConnections: number
  readonly logs: FunctionLogs
  /** Opened when the first asynchronous call comes. */
  readonly asyncCalls: () => AsyncCalls
  /** Whether calls can be served now. */
  readonly isReady: () => Promise<boolean>
  readonly lastDecisions: LastDecisions
  /** The policy, where it works in a thread of its own. */
  readonly apart: Pick<ApartPolicy, 'state' | 'why'> | undefined
  readonly reload: Reload
}

/** How long a client may take to send the head of a request, in ms. */
const HEAD_MS = 60_000

/** Why a request is refused where the adapter has no token. */
const NO_STRANGERS =
  'without a token only this machine is served: by the Host "localhost", an IP address or one of the "hosts" of an app, and for no page of another site'

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
}

/** A URL as it was sent: path and query, without any decoding. */
interface RequestTarget {
  /** The parts of its path. */
  readonly words: readonly string[]
  readonly path: string
  readonly query: string
}

/** The HTTP front of an adapter. */
export class Gateway implements Front {
  readonly server: Server | SecureServer
  private readonly parts: GatewayParts
  private readonly scheme: Scheme
  private readonly bodies = new Bodies(MOST_BODIES_BYTES)
  /** Answers that were not yet passed on whole. */
  private open = 0
  private readonly plain = new Set<PlainConnection>()
  /** What Node's server does with a connection. */
  private readonly nodes: (socket: Socket) => void
  isClosing = false

  constructor(parts: GatewayParts) {
    this.parts = parts
    const { listen } = parts.config
    const options = {
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveTimeoutBuffer: LATER_MS,
      headersTimeout: HEAD_MS,
      // Requests without a body need no stream of one.
      optimizeEmptyRequests: true,
      IncomingMessage: Incoming,
    }
    this.scheme = listen.tls === undefined ? 'http' : 'https'
    this.server = listen.tls === undefined ? createServer(options) : createSecureServer({ ...options, ...listen.tls })
    const event = listen.tls === undefined ? 'connection' : 'secureConnection'
    const [nodes] = this.server.listeners(event)
    this.nodes = nodes as (socket: Socket) => void
    this.server.removeAllListeners(event)
    this.server.on(event, (socket: Socket) => this.plain.add(new PlainConnection(socket, this)))
    // Bodies have time limits of their own, set by their readers.
    this.server.requestTimeout = 0
    this.server.maxConnections = parts.mostConnections
    this.server.on('request', (request: Incoming, response: ServerResponse) => this.serve(request, response))
    this.server.on('upgrade', (request: Incoming, socket: Duplex, head: Buffer) => {
      void this.upgrade(request, socket, head)
    })
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuseBroken(error, socket))
  }

  /** Secures new connections with another certificate. */
  secure(tls: NonNullable<LiveConfig['listen']['tls']>): void {
    if ('setSecureContext' in this.server) this.server.setSecureContext(tls)
  }

  /** Waits until every answer was passed on, at most so long. */
  async drain(graceMs: number): Promise<void> {
    this.isClosing = true
    const until = performance.now() + graceMs
    while (this.open > 0 && performance.now() < until) await sleep(10)
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    for (const connection of this.plain) connection.destroy()
    await closed
  }

  /** Has a plain call executed. Any other request, and any that is refused, is left to Node's server. */
  take(request: PlainRequest, connection: PlainConnection): boolean {
    const { adapter, config } = this.parts
    const { headers, body } = request
    const target = targetOf(request.url)
    const byHost = adapter.directory.findHost(headers.host)
    const [first, app = '', fn = ''] = target.words
    const whom = byHost ?? (first === 'call' ? adapter.directory.find(app, fn) : undefined)
    if (whom === undefined || this.isClosing) return false
    if (refusal(headers, config.listen.tokens.calls, this.scheme, byHost !== undefined) !== undefined) return false
    const { mostRequestBytes, contract } = adapter.apps[whom.app]!
    if (body.length > mostRequestBytes || !this.bodies.hasRoomFor(body.length)) return false
    const id = randomUUID()
    const path = byHost === undefined ? restOf(target) : target.path + target.query
    const head = { ...request, socket: connection.socket }
    const call = { ...this.callFor(head, id, whom, path), body }
    if (!canCarry(contract, call)) return false
    this.open += 1
    this.bodies.hold(body)
    const release = (): void => this.bodies.release(body)
    adapter
      .invoke(whom.app, whom.fn, call, (reply) => connection.answer(reply, id))
      .then(release, (error: unknown) => {
        release()
        connection.fail(faultOf(error, 'backend'), id)
      })
    return true
  }

  handOver(socket: Socket): void {
    this.nodes.call(this.server, socket)
  }

  answered(): void {
    this.open -= 1
  }

  gone(connection: PlainConnection): void {
    this.plain.delete(connection)
  }

  private serve(request: Incoming, response: ServerResponse): void {
    this.open += 1
    response.on('close', () => (this.open -= 1))
    request.on('error', () => undefined)
    if (this.isClosing) response.setHeader('connection', 'close')
    const { directory } = this.parts.adapter
    const target = targetOf(request.url ?? '/')
    const byHost = directory.findHost(request.headers.host)
    if (byHost !== undefined) {
      if (!this.isAdmitted(request, response, 'calls', true)) return
      return void this.call(request, response, byHost, target.path + target.query)
    }
    const [first, app = '', fn = ''] = target.words
    if (first === 'call') return this.callNamed(request, response, target, directory.find(app, fn))
    this.route(request, response, target).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendFault(response, faultOf(error, 'backend'), randomUUID())
    })
  }

  private callNamed(request: Incoming, response: ServerResponse, target: RequestTarget, whom: Whom | undefined): void {
    if (!this.isAdmitted(request, response, 'calls')) return
    if (whom === undefined) return sendError(response, 404, 'notFound', 'there is no such app or function')
    void this.call(request, response, whom, restOf(target))
  }

  /** Requests that are not calls. */
  private async route(request: Incoming, response: ServerResponse, target: RequestTarget): Promise<void> {
    const { metrics, adapter, config, logs } = this.parts
    const { method } = request
    const [first = '', second, third] = target.words
    const at = target.words.join('/')
    const isRead = method === 'GET' || method === 'HEAD'
    if (at === 'healthz' && isRead) return sendJson(response, 200, { ok: true })
    // The page itself holds no data: it asks for them with the reader's token.
    if (at === 'admin' && isRead) return void response.writeHead(200, PAGE_HEADERS).end(adminPage())
    if (first === 'async') return this.serveAsync(request, response, target)
    if (!this.isAdmitted(request, response, first === 'metrics' ? 'metrics' : 'admin')) return
    if (at === 'readyz' && isRead) {
      const ok = !this.isClosing && (await this.parts.isReady())
      return sendJson(response, ok ? 200 : 503, { ok })
    }
    if (at === 'metrics' && isRead) {
      const text = await metrics.text()
      return void response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
    }
    if (at === 'admin/state' && isRead) {
      return sendJson(response, 200, adminState(config, adapter, this.parts.lastDecisions, this.parts.apart))
    }
    if (at === 'admin/reload' && method === 'POST') return this.reload(response)
    if (first === 'logs' && second !== undefined && third === undefined && isRead) {
      if (adapter.directory.rowOf(second) !== undefined) {
        return sendLogs(response, logs, second, new URLSearchParams(target.query))
      }
    }
    sendError(response, 404, 'notFound', 'there is nothing at this path')
  }

  private async reload(response: ServerResponse): Promise<void> {
    try {
      sendJson(response, 200, await this.parts.reload())
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      sendError(response, 422, 'badFile', error.message)
    }
  }

  /** Whether a request has the token for what it wants; else it was refused. */
  private isAdmitted(request: Incoming, response: ServerResponse, purpose: Purpose, isByHost = false): boolean {
    const status = refusal(request.headers, this.parts.config.listen.tokens[purpose], this.scheme, isByHost)
    if (status === undefined) return true
    if (status === 401) sendError(response, 401, 'token', `a token for ${purpose} is needed`)
    else sendError(response, 403, 'origin', NO_STRANGERS)
    return false
  }

  private async call(request: Incoming, response: ServerResponse, whom: Whom, path: string): Promise<void> {
    const id = randomUUID()
    let held: Buffer | undefined
    try {
      const call = this.callFor(request, id, whom, path)
      const app = this.parts.adapter.apps[whom.app]!
      const send = (reply: Reply): void => sendReply(request, response, reply, id)
      if (isLong(request, app))
        await this.parts.adapter.invoke(whom.app, whom.fn, this.longCall(request, call, app), send)
      else {
        held = hasBody(request) ? await this.bodies.read(request, app.mostRequestBytes) : NOTHING
        const whole = { ...call, body: held }
        // This is checked before an instance is started for the call.
        CONTRACTS.get(app.contract, 'contract').accept?.(whole)
        await this.parts.adapter.invoke(whom.app, whom.fn, whole, send)
      }
    } catch (error) {
      sendFault(response, faultOf(error, 'backend'), id)
    } finally {
      if (held !== undefined) this.bodies.release(held)
    }
  }

  private callFor(request: RequestHead, id: string, whom: Whom, path: string): Omit<Call, 'body'> {
    const { listen, telemetry } = this.parts.config
    const call = callOf(request, { id, fn: whom.name, path }, this.scheme, listen.tokens.calls)
    if (telemetry === undefined) return call
    const trace = traceContextOf(headerIn(call.headers, 'traceparent'))
    const headers = without(call.headers, (name) => name === 'traceparent')
    return { ...call, headers: [...headers, 'traceparent', traceparentOf(trace)], trace }
  }

  /** A call whose body passes as it comes. */
  private longCall(request: Incoming, call: Omit<Call, 'body'>, { mostRequestBytes: most }: LiveApp): Call {
    const told = request.headers['content-length']
    const length = told === undefined ? undefined : Number(told)
    if (length !== undefined && length > most) throw tooLarge(most)
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > most) request.destroy(tooLarge(most))
    })
    request.pause()
    return { ...call, body: { stream: request, ...(length === undefined ? {} : { length }) } }
  }

  private async serveAsync(
    request: Incoming,
    response: ServerResponse,
    { words, query }: RequestTarget,
  ): Promise<void> {
    if (!this.isAdmitted(request, response, 'calls')) return
    const [, first = '', fn] = words
    if (request.method === 'POST') {
      const whom = this.parts.adapter.directory.find(first, fn ?? '')
      if (whom === undefined) return sendError(response, 404, 'notFound', 'there is no such app or function')
      return this.accept(request, response, whom, `/${words.slice(3).join('/')}${query}`)
    }
    if (fn !== undefined || request.method !== 'GET') {
      return sendError(response, 405, 'method', 'POST a call to /async/<app>/<function>, and GET its result')
    }
    const standing = this.parts.asyncCalls().get(first)
    if (standing === undefined) return sendError(response, 404, 'notFound', 'no such call, or its result is gone')
    if (standing.state !== 'done') return sendJson(response, 202, { state: standing.state })
    if (standing.outcome instanceof Fault) return sendFault(response, standing.outcome, first)
    sendReply(request, response, standing.outcome, first)
  }

  private async accept(request: Incoming, response: ServerResponse, whom: Whom, path: string): Promise<void> {
    const id = randomUUID()
    const { name, mostRequestBytes, contract } = this.parts.adapter.apps[whom.app]!
    try {
      if (this.isClosing) throw new Fault('closing', 'the adapter is about to end')
      const body = await this.bodies.read(request, mostRequestBytes)
      this.bodies.release(body)
      const call = { ...this.callFor(request, id, whom, path), body }
      // A request that the contract cannot carry is no call, and has no result later.
      CONTRACTS.get(contract, 'contract').accept?.(call)
      this.parts.asyncCalls().accept(name, call)
      sendJson(response, 202, { id }, { location: `/async/${id}`, 'x-call-id': id })
    } catch (error) {
      sendFault(response, faultOf(error, 'backend'), id)
    }
  }

  /** A WebSocket, or another protocol that the client wants to change to. */
  private async upgrade(request: Incoming, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy())
    const { adapter, config } = this.parts
    const target = targetOf(request.url ?? '/')
    const byHost = adapter.directory.findHost(request.headers.host)
    const [first, app = '', fn = ''] = target.words
    const whom = byHost ?? (first === 'call' ? adapter.directory.find(app, fn) : undefined)
    const status = refusal(request.headers, config.listen.tokens.calls, this.scheme, byHost !== undefined)
    if (status === 401) return refuseUpgrade(socket, 401, 'token', 'a token for calls is needed')
    if (status === 403) return refuseUpgrade(socket, 403, 'origin', NO_STRANGERS)
    if (whom === undefined) return refuseUpgrade(socket, 404, 'notFound', 'there is no such app or function')
    const path = byHost === undefined ? restOf(target) : target.path + target.query
    const call = this.callFor(request, randomUUID(), whom, path)
    const { silenceMs } = config.limits
    await tunnel(adapter, whom, { ...call, body: NOTHING, upgrade: request.headers.upgrade! }, socket, head, silenceMs)
  }
}

const NOTHING = Buffer.alloc(0)

function canCarry(contract: string, call: Call): boolean {
  try {
    CONTRACTS.get(contract, 'contract').accept?.(call)
    return true
  } catch {
    return false
  }
}

/** Whether a body passes as it comes: where its length is not known, or is more than is read whole. */
function isLong(request: Incoming, { contract }: LiveApp): boolean {
  if (!hasBody(request) || !CONTRACTS.get(contract, 'contract').streams) return false
  const told = request.headers['content-length']
  return told === undefined || Number(told) > WHOLE_BODY_BYTES
}

function targetOf(url: string): RequestTarget {
  // A proxy's client sends the whole URL (RFC 9112, section 3.2.2).
  const local = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const asked = local.indexOf('?')
  const path = asked < 0 ? local : local.slice(0, asked)
  return { words: path.slice(1).split('/'), path: path === '' ? '/' : path, query: asked < 0 ? '' : local.slice(asked) }
}

/** What follows the names of app and function in a path, as it was sent. */
function restOf({ words, query }: RequestTarget): string {
  return `/${words.slice(3).join('/')}${query}`
}

/** Bytes that are not HTTP get an answer too. */
function refuseBroken({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const isLarge = code === 'HPE_HEADER_OVERFLOW'
  refuseUpgrade(
    socket,
    isLarge ? 431 : 400,
    'badRequest',
    isLarge ? `a head has at most ${MOST_HEADER_BYTES} bytes` : 'the request is not HTTP',
  )
}
