import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/live/instance/backend.ts'
import type { Session } from '../../../src/live/instance/contract.ts'
import { Run } from '../../../src/live/instance/run.ts'
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
