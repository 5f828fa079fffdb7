import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { ConnectionPool } from '../../../src/live/exchange/connection-pool.ts'
import { whole } from '../../../src/live/exchange/whole.ts'
import type { Fault } from '../../../src/live/fault.ts'
import type { Reply } from '../../../src/live/instance/contract.ts'
import { Run } from '../../../src/live/instance/execution.ts'
import { withFolder } from '../folder.ts'

const CALL = { method: 'POST', path: '/', headers: ['host', 'x'], body: Buffer.from('{}') }
const BOUNDS = { mostBytes: 1_000_000 }

let servers: Server[] = []
let pools: ConnectionPool[] = []
afterEach(async () => {
  for (const pool of pools) pool.close()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  servers = []
  pools = []
})

/** A pool to a server that does this with every connection. */
async function poolTo(serve: (socket: Socket) => void): Promise<ConnectionPool> {
  const server = createServer({ allowHalfOpen: false }, (socket) => serve(socket.on('error', () => undefined)))
  return poolOf(server)
}

async function poolOf(server: Server, socketPath?: string): Promise<ConnectionPool> {
  server.listen(socketPath === undefined ? { port: 0, host: '127.0.0.1' } : { path: socketPath })
  await once(server, 'listening')
  servers.push(server)
  const port = (): number => (server.address() as AddressInfo).port
  const pool = new ConnectionPool(
    socketPath === undefined ? { host: '127.0.0.1', port: port() } : { socketPath },
    BOUNDS,
  )
  pools.push(pool)
  return pool
}

const ask = (pool: ConnectionPool): Promise<Reply> => pool.send(CALL, new Run())
const outcome = (pool: ConnectionPool, body = CALL.body): Promise<number | string> =>
  pool
    .send({ ...CALL, body }, new Run())
    .then((reply) => whole(reply, 1_000_000))
    .then(
      ({ status }) => status,
      (fault: Fault) => fault.kind,
    )
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('a server that closes idle connections', () => {
  it.each([20, 50, 120])('after %i ms, of which it says nothing: no call is lost, and none comes twice', async (ms) => {
    let executed = 0
    const pool = await poolTo((socket) => {
      socket.setTimeout(ms, () => socket.end())
      socket.on('data', () => {
        executed += 1
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    const statuses: (number | string)[] = []
    // Just about when it closes.
    for (let call = 0; call < 30; call += 1) {
      statuses.push(await outcome(pool))
      await pause(ms - 5 + (call % 10))
    }
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(executed).toBe(30)
  })

  it.each([0, 1, 3, 10])('%i ms after every answer, unannounced: no call that comes then is lost', async (ms) => {
    let executed = 0
    const pool = await poolTo((socket) => {
      socket.on('data', () => {
        executed += 1
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        // With what comes until then unread, so that the client is told nothing but that the connection broke.
        socket.pause()
        setTimeout(() => socket.resetAndDestroy(), ms)
      })
    })
    const statuses: (number | string)[] = []
    for (let call = 0; call < 40; call += 1) {
      statuses.push(await outcome(pool))
      await pause(call % 15)
    }
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(executed).toBe(40)
  })

  it('and answers on one connection at a time: a call waits for no other connection of the adapter’s', async () => {
    const waiting: Socket[] = []
    let served: Socket | undefined
    const next = (): void => {
      served = waiting.shift()
      served?.on('data', () => served!.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
      served?.on('close', next)
    }
    const pool = await poolTo((socket) => {
      waiting.push(socket)
      if (served === undefined) next()
    })
    for (const ms of [0, 1, 30, 1, 50, 300]) {
      expect(await outcome(pool)).toBe(200)
      await pause(ms)
    }
    // None was kept that another one had to wait for.
    expect(waiting).toEqual([])
  })

  it('after as long as it announces: the connection is used until half of that', async () => {
    let connections = 0
    const pool = await poolTo((socket) => {
      connections += 1
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok'))
      setTimeout(() => socket.end(), 1000)
    })
    for (let call = 0; call < 5; call += 1) {
      expect(await outcome(pool)).toBe(200)
      await pause(80)
    }
    expect(connections).toBe(1)
    await pause(550)
    expect(await outcome(pool)).toBe(200)
    expect(connections).toBe(2)
  })

  it('at the very moment of a call: it is sent again where the server had not read it', async () => {
    let executed = 0
    const sockets: Socket[] = []
    const pool = await poolTo((socket) => {
      sockets.push(socket)
      socket.on('data', () => {
        executed += 1
        socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    expect(await outcome(pool)).toBe(200)
    await pause(50)
    // In the same turn as the call: the end has come, and nobody has read it.
    sockets[0]!.destroy()
    expect(await outcome(pool)).toBe(200)
    expect([sockets.length, executed]).toEqual([2, 2])
    await pause(50)
    // More than a segment: the server could have read its beginning.
    sockets[1]!.destroy()
    expect(await outcome(pool, Buffer.alloc(1200))).toBe('broken')
    expect(executed).toBe(2)
  })

  it('before it read anything of a new one: the call is sent again, over another one', async () => {
    // In a thread of its own, so that it closes the connection while the thread of the pool stands still.
    const worker = new Worker(CLOSES_THE_FIRST, { eval: true })
    const [port] = (await once(worker, 'message')) as [number]
    const pool = new ConnectionPool({ host: '127.0.0.1', port }, BOUNDS)
    pools.push(pool)
    const executions: unknown[] = []
    worker.on('message', (execution) => executions.push(execution))
    const answer = outcome(pool)
    process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100))
    expect(await answer).toBe(200)
    await worker.terminate()
    expect(executions).toEqual([{ connection: 2 }])
  })
})

const CLOSES_THE_FIRST = `
const { createServer } = require('node:net')
const { parentPort } = require('node:worker_threads')
let connections = 0
const server = createServer((socket) => {
  connections += 1
  if (connections === 1) return socket.destroy()
  socket.on('data', () => {
    parentPort.postMessage({ connection: connections })
    socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok')
  })
})
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

describe('a connection that is reset', () => {
  it('before the answer, by a server that read the call: the caller is told, and it is not sent again', async () => {
    let executed = 0
    const pool = await poolTo((socket) => {
      socket.on('data', () => {
        executed += 1
        if (executed === 2) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    expect([await outcome(pool), await outcome(pool)]).toEqual([200, 'broken'])
    expect(executed).toBe(2)
    expect(await outcome(pool)).toBe(200)
  })

  it('by an orderly end without an answer: the caller is told, and it is not sent again', async () => {
    let executed = 0
    const pool = await poolTo((socket) => {
      socket.on('data', (bytes: Buffer) => {
        // Whether the other side still listens is asked for with an empty line.
        executed += bytes.includes('POST') ? 1 : 0
        if (executed === 2) socket.end()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    expect([await outcome(pool), await outcome(pool), await outcome(pool)]).toEqual([200, 'broken', 200])
    expect(executed).toBe(3)
  })

  it.each([2, 100_000])('over a unix socket, by a server that read %i bytes: it is not sent again', (bytes) =>
    withFolder(async (folder) => {
      let executed = 0
      const server = createServer((socket) => {
        let read = 0
        socket.on('error', () => undefined)
        socket.on('data', (part: Buffer) => {
          read += part.length
          executed += part.includes('POST') ? 1 : 0
          if (executed === 1) socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=5\r\ncontent-length: 2\r\n\r\nok')
          else if (read >= bytes) setTimeout(() => socket.destroy(), 5)
        })
      })
      const pool = await poolOf(server, join(folder, 'socket'))
      expect(await outcome(pool)).toBe(200)
      await pause(5)
      expect(await outcome(pool, Buffer.alloc(bytes))).toBe('broken')
      expect(executed).toBe(2)
    }),
  )

  it('within an answer: its reader is told', async () => {
    const pool = await poolTo((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n')
        setTimeout(() => socket.resetAndDestroy(), 20)
      })
    })
    const reply = await ask(pool)
    expect(reply.status).toBe(200)
    await expect(whole(reply, 1_000_000)).rejects.toMatchObject({ kind: 'broken' })
  })

  it('after an answer: nobody is told, and the next call has another connection', async () => {
    const pool = await poolTo((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        setTimeout(() => socket.resetAndDestroy(), 5)
      })
    })
    for (let call = 0; call < 5; call += 1) {
      expect(await outcome(pool)).toBe(200)
      await pause(10)
    }
  })

  it('says nothing of its neighbours', async () => {
    const pool = await poolTo((socket) => {
      socket.on('data', (bytes: Buffer) => {
        if (bytes.includes('reset')) socket.resetAndDestroy()
        else setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 30)
      })
    })
    const neighbours = Array.from({ length: 20 }, () => outcome(pool))
    const reset = pool.send({ ...CALL, path: '/reset' }, new Run()).catch((fault: Fault) => fault.kind)
    expect(await reset).toBe('broken')
    expect(new Set(await Promise.all(neighbours))).toEqual(new Set([200]))
  })
})

describe('an exchange', () => {
  it('is refused by nobody who listens: the caller is told soon', async () => {
    const pool = await poolTo(() => undefined)
    await new Promise((resolve) => servers.pop()!.close(resolve))
    expect(await outcome(pool)).toBe('broken')
  })

  it('has a bound on what is answered, whether it is announced or not', async () => {
    const announced = await poolTo((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000001\r\n\r\n')),
    )
    expect(await outcome(announced)).toBe('garbage')
    const endless = await poolTo((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        const timer = setInterval(() => socket.write(Buffer.alloc(100_000)), 1)
        socket.on('close', () => clearInterval(timer))
      }),
    )
    expect(await outcome(endless)).toBe('garbage')
  })
})
