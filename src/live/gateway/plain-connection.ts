import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { endToEnd, headerIn, isToken, isValue, without } from '../exchange/headers.ts'
import { sendWhole } from '../exchange/in-one-piece.ts'
import { Fault } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'
import { errorOf, giveUp, IDLE_MS, LATER_MS, UNREAD_MS } from './answer.ts'
import { type PlainRequest, plainRequestIn } from './plain-request.ts'

/** What the connections need of the gateway. */
export interface Front {
  /** Takes a request, to answer it later; false where Node's server is to have it. */
  take(request: PlainRequest, connection: PlainConnection): boolean
  /** Gives a connection to Node's server. */
  handOver(socket: Socket): void
  /** Whether connections are to end with the answer under way. */
  readonly isClosing: boolean
  /** An answer was passed on whole, or can no longer be. */
  answered(): void
  gone(connection: PlainConnection): void
}

/** Statuses whose answers have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 304])
const GOES_ON = `connection: keep-alive\r\nkeep-alive: timeout=${IDLE_MS / 1000}\r\n`
const ENDS = 'connection: close\r\n'
const NOTHING = Buffer.alloc(0)

/**
 * A client's connection while it brings only plain requests. They are read and answered here with a small part of
 * the code that all of HTTP needs. From the first other request on, Node's server has the connection until its end.
 */
export class PlainConnection {
  readonly socket: Socket
  private readonly front: Front
  /** The request that is being answered. */
  private request: PlainRequest | undefined
  /** What arrived before that request was answered. */
  private early: Buffer[] = []
  private hasEnded = false
  /** The body that is being passed on. */
  private stream: Readable | undefined

  constructor(socket: Socket, front: Front) {
    this.socket = socket
    this.front = front
    socket.setTimeout(IDLE_MS + LATER_MS)
    socket.on('data', this.onData).on('end', this.onEnd)
    socket.on('error', this.onError).on('close', this.onClose).on('timeout', this.onTimeout)
  }

  /** Passes an answer on as the function gave it: its status, its status text and its headers, and nothing else. */
  answer(reply: Reply, id: string): void {
    const { request } = this
    const { status, body } = reply
    if (request === undefined) return giveUp(body)
    const hasBody = request.method !== 'HEAD' && !BODILESS.has(status)
    const lines = linesOf(reply, hasBody)
    const head = headOf(reply, lines)
    // A character that HTTP cannot carry.
    if (head === undefined) {
      giveUp(body)
      return this.fail(new Fault('garbage', 'the answer has a header that HTTP does not allow'), id)
    }
    const top = `${head}x-call-id: ${id}\r\n${this.front.isClosing ? ENDS : GOES_ON}`
    if (!hasBody) letPass(body)
    if (!hasBody || Buffer.isBuffer(body)) return this.send(`${top}\r\n`, hasBody ? (body as Buffer) : NOTHING)
    if (!('stream' in body)) return this.destroy()
    if (this.hasEnded) {
      giveUp(body)
      return this.destroy()
    }
    const isCounted = headerIn(lines, 'content-length') !== undefined
    this.socket.write(`${top}${isCounted ? '' : 'transfer-encoding: chunked\r\n'}\r\n`, 'latin1')
    this.pump(body.stream, isCounted)
  }

  /** Says why there is no answer. */
  fail(fault: Fault, id: string): void {
    if (this.request === undefined || this.stream !== undefined) return this.destroy()
    const { text, headers } = errorOf(fault.status, fault.kind, fault.message, id)
    let head = `HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status] ?? 'unknown'}\r\n`
    for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`
    const body = this.request.method === 'HEAD' ? NOTHING : Buffer.from(text)
    this.send(`${head}${this.front.isClosing ? ENDS : GOES_ON}\r\n`, body)
  }

  destroy(): void {
    this.socket.destroy()
  }

  private readonly onData = (bytes: Buffer): void => {
    if (this.request !== undefined) {
      // Answers go out in the order of their requests.
      this.early.push(bytes)
      this.socket.pause()
      return
    }
    this.request = plainRequestIn(bytes)
    if (this.request !== undefined && this.front.take(this.request, this)) return
    this.request = undefined
    this.leave(bytes)
  }

  private readonly onEnd = (): void => {
    this.hasEnded = true
    // A client that left looks like one that has no more requests. Few of the latter wait for an answer that comes in parts.
    if (this.stream !== undefined) this.destroy()
    else if (this.request === undefined) this.socket.end()
  }

  private readonly onError = (): void => undefined

  private readonly onClose = (): void => {
    this.stream?.destroy()
    if (this.request !== undefined) this.front.answered()
    this.request = undefined
    this.front.gone(this)
  }

  /** Nothing came or went for long. Where the function takes so long, the client is not disconnected. */
  private readonly onTimeout = (): void => {
    if (this.request === undefined || this.socket.writableLength > 0) this.destroy()
  }

  /** Writes the last of an answer. */
  private send(head: string, body: Buffer): void {
    sendWhole(this.socket, head, body)
    this.finish()
  }

  /** Passes a body on as it comes, no faster than the client reads. */
  private pump(stream: Readable, isCounted: boolean): void {
    const { socket } = this
    const onDrain = (): void => {
      socket.setTimeout(IDLE_MS + LATER_MS)
      stream.resume()
    }
    this.stream = stream
    socket.on('drain', onDrain)
    stream.on('data', (bytes: Buffer) => {
      socket.cork()
      if (!isCounted) socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
      let goesOn = socket.write(bytes)
      if (!isCounted) goesOn = socket.write('\r\n', 'latin1')
      socket.uncork()
      if (goesOn) return
      stream.pause()
      socket.setTimeout(UNREAD_MS)
    })
    stream.on('end', () => {
      socket.off('drain', onDrain)
      this.stream = undefined
      if (!isCounted) socket.write('0\r\n\r\n', 'latin1')
      this.finish()
    })
    stream.on('error', () => this.destroy())
  }

  /** An answer was written; it is over once the system has all of it. */
  private finish(): void {
    const { socket } = this
    if (socket.writableLength === 0 || socket.destroyed) return this.over()
    // A client that reads nothing of its answer for too long is disconnected.
    socket.setTimeout(UNREAD_MS)
    socket.write('', () => {
      socket.setTimeout(IDLE_MS + LATER_MS)
      this.over()
    })
  }

  private over(): void {
    const { socket, early, front } = this
    if (this.request === undefined) return
    this.request = undefined
    front.answered()
    if (front.isClosing || (this.hasEnded && early.length === 0)) return void socket.end()
    if (early.length === 0) return
    this.early = []
    this.onData(Buffer.concat(early))
    if (this.request === undefined || this.early.length === 0) socket.resume()
  }

  private leave(bytes: Buffer): void {
    const { socket } = this
    socket.off('data', this.onData).off('end', this.onEnd)
    socket.off('error', this.onError).off('close', this.onClose).off('timeout', this.onTimeout)
    socket.setTimeout(0)
    this.front.gone(this)
    this.front.handOver(socket)
    socket.unshift(bytes)
  }
}

function isCallId(name: string): boolean {
  return name === 'x-call-id'
}

/** The header lines of an answer, with the length of its body where that is known. */
function linesOf({ headers, body }: Reply, hasBody: boolean): string[] {
  const lines = endToEnd(headers, isCallId)
  if (!hasBody || !Buffer.isBuffer(body)) return lines
  const told = headerIn(lines, 'content-length')
  if (told === String(body.length)) return lines
  // A wrong length would make the next answer begin in the wrong place.
  return [...without(lines, (name) => name === 'content-length'), 'content-length', String(body.length)]
}

/** The head of an answer without the connection's own headers; undefined where it has a character that HTTP cannot carry. */
function headOf({ status, reason }: Reply, lines: readonly string[]): string | undefined {
  const words = reason === undefined || reason === '' ? (STATUS_CODES[status] ?? 'unknown') : reason
  if (!isValue(words)) return undefined
  let head = `HTTP/1.1 ${status} ${words}\r\n`
  for (let at = 0; at < lines.length; at += 2) {
    if (!isToken(lines[at]!) || !isValue(lines[at + 1]!)) return undefined
    head += `${lines[at]}: ${lines[at + 1]}\r\n`
  }
  return head
}

/** Reads a body to its end where the answer must not have one, so that the execution ends. */
function letPass(body: Reply['body']): void {
  if (!Buffer.isBuffer(body) && 'stream' in body) body.stream.resume()
}
