import { Fault, faultOf } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'

/**
 * An answer with its whole body. Rejects with the Fault that cut it, or where it has more than so many bytes: an event stream
 * has no other limit.
 */
export async function whole(reply: Reply, mostBytes: number): Promise<Reply & { readonly body: Buffer }> {
  const { body } = reply
  if (Buffer.isBuffer(body)) return { ...reply, body }
  if (!('stream' in body)) throw new Fault('garbage', 'the answer changes to another protocol')
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of body.stream as AsyncIterable<Buffer>) {
      bytes += part.length
      // Leaving the loop ends the stream, and with it the execution.
      if (bytes > mostBytes) throw new Fault('garbage', `the answer has more than ${mostBytes} bytes`)
      parts.push(part)
    }
  } catch (error) {
    throw error instanceof Fault ? error : faultOf((await body.done) ?? error, 'broken')
  }
  return { ...reply, body: Buffer.concat(parts) }
}
