import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { whole } from '../../../src/live/exchange/whole.ts'
import { Fault } from '../../../src/live/fault.ts'

const OK = { status: 200, headers: ['content-type', 'text/event-stream'] }

describe('an answer that is wanted whole', () => {
  it('is cut where it has too many bytes, as an event stream that never ends, and is read no further', async () => {
    let given = 0
    const stream = new Readable({
      read() {
        given += 1
        this.push(Buffer.alloc(100))
      },
    })
    const { promise: done, resolve } = Promise.withResolvers<Fault>()
    // What a connection says of a reader who leaves.
    stream.on('close', () => resolve(new Fault('hungUp', 'the client hung up')))
    const refused = whole({ ...OK, body: { stream, done } }, 1000)
    await expect(refused).rejects.toMatchObject({ kind: 'garbage', message: 'the answer has more than 1000 bytes' })
    expect(stream.destroyed).toBe(true)
    expect(given).toBeLessThan(2000)
  })

  it('is all that came, up to its bound', async () => {
    const stream = Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false })
    const { body } = await whole({ ...OK, body: { stream, done: Promise.resolve(undefined) } }, 4)
    expect(body.toString()).toBe('abcd')
  })
})
