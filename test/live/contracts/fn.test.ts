import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/live/instance/backend.ts'
import type { Session } from '../../../src/live/instance/contract.ts'
import { Run } from '../../../src/live/instance/execution.ts'
import { CONTRACTS } from '../../../src/live/contracts/index.ts'
import { appOf } from '../deployed.ts'

let base: string
let servers: Server[]
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'pl-fn-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve).closeAllConnections())
  rmSync(base, { recursive: true })
})

/** A server on a unix socket of the folder that answers with its name. */
async function listening(name: string): Promise<void> {
  const server = createServer((_request, response) => response.end(name))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(join(base, name), resolve))
}

function open(): Promise<Session> {
  const ground = { folder: { outside: join(base, 'shared'), inside: '/tmp/iofs' } }
  return CONTRACTS.get('fn', 'test').open(appOf('process', 'fn', 'fdk'), ground)
}

function files(): number {
  return readdirSync('/proc/self/fd').length
}

const SANDBOX = {} as Sandbox

async function answerOf(session: Session): Promise<string> {
  const call = { id: 'c', fn: 'f', method: 'POST', path: '/', headers: [], body: Buffer.alloc(0) }
  return String((await session.invoke(call, Date.now() + 1000, new Run())).body)
}

describe('the socket of an fn program', () => {
  beforeEach(async () => {
    rmSync(join(base, 'shared'), { recursive: true, force: true })
    mkdirSync(join(base, 'shared'))
    await listening('elsewhere')
  })

  it('is the one that was there when it became ready, wherever its name leads later', async () => {
    await listening('shared/own')
    symlinkSync('own', join(base, 'shared/lsnr.sock'))
    const session = await open()
    await session.ready(SANDBOX, AbortSignal.timeout(1000))
    expect(await answerOf(session)).toBe('shared/own')
    rmSync(join(base, 'shared/lsnr.sock'))
    symlinkSync('../elsewhere', join(base, 'shared/lsnr.sock'))
    servers.at(-1)!.closeIdleConnections()
    // The client hears of it.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await answerOf(session)).toBe('shared/own')
    await session.close()
  })

  it('is none of another folder, neither by a link nor by a link to a link', async () => {
    symlinkSync('../elsewhere', join(base, 'shared/lsnr.sock'))
    const direct = (await open()).ready(SANDBOX, AbortSignal.timeout(300))
    await expect(direct).rejects.toMatchObject({ kind: 'garbage' })
    rmSync(join(base, 'shared/lsnr.sock'))
    symlinkSync('../elsewhere', join(base, 'shared/second'))
    symlinkSync('second', join(base, 'shared/lsnr.sock'))
    const chained = (await open()).ready(SANDBOX, AbortSignal.timeout(300))
    await expect(chained).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('costs no open file once the session is closed', async () => {
    await listening('shared/lsnr.sock')
    const before = files()
    const session = await open()
    await session.ready(SANDBOX, AbortSignal.timeout(1000))
    expect(files()).toBeGreaterThan(before)
    await session.close()
    expect(files()).toBe(before)
  })
})

/** A program that answers with what it was told, and these headers of its own. */
async function told(headers: readonly string[], answered: readonly string[]) {
  mkdirSync(join(base, 'shared'))
  const server = createServer(({ rawHeaders, method, url }, response) => {
    response.writeHead(200, [...answered]).end(JSON.stringify({ rawHeaders, method, url }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(join(base, 'shared/lsnr.sock'), resolve))
  const session = await open()
  await session.ready(SANDBOX, AbortSignal.timeout(1000))
  const about = { id: 'c1', fn: 'f', method: 'PATCH', path: '/a?b=1', url: 'https://shop.example/a?b=1' }
  const call = { ...about, headers, body: Buffer.from('x') }
  const reply = await session.invoke(call, Date.UTC(2026, 0, 2), new Run()).finally(() => session.close())
  const { rawHeaders, ...line } = JSON.parse(String(reply.body)) as {
    rawHeaders: string[]
    method: string
    url: string
  }
  const lines = rawHeaders.map((part, at) => (at % 2 === 0 ? `${part}: ${rawHeaders[at + 1]}` : '')).filter(Boolean)
  return { reply, line, lines }
}

describe('a call of an fn program', () => {
  it('is told of method, URL and headers as Fn’s gateway does, and of none that a client forged', async () => {
    const forged = ['Fn-Http-Method', 'DELETE', 'fn-http-request-url', '/forged', 'Fn-Http-H-Role', 'admin']
    const sent = ['host', 'shop.example', 'content-type', 'text/x', 'X-two', '1', 'x-TWO', '2', ...forged]
    const { line, lines } = await told([...sent, 'FN-DEADLINE', 'never', 'Fn-Call-Id', 'forged'], [])
    expect(line).toEqual({ method: 'POST', url: '/call' })
    expect(lines.filter((each) => !/^(connection|content-length):/i.test(each))).toEqual([
      'Host: localhost',
      'Fn-Call-Id: c1',
      'X-Function: f',
      'Fn-Intent: httprequest',
      'Fn-Http-Method: PATCH',
      'Fn-Http-Request-Url: https://shop.example/a?b=1',
      'Fn-Http-H-Host: shop.example',
      'content-type: text/x',
      'Fn-Http-H-Content-Type: text/x',
      'Fn-Http-H-X-Two: 1',
      'Fn-Http-H-X-Two: 2',
      'Fn-Deadline: 2026-01-02T00:00:00.000Z',
    ])
  })

  it('is answered with the status and the headers that the function meant for HTTP', async () => {
    const answered = ['Fn-Http-Status', '201', 'Fn-Http-H-X-Own', 'a', 'Fn-Http-H-Content-Type', 'text/own']
    const framing = ['Fn-Http-H-Content-Length', '999', 'Fn-Http-H-Transfer-Encoding', 'gzip']
    const { reply } = await told([], ['content-type', 'application/json', ...answered, ...framing])
    expect(reply.status).toBe(201)
    const meant = reply.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    expect(meant.filter((name) => name === 'content-type')).toHaveLength(1)
    expect(reply.headers).toEqual(expect.arrayContaining(['X-Own', 'a', 'Content-Type', 'text/own']))
    expect(reply.headers.join()).not.toMatch(/fn-http|999|gzip/i)
  })

  it('is garbage where the status is none', async () => {
    await expect(told([], ['Fn-Http-Status', '42'])).rejects.toMatchObject({ kind: 'garbage' })
  })
})
