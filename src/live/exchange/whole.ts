import { Fault, faultOf } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'

/** An answer with its body whole. Rejects with the Fault that cut it. */
export async function whole(reply: Reply): Promise<Reply & { readonly body: Buffer }> {
  const { body } = reply
  if (Buffer.isBuffer(body)) return { ...reply, body }
  if (!('stream' in body)) throw new Fault('garbage', 'the answer changes to another protocol')
  const parts: Buffer[] = []
  try {
    for await (const part of body.stream as AsyncIterable<Buffer>) parts.push(part)
  } catch (error) {
    throw faultOf((await body.done) ?? error, 'broken')
  }
  return { ...reply, body: Buffer.concat(parts) }
}
