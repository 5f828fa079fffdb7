import { STATUS_CODES } from 'node:http'
import { type Duplex, pipeline } from 'node:stream'
import type { Adapter } from '../adapter.ts'
import { faultOf } from '../fault.ts'
import type { Whom } from '../fleet/app-rows.ts'
import type { Call, LongReply, Reply } from '../instance/contract.ts'

/** Answers with an error where there is no response object of Node's, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number, error: string, message: string, id?: string): void {
  const text = JSON.stringify({ error, message, ...(id === undefined ? {} : { id }) })
  const lines = ['content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(text)}`]
  socket.end(`${lineOf(status)}\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${text}`)
}

/**
 * Serves a call that changes to another protocol, as a WebSocket does, and passes bytes on both ways. It is one execution
 * until it ends. It also ends after `silenceMs` without any byte.
 */
export async function tunnel(
  adapter: Adapter,
  { app, fn }: Whom,
  call: Call,
  socket: Duplex,
  head: Buffer,
  silenceMs: number,
): Promise<void> {
  try {
    const reply = await adapter.invoke(app, fn, call)
    if (Buffer.isBuffer(reply.body) || !('socket' in reply.body)) return answer(socket, reply, reply.body)
    const other = reply.body.socket
    socket.write(`${lineOf(reply.status, reply.reason)}\r\n${written(reply.headers, true)}\r\n`)
    if (head.length > 0) other.write(head)
    const timer = setTimeout(() => end(), silenceMs)
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      other.destroy()
    }
    const alive = (): void => void timer.refresh()
    socket.on('data', alive).on('close', end).pipe(other)
    other.on('data', alive).on('close', end).on('error', end).pipe(socket)
  } catch (error) {
    const { status, kind, message } = faultOf(error, 'backend')
    refuseUpgrade(socket, status, kind, message, call.id)
  }
}

/** The function did not change the protocol: its answer is passed on as it comes, and then the connection ends. */
function answer(socket: Duplex, { status, reason, headers }: Reply, body: Buffer | LongReply): void {
  socket.write(`${lineOf(status, reason)}\r\n${written(headers)}connection: close\r\n\r\n`)
  if (Buffer.isBuffer(body)) return void socket.end(body)
  pipeline(body.stream, socket, () => undefined)
}

function lineOf(status: number, reason = STATUS_CODES[status] ?? ''): string {
  return `HTTP/1.1 ${status} ${reason}`
}

function written(headers: readonly string[], isUpgrade = false): string {
  let text = ''
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase()
    const isFraming = ['content-length', 'transfer-encoding', 'connection', 'keep-alive'].includes(name)
    if (isUpgrade || !isFraming) text += `${headers[at]}: ${headers[at + 1]}\r\n`
  }
  return text
}
