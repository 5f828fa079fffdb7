import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call, Reply } from './contract.ts'
import { Fault } from '../fault.ts'
import { MOST_BODY_BYTES } from '../limits.ts'
import { orAborted } from './or-aborted.ts'

/** A call that the program has, or will be given. */
interface Pending {
  readonly call: Call
  readonly deadlineMs: number
  readonly resolve: (reply: Reply) => void
  readonly reject: (fault: unknown) => void
}

/** Requests of a program for its next call that wait at a time, and its connections. */
const MOST_POLLS = 10_000
const ROOT = '/2018-06-01/runtime/'

/** Serves the API for one instance on a free port of this address. */
export async function openRuntimeApi(host: string, app: string): Promise<RuntimeApi> {
  const api = new RuntimeApi(app)
  api.server.listen(0, host)
  await once(api.server, 'listening')
  return api
}

/** The Lambda Runtime API for one instance. */
export class RuntimeApi {
  readonly server: Server
  private readonly app: string
  private readonly queue: Pending[] = []
  private readonly running = new Map<string, Pending>()
  /** Requests of the program for its next call. */
  private readonly polls: ServerResponse[] = []
  /** Settles with the address that alone is served, once the program has one. */
  private readonly onlyFrom = Promise.withResolvers<string | undefined>()
  private readonly first = Promise.withResolvers<void>()

  constructor(app: string) {
    this.app = app
    this.first.promise.catch(() => undefined)
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy())
    })
    // The program waits for its next call as long as none comes.
    this.server.requestTimeout = 0
    this.server.keepAliveTimeout = 0
    this.server.maxConnections = MOST_POLLS
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Resolves when the program first asked for a call. Nobody is served before; then only `caller`, where one is given. */
  asked(caller: string | undefined, signal: AbortSignal): Promise<void> {
    this.onlyFrom.resolve(caller)
    return orAborted(this.first.promise, signal)
  }

  invoke(call: Call, deadlineMs: number, signal: AbortSignal): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const pending = { call, deadlineMs, resolve, reject }
    this.queue.push(pending)
    this.hand()
    return orAborted(promise, signal).finally(() => {
      removeFrom(this.queue, pending)
      this.running.delete(call.id)
    })
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const onlyFrom = await this.onlyFrom.promise
    const from = request.socket.remoteAddress?.replace('::ffff:', '')
    if (onlyFrom !== undefined && from !== onlyFrom) return end(response, 403)
    const what = request.url?.startsWith(ROOT) ? request.url.slice(ROOT.length) : ''
    if (request.method === 'GET' && what === 'invocation/next') return this.poll(response)
    const [, id = '', how = ''] = /^invocation\/([^/]+)\/(response|error)$/.exec(what) ?? []
    const body = await bodyOf(request).catch((fault: unknown) => {
      this.running.get(id)?.reject(fault)
      throw fault
    })
    if (what === 'init/error') {
      this.first.reject(new Fault('notReady', `the program says: ${beginning(body)}`))
      return end(response, 202)
    }
    const pending = this.running.get(id)
    this.running.delete(id)
    const type = request.headers['content-type'] ?? 'application/json'
    if (how === 'response') pending?.resolve({ status: 200, headers: { 'content-type': type }, body })
    else pending?.reject(new Fault('failed', `the function failed: ${beginning(body)}`))
    end(response, pending === undefined ? 400 : 202)
  }

  private poll(response: ServerResponse): void {
    if (this.polls.length >= MOST_POLLS) return end(response, 429)
    this.polls.push(response)
    response.on('close', () => removeFrom(this.polls, response))
    this.first.resolve()
    this.hand()
  }

  private hand(): void {
    while (this.queue.length > 0 && this.polls.length > 0) {
      const pending = this.queue.shift()!
      this.running.set(pending.call.id, pending)
      give(this.polls.shift()!, pending, this.app)
    }
  }
}

function beginning(body: Buffer): string {
  return body.toString('utf8').slice(0, 200)
}

function give(response: ServerResponse, { call, deadlineMs }: Pending, app: string): void {
  const { id, fn, headers, body } = call
  const type = headers['content-type']
  response.writeHead(200, {
    'content-type': typeof type === 'string' ? type : 'application/json',
    'content-length': body.length,
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': String(Math.round(deadlineMs)),
    'lambda-runtime-invoked-function-arn': `arn:aws:lambda:local:000000000000:function:${app}:${fn}`,
  })
  response.end(body)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_BODY_BYTES) throw new Fault('garbage', `the answer has more than ${MOST_BODY_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
}

function removeFrom<T>(list: T[], item: T): void {
  const index = list.indexOf(item)
  if (index >= 0) list.splice(index, 1)
}
