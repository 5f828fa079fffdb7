import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { Fault } from '../fault.ts'
import type { LongBody, Reply } from '../instance/contract.ts'
import type { Run } from '../instance/execution.ts'
import { SHORT_BYTES, sendWhole } from './in-one-piece.ts'
import { type AnswerListener, type Head, ResponseParser } from './response-parser.ts'

/** Where a server listens: a port, or a unix socket. */
export type ServerAddress = { readonly host: string; readonly port: number } | { readonly socketPath: string }

/** One request. */
export interface HttpCall {
  readonly method: string
  readonly path: string
  readonly headers: readonly string[]
  readonly body: Buffer | LongBody
  /** The protocol to change to. */
  readonly upgrade?: string | undefined
}

/** How an exchange of a request for an answer is bounded. */
export interface ExchangeBounds {
  /** Bytes of an answer's body at most; an event stream has no bound. */
  readonly mostBytes: number
}

/** The connection broke before the server can have read any of the request: it may be sent again. */
export class NeverRead extends Error {
  override readonly name = 'NeverRead'
  /** The system's error code, as `ECONNREFUSED`; undefined where there is none. */
  readonly code: string | undefined

  constructor(error?: NodeJS.ErrnoException) {
    super(error?.message)
    this.code = error?.code
  }
}

/** Bytes of an answer that are buffered before its reader reads; then the connection waits. */
const READ_AHEAD = 256 * 1024
/** The buffer that all connections are read into, one after the other. What is kept of it is copied. */
const READ = Buffer.allocUnsafeSlow(64 * 1024)
/** How long a server that closed is given to say that it had not read the request, in ms. */
const PROBE_MS = 20
/** So many bytes are one segment of TCP in any network of containers: a server that closed has read all of them or none. */
const SEGMENT_BYTES = 1200

/** What goes on over a connection now. */
interface Exchange {
  readonly call: HttpCall
  readonly bounds: ExchangeBounds
  readonly run: Run
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
  head: Head | undefined
  parts: Buffer[]
  bytes: number
  long: { readonly stream: Readable; readonly settle: (fault: Fault | undefined) => void } | undefined
  /** Bytes of the request, head and body; more than any bound where the body comes later. */
  requestBytes: number
  /** Whether bytes of an answer came. */
  hasBegun: boolean
  isSent: boolean
}

/** Reports to a connection's pool. */
export interface ConnectionOwner {
  /** It can carry another request; how long its server keeps it, where it says so (s). */
  free(connection: Connection, idleS: number | undefined): void
  gone(connection: Connection): void
}

/** One connection to an instance, which carries one exchange at a time. */
export class Connection implements AnswerListener {
  /** When it became idle (ms of the monotonic clock). */
  idleSince = performance.now()
  private readonly socket: Socket
  private readonly owner: ConnectionOwner
  private readonly isTcp: boolean
  private readonly parser = new ResponseParser(this)
  private exchange: Exchange | undefined
  private isConnected = false
  private isGone = false

  /** `mayUpgrade`: it may change to another protocol; then it is read as a stream, which costs more. */
  constructor(target: ServerAddress, owner: ConnectionOwner, mayUpgrade: boolean) {
    this.owner = owner
    this.isTcp = 'port' in target
    const took = (length: number): boolean => {
      this.took(READ.subarray(0, length))
      return true
    }
    // Half open: only a further write shows whether the server had read the request when it closed.
    const halfOpen = { allowHalfOpen: true, noDelay: true }
    const options = mayUpgrade ? halfOpen : { ...halfOpen, onread: { buffer: READ, callback: took } }
    this.socket = connect('port' in target ? { ...target, ...options } : { path: target.socketPath, ...options })
    this.socket.on('connect', () => (this.isConnected = true))
    if (mayUpgrade) this.socket.on('data', (bytes: Buffer) => this.took(bytes))
    this.socket.on('end', () => this.ended())
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.broke(error))
    this.socket.on('close', () => this.broke())
  }

  /** Whether it is still open, as far as known. */
  get isOpen(): boolean {
    return !this.isGone
  }

  /** Whether it has a request of which no answer has begun. */
  get isWaiting(): boolean {
    return this.exchange !== undefined && !this.exchange.hasBegun
  }

  /** Sends a request. Rejects with a Fault, with why the run was given up, or with {@link NeverRead}. */
  send(call: HttpCall, bounds: ExchangeBounds, run: Run): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const exchange: Exchange = {
        call,
        bounds,
        run,
        resolve,
        reject,
        head: undefined,
        parts: [],
        bytes: 0,
        long: undefined,
        requestBytes: Number.POSITIVE_INFINITY,
        hasBegun: false,
        isSent: false,
      }
      this.exchange = exchange
      run.onGivenUp((why) => this.fail(why))
      if (this.exchange !== exchange) return
      this.parser.expect(call.method, call.upgrade !== undefined)
      this.write(exchange)
    })
  }

  /** Ends it at once. */
  destroy(): void {
    this.leave()
    this.socket.destroy()
  }

  onHead(head: Head): void {
    const { bounds, call } = this.exchange!
    this.exchange!.head = head
    // Refused before any of it is passed on.
    const isBound = call.method !== 'HEAD' && head.length !== undefined && !isEventStream(head)
    if (isBound && head.length! > bounds.mostBytes) throw tooLong(bounds)
  }

  onData(bytes: Buffer): void {
    const exchange = this.exchange!
    exchange.bytes += bytes.length
    if (exchange.bytes > exchange.bounds.mostBytes && !isEventStream(exchange.head!)) {
      throw tooLong(exchange.bounds)
    }
    const kept = Buffer.from(bytes)
    if (exchange.long === undefined) exchange.parts.push(kept)
    else if (!exchange.long.stream.push(kept)) this.socket.pause()
  }

  onEnd(mayGoOn: boolean, idleS: number | undefined): void {
    const exchange = this.exchange!
    this.exchange = undefined
    if (exchange.long === undefined) exchange.resolve(replyOf(exchange))
    else {
      exchange.long.stream.push(null)
      exchange.long.settle(undefined)
      this.socket.resume()
    }
    // The rest of a request that was already answered is not sent.
    if (!mayGoOn || !exchange.isSent || this.isGone) return this.destroy()
    this.idleSince = performance.now()
    this.owner.free(this, idleS)
  }

  onUpgrade({ status, reason, headers }: Head, rest: Buffer): void {
    const { resolve, run } = this.exchange!
    const { socket } = this
    this.exchange = undefined
    this.leave()
    // From here on it is a stream of bytes for its reader.
    socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error').removeAllListeners('close')
    socket.pause()
    if (rest.length > 0) socket.unshift(rest)
    const { promise: done, resolve: settle } = Promise.withResolvers<Fault | undefined>()
    socket.on('error', () => undefined).on('close', () => settle(run.reason))
    run.onGivenUp(() => socket.destroy())
    resolve({ status, reason, headers, body: { socket, done } })
  }

  private write(exchange: Exchange): void {
    const { method, path, headers, body } = exchange.call
    let head = `${method} ${path} HTTP/1.1\r\n`
    for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
    const { upgrade } = exchange.call
    if (upgrade !== undefined) head += `connection: upgrade\r\nupgrade: ${upgrade}\r\n`
    if (!Buffer.isBuffer(body)) return this.writeLong(exchange, head, body)
    exchange.isSent = true
    const hasLength = body.length > 0 || (method !== 'GET' && method !== 'HEAD')
    head += hasLength ? `content-length: ${body.length}\r\n\r\n` : '\r\n'
    exchange.requestBytes = head.length + body.length
    sendWhole(this.socket, head, body)
  }

  /** Sends a body as it comes: counted where its length is known, in chunks where it is not. */
  private writeLong(exchange: Exchange, head: string, { stream, length }: LongBody): void {
    const { socket } = this
    const framing = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`
    socket.write(`${head}${framing}\r\n\r\n`, 'latin1')
    const isOver = (): boolean => this.exchange !== exchange || this.isGone
    const onDrain = (): void => void stream.resume()
    const detach = (): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
      socket.off('drain', onDrain)
      // Nobody needs the rest. Its sender must not wait.
      stream.resume()
    }
    const onData = (bytes: Buffer): void => {
      if (isOver()) return detach()
      socket.cork()
      if (length === undefined) socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
      const goesOn = socket.write(bytes)
      if (length === undefined) socket.write('\r\n', 'latin1')
      socket.uncork()
      if (!goesOn) stream.pause()
    }
    const onEnd = (): void => {
      detach()
      if (isOver()) return
      if (length === undefined) socket.write('0\r\n\r\n', 'latin1')
      exchange.isSent = true
    }
    const onCut = (): void => {
      detach()
      if (!isOver()) this.fail(new Fault('badRequest', 'the body ended before its end'))
    }
    stream.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
    socket.on('drain', onDrain)
    stream.resume()
  }

  private took(bytes: Buffer): void {
    const { exchange } = this
    // An answer without a request.
    if (exchange === undefined) return this.destroy()
    exchange.hasBegun = true
    try {
      this.parser.take(bytes)
    } catch (error) {
      return this.fail(error)
    }
    // What did not come with the head is passed on as it comes.
    if (this.exchange === exchange && exchange.head !== undefined && exchange.long === undefined) {
      this.handOn(exchange)
    }
  }

  /** Answers with a body that is still on its way. */
  private handOn(exchange: Exchange): void {
    const { promise: done, resolve: settle } = Promise.withResolvers<Fault | undefined>()
    const stream = new Readable({
      highWaterMark: READ_AHEAD,
      read: () => void this.socket.resume(),
      destroy: (error, callback) => {
        if (this.exchange === exchange) this.fail(new Fault('hungUp', 'the client hung up'))
        callback(error)
      },
    })
    // A reader gets the error from the stream; without a reader nobody needs it.
    stream.on('error', () => undefined)
    for (const part of exchange.parts) stream.push(part)
    exchange.parts = []
    exchange.long = { stream, settle }
    const { status, reason, headers } = exchange.head!
    exchange.resolve({ status, reason, headers, body: { stream, done } })
  }

  /** The server sends nothing more. */
  private ended(): void {
    const { exchange } = this
    if (exchange === undefined) return this.destroy()
    if (exchange.head !== undefined && this.parser.end()) return this.destroy()
    // A unix socket that was closed refuses every write, also where the request was read.
    const canTell = this.isTcp && exchange.requestBytes <= SEGMENT_BYTES
    if (exchange.hasBegun || !canTell) return this.broke()
    // A server that closed before it read the request refuses a write now; one that had read it does not yet.
    this.leave()
    const timer = setTimeout(() => this.broke(), PROBE_MS)
    this.socket.write('\r\n', 'latin1', (error) => {
      clearTimeout(timer)
      if (error === undefined || error === null) this.broke()
      else this.fail(new NeverRead())
    })
  }

  private broke(error?: NodeJS.ErrnoException): void {
    const { exchange } = this
    if (exchange === undefined) return this.destroy()
    // A server that was not reached has read nothing. A socket that refused a request in one piece has passed on none of it.
    const isRefused = error?.syscall === 'write' && error.code === 'EPIPE'
    const isUnread = !this.isConnected || (isRefused && exchange.requestBytes <= SHORT_BYTES)
    if (isUnread && !exchange.hasBegun) return this.fail(new NeverRead(error))
    this.fail(new Fault('broken', `the connection ended before the answer did${error ? ` (${error.code})` : ''}`))
  }

  /** Ends the exchange, and the connection with it. */
  private fail(error: unknown): void {
    const { exchange } = this
    this.exchange = undefined
    this.destroy()
    if (exchange === undefined) return
    if (exchange.long === undefined) return exchange.reject(error)
    exchange.long.settle(error instanceof Fault ? error : new Fault('broken', 'the connection ended'))
    exchange.long.stream.destroy(error as Error)
  }

  private leave(): void {
    if (this.isGone) return
    this.isGone = true
    this.owner.gone(this)
  }
}

function tooLong({ mostBytes }: ExchangeBounds): Fault {
  return new Fault('garbage', `the answer has more than ${mostBytes} bytes`)
}

function replyOf({ head, parts }: Exchange): Reply {
  const { status, reason, headers } = head!
  return { status, reason, headers, body: parts.length === 1 ? parts[0]! : Buffer.concat(parts) }
}

function isEventStream({ headers }: Head): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() === 'content-type') return headers[at + 1]!.startsWith('text/event-stream')
  }
  return false
}
