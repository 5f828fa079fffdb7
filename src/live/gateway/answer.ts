import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { endToEnd } from '../exchange/headers.ts'
import { SHORT_BYTES } from '../exchange/in-one-piece.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'
import { hasBody } from './bodies.ts'

/** How long an idle connection is kept, in ms. */
export const IDLE_MS = 75_000
/** How much longer it is kept than clients are told, in ms. So a request at the last moment still arrives. */
export const LATER_MS = 10_000
/** How long a client may take none of its answer, in ms. */
export const UNREAD_MS = 60_000
const JSON_TYPE = 'application/json; charset=utf-8'

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

/** Every error has this shape: what it is, in one word; why, in a sentence; and the call's id where there is one. */
export function errorOf(
  status: number,
  error: string,
  message: string,
  id?: string,
): { readonly text: string; readonly headers: Readonly<Record<string, string>> } {
  const text = JSON.stringify({ error, message, ...(id === undefined ? {} : { id }) })
  const headers = {
    'content-type': JSON_TYPE,
    'content-length': String(Buffer.byteLength(text)),
    ...(id === undefined ? {} : { 'x-call-id': id }),
    ...(status === 503 || status === 429 ? { 'retry-after': '1' } : {}),
  }
  return { text, headers }
}

export function sendError(response: ServerResponse, status: number, error: string, message: string, id?: string): void {
  const { text, headers } = errorOf(status, error, message, id)
  // The rest of the client's body is not read.
  const isRead = response.req.complete || !hasBody(response.req)
  response.writeHead(status, isRead ? headers : { ...headers, connection: 'close' })
  response.end(text)
}

export function sendFault(response: ServerResponse, fault: Fault, id: string): void {
  if (response.headersSent || response.destroyed) response.destroy()
  else sendError(response, fault.status, fault.kind, fault.message, id)
}

/** Passes an answer on as the function gave it: its status, its status text and its headers, and nothing else. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply, id: string): void {
  const headers = endToEnd(reply.headers, (name) => name === 'x-call-id')
  headers.push('x-call-id', id)
  response.sendDate = false
  try {
    if (reply.reason === undefined || reply.reason === '') response.writeHead(reply.status, headers)
    else response.writeHead(reply.status, reply.reason, headers)
  } catch (error) {
    // A character that HTTP cannot carry.
    giveUp(reply.body)
    return sendFault(response, faultOf(error, 'garbage'), id)
  }
  const { body } = reply
  if (Buffer.isBuffer(body)) {
    if (request.method === 'HEAD') response.end()
    // A short body is sent with its head, in one piece.
    else if (body.length <= SHORT_BYTES) response.end(body.toString('latin1'), 'latin1')
    else response.end(body)
    if (response.writableLength === 0) return
    boundReading(response)
    response.once('finish', () => unboundReading(response))
  } else if ('stream' in body) pump(body.stream, response)
}

/** Ends an answer whose client is gone, and its execution. */
export function giveUp(body: Reply['body']): void {
  if (!Buffer.isBuffer(body) && 'stream' in body) body.stream.destroy()
}

/** Passes a body on as it comes, no faster than the client reads. */
function pump(stream: Readable, response: ServerResponse): void {
  // The first event may come late, so the head is sent at once.
  response.flushHeaders()
  stream.on('data', (bytes: Buffer) => {
    if (response.write(bytes)) return
    stream.pause()
    boundReading(response)
    response.once('drain', () => {
      unboundReading(response)
      stream.resume()
    })
  })
  stream.on('end', () => response.end())
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
}

/** A client that reads nothing of its answer for too long is disconnected: Node does that where a socket times out. */
function boundReading({ socket }: ServerResponse): void {
  socket?.setTimeout(UNREAD_MS)
}

function unboundReading({ socket }: ServerResponse): void {
  socket?.setTimeout(0)
}
