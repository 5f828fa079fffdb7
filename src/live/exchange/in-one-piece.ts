import type { Socket } from 'node:net'

/** Bodies of so many bytes are copied rather than sent apart from their heads. */
export const SHORT_BYTES = 8192

/** Sends a head with the whole of its body: a short one in one piece, and a long one without a copy of it. */
export function sendWhole(socket: Socket, head: string, body: Buffer): void {
  if (body.length <= SHORT_BYTES) return void socket.write(head + body.toString('latin1'), 'latin1')
  socket.cork()
  socket.write(head, 'latin1')
  socket.write(body)
  socket.uncork()
}
