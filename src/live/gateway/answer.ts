import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { endToEnd } from '../exchange/headers.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'

/** How long a client may take none of its answer, in ms. */
const UNREAD_MS = 60_000
/** Bodies of so many bytes are copied rather than sent apart from their heads. */
const SHORT_BYTES = 8192

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

/** Every error has this shape: what it is, in one word; why, in a sentence; and the call's id where there is one. */
export function sendError(response: ServerResponse, status: number, error: string, message: string, id?: string): void {
  const { req: request } = response
  sendJson(
    response,
    status,
    { error, message, ...(id === undefined ? {} : { id }) },
    {
      ...(id === undefined ? {} : { 'x-call-id': id }),
      ...(status === 503 || status === 429 ? { 'retry-after': '1' } : {}),
      // What the client still sends of its body is not read.
      ...(request.complete ? {} : { connection: 'close' }),
    },
  )
}

export function sendFault(response: ServerResponse, fault: Fault, id: string): void {
  if (response.headersSent || response.destroyed) response.destroy()
  else sendError(response, fault.status, fault.kind, fault.message, id)
}

/** Hands an answer on as the function gave it: its status, its words and its headers, and nothing that it did not say. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply, id: string): void {
  const headers = endToEnd(reply.headers, (name) => name === 'x-call-id')
  headers.push('x-call-id', id)
  response.sendDate = false
  try {
    if (reply.reason === undefined || reply.reason === '') response.writeHead(reply.status, headers)
    else response.writeHead(reply.status, reply.reason, headers)
  } catch (error) {
    // A character that HTTP cannot carry.
    return sendFault(response, faultOf(error, 'garbage'), id)
  }
  const { body } = reply
  if (Buffer.isBuffer(body)) {
    if (request.method === 'HEAD') response.end()
    // What is short is sent with its head, in one piece.
    else if (body.length <= SHORT_BYTES) response.end(body.toString('latin1'), 'latin1')
    else response.end(body)
    if (response.writableLength === 0) return
    boundReading(response)
    response.once('finish', () => unboundReading(response))
  } else if ('stream' in body) pump(body.stream, response)
}

/** Hands a body on as it comes, no faster than the client reads. */
function pump(stream: Readable, response: ServerResponse): void {
  // An event may be long in coming: its reader is to know at once that it may wait.
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

/** A client that takes nothing of its answer for too long is cut off: Node does that where a socket times out. */
function boundReading({ socket }: ServerResponse): void {
  socket?.setTimeout(UNREAD_MS)
}

function unboundReading({ socket }: ServerResponse): void {
  socket?.setTimeout(0)
}
