import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { headerIn } from '../exchange/headers.ts'
import { Fault } from '../fault.ts'
import type { LiveApp } from '../live-app.ts'
import type { Call, Reply } from './contract.ts'
import { orAborted } from './or-aborted.ts'
import type { Run } from './execution.ts'

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
export async function openRuntimeApi(host: string, app: LiveApp, region: string): Promise<RuntimeApi> {
  const api = new RuntimeApi(app, region)
  api.server.listen(0, host)
  await once(api.server, 'listening')
  // A connection that cannot be accepted, as where too many files are open: its program tries again.
  api.server.on('error', () => undefined)
  return api
}

/** The Lambda Runtime API for one instance. */
export class RuntimeApi {
  readonly server: Server
  private readonly app: LiveApp
  private readonly region: string
  private readonly queue: Pending[] = []
  private readonly running = new Map<string, Pending>()
  /** Requests of the program for its next call. */
  private readonly polls: ServerResponse[] = []
  /** Settles with the address that alone is served, once the program has one. */
  private readonly onlyFrom = Promise.withResolvers<string | undefined>()
  private readonly first = Promise.withResolvers<void>()

  constructor(app: LiveApp, region: string) {
    this.app = app
    this.region = region
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

  /** Resolves when the program first asked for a call. No request is served before this is called; then only those of `caller`, where it is given. */
  asked(caller: string | undefined, signal: AbortSignal): Promise<void> {
    this.onlyFrom.resolve(caller)
    return orAborted(this.first.promise, signal)
  }

  invoke(call: Call, deadlineMs: number, run: Run): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const pending = { call, deadlineMs, resolve, reject }
      this.queue.push(pending)
      run.onGivenUp((why) => {
        removeFrom(this.queue, pending)
        this.running.delete(call.id)
        reject(why)
      })
      this.hand()
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
    if (request.method === 'GET' && what === 'invocation/next') return this.poll(request, response)
    const [, id = '', how = ''] = /^invocation\/([^/]+)\/(response|error)$/.exec(what) ?? []
    const body = await bodyOf(request, this.app.mostAnswerBytes).catch((fault: unknown) => {
      this.running.get(id)?.reject(fault)
      throw fault
    })
    if (what === 'init/error') {
      this.first.reject(new Fault('init', `the program could not initialise: ${beginning(body)}`))
      return end(response, 202)
    }
    const pending = this.running.get(id)
    this.running.delete(id)
    const type = request.headers['content-type'] ?? 'application/json'
    if (how === 'response') pending?.resolve({ status: 200, headers: ['content-type', type], body })
    else pending?.reject(new Fault('failed', `the function failed: ${beginning(body)}`))
    end(response, pending === undefined ? 400 : 202)
  }

  private poll(request: IncomingMessage, response: ServerResponse): void {
    if (this.polls.length >= MOST_POLLS) return end(response, 429)
    this.abandon()
    this.polls.push(response)
    const gaveUp = (): void => {
      removeFrom(this.polls, response)
      response.destroy()
    }
    // A program that stops waiting closes its side only; Node goes on until there is an answer.
    request.socket.once('end', gaveUp)
    response.on('close', () => {
      request.socket.off('end', gaveUp)
      removeFrom(this.polls, response)
    })
    this.first.resolve()
    this.hand()
  }

  /** A program that asks for more calls than it may have has given up its oldest one. */
  private abandon(): void {
    if (this.running.size + this.polls.length < this.app.concurrency) return
    const [oldest] = this.running
    if (oldest === undefined) return
    const [id, pending] = oldest
    this.running.delete(id)
    pending.reject(new Fault('failed', 'the program asked for its next call and had not answered this one'))
  }

  private hand(): void {
    while (this.queue.length > 0 && this.polls.length > 0) {
      const pending = this.queue.shift()!
      const response = this.polls.shift()!
      this.running.set(pending.call.id, pending)
      response.once('close', () => {
        // It never left this machine, so another poll gets it.
        if (response.writableFinished || this.running.get(pending.call.id) !== pending) return
        this.running.delete(pending.call.id)
        this.queue.unshift(pending)
        this.hand()
      })
      give(response, pending, this.app, this.region)
    }
  }
}

function beginning(body: Buffer): string {
  return body.toString('utf8').slice(0, 200)
}

function give(response: ServerResponse, { call, deadlineMs }: Pending, app: LiveApp, region: string): void {
  const { id, fn, headers, body } = call
  // Handlers are promised an event, which is JSON.
  const event = Buffer.isBuffer(body) && body.length > 0 ? body : '{}'
  response.writeHead(200, {
    'content-type': headerIn(headers, 'content-type') ?? 'application/json',
    'content-length': event.length,
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': String(Math.round(deadlineMs)),
    'lambda-runtime-invoked-function-arn': `arn:aws:lambda:${region}:000000000000:function:${app.name}:${fn}`,
    'lambda-runtime-trace-id': headerIn(headers, 'x-amzn-trace-id') ?? newTrace(),
  })
  response.end(event)
}

/** An id of X-Ray: when it began, and what is drawn. */
function newTrace(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Sampled=0`
}

async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostBytes) throw new Fault('garbage', `the answer has more than ${mostBytes} bytes`)
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
