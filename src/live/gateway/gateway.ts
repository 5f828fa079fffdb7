import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Adapter } from '../adapter.ts'
import { ADMIN_PAGE } from './admin-page.ts'
import { adminState } from './admin-state.ts'
import { refusal } from './admission.ts'
import { AsyncCalls } from './async-calls.ts'
import { Bodies } from './bodies.ts'
import type { Call, Reply } from '../instance/contract.ts'
import { Fault, faultOf } from '../fault.ts'
import { endToEnd } from './http-call.ts'
import { MOST_BODIES_BYTES, MOST_HEADER_BYTES } from '../limits.ts'
import { firstFunctions, type LiveConfig } from '../live-config.ts'
import type { LiveMetrics } from '../metrics.ts'

/** What the gateway serves. */
export interface GatewayParts {
  readonly config: LiveConfig
  readonly adapter: Adapter
  readonly metrics: LiveMetrics
  /** Whether calls can be served now. */
  readonly isReady: () => Promise<boolean>
  readonly lastDecisions: ReadonlyMap<number, { readonly prewarmMs: number; readonly keepAliveMs: number }>
}

/** How long a client may take to send a request, and how long an idle connection is kept, in ms. */
const REQUEST_MS = 60_000
const IDLE_MS = 75_000
/** How long a client may take none of its answer, and how often results that nobody fetched are thrown away, in ms. */
const UNREAD_MS = 60_000
const TRIM_MS = 60_000

/** What needs no token: it tells nothing. The page asks for what it shows with the token that it is given. */
const OPEN = ['/healthz', '/admin']

const UNKNOWN = { error: 'no such app or function' }

interface Named {
  readonly app: string
  readonly fn?: string
}

/** Whom a call is for: rows of an app and a function, and the function's name. */
interface Whom {
  readonly app: number
  readonly fn: number
  readonly name: string
}

/** The HTTP front of an adapter. It listens to nobody yet. */
export function gateway(parts: GatewayParts): FastifyInstance {
  const { config, adapter, metrics } = parts
  const server = fastify({
    requestTimeout: REQUEST_MS,
    connectionTimeout: 0,
    keepAliveTimeout: IDLE_MS,
    forceCloseConnections: true,
    http: { maxHeaderSize: MOST_HEADER_BYTES },
    routerOptions: { maxParamLength: 200 },
  })
  server.server.maxConnections = config.limits.connections
  server.removeAllContentTypeParsers()
  // Bodies are read by those who use them.
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.addHook('onRequest', async (request, reply) => {
    if (OPEN.includes(request.url)) return undefined
    const status = refusal(request.headers, config.listen.token)
    return status === undefined ? undefined : reply.code(status).send({ error: status === 401 ? 'token' : 'origin' })
  })
  server.addHook('onSend', async (request) => void request.raw.socket.setTimeout(UNREAD_MS))
  server.get('/healthz', async () => ({ ok: true }))
  server.get('/readyz', async (_request, reply) => {
    const ok = await parts.isReady()
    return reply.code(ok ? 200 : 503).send({ ok })
  })
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  server.get('/admin', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
      )
      .send(ADMIN_PAGE),
  )
  server.get('/admin/state', async () => adminState(config, adapter, parts.lastDecisions))
  addCalls(server, parts)
  return server
}

function addCalls(server: FastifyInstance, { config, adapter }: GatewayParts): void {
  const whomOf = directory(config)
  const bodies = new Bodies(MOST_BODIES_BYTES)
  const later = new AsyncCalls(() => performance.now())
  const trimming = setInterval(() => later.trim(), TRIM_MS).unref()
  server.addHook('onClose', async () => clearInterval(trimming))
  const invoke = (id: string, request: FastifyRequest, whom: Whom, onBegun?: () => void): Promise<Reply> =>
    bodies.use(request.raw, (body) => {
      onBegun?.()
      return adapter.invoke(whom.app, whom.fn, callOf(config, id, request, whom.name, body))
    })
  for (const url of ['/call/:app', '/call/:app/:fn', '/call/:app/:fn/*']) {
    server.all<{ Params: Named }>(url, async (request, reply) => {
      const whom = whomOf(request.params)
      if (whom === undefined) return reply.code(404).send(UNKNOWN)
      const id = randomUUID()
      return answer(reply, id, await outcomeOf(invoke(id, request, whom)))
    })
  }
  server.post<{ Params: Named }>('/async/:app/:fn', async (request, reply) => {
    const whom = whomOf(request.params)
    if (whom === undefined) return reply.code(404).send(UNKNOWN)
    const id = randomUUID()
    const { promise: begun, resolve } = Promise.withResolvers<undefined>()
    const outcome = invoke(id, request, whom, () => resolve(undefined))
    // What cannot be read is no call, and has no result later.
    const refused = await Promise.race([begun, outcomeOf(outcome)])
    if (refused !== undefined) return answer(reply, id, refused)
    void later.keep(id, outcome)
    return reply.code(202).header('location', `/async/${id}`).send({ id })
  })
  server.get<{ Params: { readonly id: string } }>('/async/:id', async (request, reply) => {
    const result = later.get(request.params.id)
    if (result === undefined) return reply.code(404).send({ error: 'no such call, or its result is gone' })
    if (result.state === 'running') return reply.code(202).send({ state: 'running' })
    return answer(reply, request.params.id, result.outcome)
  })
}

function outcomeOf(reply: Promise<Reply>): Promise<Reply | Fault> {
  return reply.catch((error: unknown) => faultOf(error, 'backend'))
}

/** Finds the rows of an app and of its function, which is its first one where none is named. */
function directory({ apps }: LiveConfig): (named: Named) => Whom | undefined {
  const first = firstFunctions(apps)
  const rows = new Map(apps.map(({ name }, app) => [name, app]))
  return (named) => {
    const app = rows.get(named.app) ?? -1
    const functions = apps[app]?.functions ?? []
    const index = named.fn === undefined ? 0 : functions.indexOf(named.fn)
    const name = functions[index]
    return name === undefined ? undefined : { app, fn: first[app]! + index, name }
  }
}

/** What follows the names of app and function in a URL, as it was sent: nothing of it is decoded. */
function restOf(url: string): string {
  const [, path = '/', query = ''] =
    /^(?:https?:\/\/[^/?]*)?\/\w+\/[^/?]+(?:\/[^/?]+)?(\/[^?]*)?(\?.*)?$/i.exec(url) ?? []
  return path + query
}

function callOf(
  config: LiveConfig,
  id: string,
  { method, url, headers }: FastifyRequest,
  fn: string,
  body: Buffer,
): Call {
  return {
    id,
    fn,
    method,
    path: restOf(url),
    headers: config.listen.token === undefined ? endToEnd(headers) : withoutToken(headers),
    body,
  }
}

/** The adapter's own token is none of a function's business. */
function withoutToken(headers: FastifyRequest['headers']): Call['headers'] {
  const { authorization: _token, ...others } = endToEnd(headers)
  return others
}

function answer(reply: FastifyReply, id: string, outcome: Reply | Fault): FastifyReply {
  if (outcome instanceof Fault) {
    const { status, kind, message } = outcome
    reply.header('x-call-id', id)
    if (status === 503 || status === 429) reply.header('retry-after', '1')
    // What the client still sends of its body is not read.
    if (!reply.request.raw.complete) reply.header('connection', 'close')
    return reply.code(status).send({ error: kind, message, id })
  }
  for (const [name, value] of Object.entries(outcome.headers)) reply.header(name, value)
  return reply.header('x-call-id', id).code(outcome.status).send(outcome.body)
}
