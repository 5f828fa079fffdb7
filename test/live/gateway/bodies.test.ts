import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bodies } from '../../../src/live/gateway/bodies.ts'
import { Incoming } from '../../../src/live/gateway/incoming.ts'
import { eventually } from '../serving.ts'

const MB = 1024 * 1024

let bodies: Bodies
let server: Server
let outcomes: unknown[]
/** What those who use a body wait for. */
let gate: PromiseWithResolvers<void>
beforeEach(async () => {
  bodies = new Bodies(8 * MB)
  outcomes = []
  gate = Promise.withResolvers()
  server = createServer({ IncomingMessage: Incoming }, (request, response) => {
    const used = async (): Promise<number> => {
      const body = await bodies.read(request, 6 * MB)
      await gate.promise
      bodies.release(body)
      return body.length
    }
    void used()
      .catch((fault: unknown) => fault)
      .then((outcome) => outcomes.push(outcome))
      .finally(() => response.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

/** A client that has sent so many bytes of a body, and says that it has `length`; undefined: it does not say. */
function sending(bytes: number, length: number | undefined): Socket {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
  const framed = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`
  client.write(`POST / HTTP/1.1\r\nhost: x\r\n${framed}\r\n\r\n`)
  if (length === undefined) client.write(`${bytes.toString(16)}\r\n`)
  client.write(Buffer.alloc(bytes))
  return client
}

describe('the bodies of requests', () => {
  it('are held until their calls are over, and count for nothing after that', async () => {
    const client = sending(3 * MB, 3 * MB)
    await eventually(() => bodies.bytes === 3 * MB)
    gate.resolve()
    await eventually(() => outcomes.length === 1)
    expect([outcomes, bodies.bytes]).toEqual([[3 * MB], 0])
    client.destroy()
  })

  it('are refused where all together are too large, however much each says that it will have', async () => {
    const clients = [sending(4 * MB, 5 * MB), sending(3 * MB, undefined)]
    await eventually(() => bodies.bytes === 7 * MB)
    clients.push(sending(2 * MB, undefined))
    await eventually(() => outcomes.length === 1)
    expect(outcomes).toMatchObject([{ kind: 'tooMany', status: 429 }])
    expect(bodies.bytes).toBe(7 * MB)
    for (const client of clients) client.destroy()
    await eventually(() => bodies.bytes === 0)
    expect(outcomes.slice(1)).toMatchObject([{ kind: 'badRequest' }, { kind: 'badRequest' }])
  })

  it('are refused where one is too large, at once where it says so', async () => {
    const clients = [sending(1, 7 * MB), sending(7 * MB, undefined)]
    await eventually(() => outcomes.length === 2)
    expect(outcomes).toMatchObject([
      { kind: 'tooLarge', status: 413 },
      { kind: 'tooLarge', status: 413 },
    ])
    expect(bodies.bytes).toBe(0)
    for (const client of clients) client.destroy()
  })
})
