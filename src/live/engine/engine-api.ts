import { Agent, type Dispatcher, request } from 'undici'
import { ENGINE_TIMEOUT_MS } from '../live-limits.ts'

/** A refusal of the engine, with its status. Without a status it is not known whether the request was carried out. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

/** What the engine says of one container, as far as it is used here. */
export interface InspectedContainer {
  readonly Id: string
  readonly Name: string
  readonly State: {
    readonly Running: boolean
    readonly Paused: boolean
    readonly OOMKilled: boolean
    readonly ExitCode: number
    readonly StartedAt: string
  }
  readonly HostConfig: Readonly<Record<string, unknown>>
  readonly NetworkSettings: {
    readonly Ports?: Readonly<Record<string, unknown>> | null
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>
  }
}

export interface InspectedNetwork {
  readonly Id: string
  readonly Name: string
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null }
}

/** Something that happened to a container. */
export interface ContainerEvent {
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes?: Readonly<Record<string, string>> }
}

interface EngineRequest {
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: unknown
  /** How long it may take until it is answered whole, in ms. */
  readonly timeoutMs?: number
}

/** For requests whose answers come in parts as long as the engine lives: the client has no time limits. */
const UNTIMED = { headersTimeout: 0, bodyTimeout: 0 }

/**
 * The endpoints of a Docker Engine API that pilotlight uses, over its unix socket. Every request has a time limit, and
 * ends with the connection at the latest. Paths have no version, so each engine answers with its newest one.
 */
export class EngineApi {
  readonly socketPath: string
  private readonly agent: Agent
  private readonly over = new AbortController()

  constructor(socketPath: string) {
    this.socketPath = socketPath
    this.agent = new Agent({ connect: { socketPath }, pipelining: 1, keepAliveTimeout: 4000 })
  }

  /** Ends every request that is under way with this reason, and refuses all that come later. */
  end(reason: Error): void {
    if (this.over.signal.aborted) return
    this.over.abort(reason)
    void this.agent.destroy(reason)
  }

  async ping(timeoutMs: number): Promise<void> {
    await this.ask('GET', '/_ping', { timeoutMs })
  }

  /** The id that an engine has given itself: sockets may have several paths. */
  async identity(): Promise<string> {
    const { ID } = await this.told<{ ID?: string }>('GET', '/info')
    return ID ?? this.socketPath
  }

  async create(name: string, options: object): Promise<string> {
    const { Id } = await this.told<{ Id: string }>('POST', '/containers/create', { query: { name }, body: options })
    return Id
  }

  async start(id: string): Promise<void> {
    await this.ask('POST', `/containers/${id}/start`)
  }

  inspect(id: string): Promise<InspectedContainer> {
    return this.told('GET', `/containers/${id}/json`)
  }

  /** Sends SIGTERM, waits so long, and kills. */
  async stop(id: string, graceMs: number): Promise<void> {
    const query = { t: Math.ceil(graceMs / 1000) }
    await this.ask('POST', `/containers/${id}/stop`, { query, timeoutMs: graceMs + ENGINE_TIMEOUT_MS })
  }

  async pause(id: string): Promise<void> {
    await this.ask('POST', `/containers/${id}/pause`)
  }

  async unpause(id: string): Promise<void> {
    await this.ask('POST', `/containers/${id}/unpause`)
  }

  async remove(id: string): Promise<void> {
    await this.ask('DELETE', `/containers/${id}`, { query: { force: true, v: true } })
  }

  containers(label: string): Promise<readonly { readonly Id: string }[]> {
    return this.told('GET', '/containers/json', { query: { all: true, filters: labelled(label) } })
  }

  async memory(id: string): Promise<{ readonly usage: number; readonly stats?: object } | undefined> {
    const query = { stream: false, 'one-shot': true }
    const { memory_stats: memory } = await this.told<{ memory_stats?: { usage?: number; stats?: object } }>(
      'GET',
      `/containers/${id}/stats`,
      { query },
    )
    return memory?.usage === undefined ? undefined : { ...memory, usage: memory.usage }
  }

  /** The last lines that a container printed, in the engine's frames. */
  printed(id: string, lines: number): Promise<Buffer> {
    return this.ask('GET', `/containers/${id}/logs`, { query: { stdout: true, stderr: true, tail: lines } })
  }

  /** What a container prints, from `sinceS` (s since 1970) on until it ends, in the engine's frames. */
  prints(id: string, sinceS: number, signal: AbortSignal): Promise<Dispatcher.ResponseData['body']> {
    const query = { stdout: true, stderr: true, follow: true, since: sinceS }
    return this.flow(`/containers/${id}/logs`, query, signal)
  }

  /** What happens to containers with this label, one JSON document after the other, for as long as the engine lives. */
  events(label: string, signal: AbortSignal): Promise<Dispatcher.ResponseData['body']> {
    const filters = JSON.stringify({ label: [label], type: ['container'] })
    return this.flow('/events', { filters }, signal)
  }

  async image(name: string): Promise<void> {
    await this.ask('GET', `/images/${name}/json`)
  }

  /** The networks with this label. */
  networks(label: string): Promise<readonly InspectedNetwork[]> {
    return this.told('GET', '/networks', { query: { filters: labelled(label) } })
  }

  network(name: string): Promise<InspectedNetwork> {
    return this.told('GET', `/networks/${encodeURIComponent(name)}`)
  }

  async createNetwork(options: object): Promise<string> {
    const { Id } = await this.told<{ Id: string }>('POST', '/networks/create', { body: options })
    return Id
  }

  async removeNetwork(id: string): Promise<void> {
    await this.ask('DELETE', `/networks/${id}`)
  }

  private async told<T>(method: 'GET' | 'POST', path: string, asked: EngineRequest = {}): Promise<T> {
    const bytes = await this.ask(method, path, asked)
    try {
      return JSON.parse(bytes.toString('utf8')) as T
    } catch {
      throw new EngineError(`the engine answers ${method} ${path} with what is no JSON`)
    }
  }

  private async ask(method: 'GET' | 'POST' | 'DELETE', path: string, asked: EngineRequest = {}): Promise<Buffer> {
    const { query = {}, body, timeoutMs = ENGINE_TIMEOUT_MS } = asked
    const signal = AbortSignal.any([this.over.signal, AbortSignal.timeout(timeoutMs)])
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    try {
      const answer = await request(urlOf(path, query), { method, ...json, signal, dispatcher: this.agent })
      const bytes = Buffer.from(await answer.body.arrayBuffer())
      // 304: it already is in that state.
      if (answer.statusCode < 400) return bytes
      throw new EngineError(messageIn(bytes) ?? `status ${answer.statusCode}`, answer.statusCode)
    } catch (error) {
      throw this.explained(error, timeoutMs)
    }
  }

  private async flow(
    path: string,
    query: NonNullable<EngineRequest['query']>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData['body']> {
    const either = AbortSignal.any([this.over.signal, signal])
    const answer = await request(urlOf(path, query), {
      method: 'GET',
      signal: either,
      dispatcher: this.agent,
      ...UNTIMED,
    })
    if (answer.statusCode < 400) return answer.body
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    throw new EngineError(messageIn(bytes) ?? `status ${answer.statusCode}`, answer.statusCode)
  }

  private explained(error: unknown, timeoutMs: number): Error {
    if (this.over.signal.aborted) return this.over.signal.reason as Error
    if (error instanceof EngineError) return error
    const { name, message, code } = error as NodeJS.ErrnoException
    if (name === 'TimeoutError') return new EngineError(`the engine did not answer within ${timeoutMs} ms`)
    return new EngineError(message || String(code))
  }
}

function urlOf(path: string, query: NonNullable<EngineRequest['query']>): string {
  const words = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  // The host does not matter: the agent connects to the socket.
  return `http://engine${path}${words.size === 0 ? '' : `?${words}`}`
}

function labelled(label: string): string {
  return JSON.stringify({ label: [label] })
}

function messageIn(bytes: Buffer): string | undefined {
  try {
    const { message } = JSON.parse(bytes.toString('utf8')) as { message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
