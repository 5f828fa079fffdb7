import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Backend, Sandbox } from '../../../src/live/instance/backend.ts'
import { BACKENDS } from '../../../src/live/backends/index.ts'
import { CONTRACTS, needsOf } from '../../../src/live/contracts/index.ts'
import type { Call, Reply, Session } from '../../../src/live/instance/contract.ts'
import { Fault } from '../../../src/live/fault.ts'
import { Run } from '../../../src/live/instance/execution.ts'
import type { LiveApp } from '../../../src/live/live-app.ts'
import { appOf, PLACES, PROGRAMS_BY_CONTRACT, withBackend } from '../deployed.ts'
import { importImage, SOCKET } from '../engine-image.ts'
import { eventually } from '../serving.ts'

beforeAll(async () => {
  if (SOCKET !== undefined) await importImage(SOCKET)
}, 120_000)

interface Started {
  readonly sandbox: Sandbox
  readonly session: Session
  readonly invoke: (request: unknown, more?: Partial<Call>) => Promise<Reply>
}

async function start(backend: Backend, app: LiveApp): Promise<Started> {
  const contract = CONTRACTS.get(app.contract, 'test')
  const ground = await backend.prepare(contract.needs, randomUUID().slice(0, 8))
  const session = await contract.open(app, ground)
  const sandbox = await backend.start(app, session.env, ground)
  await session.ready(sandbox, AbortSignal.timeout(app.startTimeoutMs))
  const invoke = (request: unknown, more: Partial<Call> = {}): Promise<Reply> => {
    const headers = ['content-type', 'application/json']
    const body = Buffer.from(JSON.stringify(request))
    const deadlineMs = Date.now() + app.timeoutMs
    const call: Call = { id: randomUUID(), fn: 'f', method: 'POST', path: '/', headers, body, ...more }
    const run = new Run()
    setTimeout(() => run.giveUp(new Fault('timeout', 'too late')), app.timeoutMs).unref()
    return session.invoke(call, deadlineMs, run)
  }
  return { sandbox, session, invoke }
}

async function end({ sandbox, session }: Started): Promise<void> {
  await session.close()
  await sandbox.stop(0)
}

function valueOf({ body }: Reply): Record<string, unknown> {
  return JSON.parse((body as Buffer).toString()) as Record<string, unknown>
}

it('the programs of the tests keep contracts that are listed', () => {
  expect(CONTRACTS.ids).toEqual(expect.arrayContaining(PROGRAMS_BY_CONTRACT.map(([contract]) => contract)))
})

/** How the caller of a program that ends in the middle of its call hears of it. */
const ON_EXIT: Readonly<Record<string, unknown>> = {
  // The functions-framework answers for a program that calls exit().
  framework: { status: 500 },
  // Lambda's runtime interface has no connection that could break: there the exit itself is the news.
  'lambda-runtime': { kind: 'timeout' },
}

describe.each(PLACES)('the backend $name', ({ id, isSkipped }) => {
  describe.each(PROGRAMS_BY_CONTRACT)('with the contract %s kept by %s', (contract, program) => {
    it.skipIf(isSkipped)('starts, answers, fails as asked, answers again, and leaves nothing', async () => {
      await withBackend(id, async (backend, _label, folder) => {
        const app = appOf(id, contract, program)
        await backend.check(app, needsOf(app))
        const started = await start(backend, app)
        const reply = await started.invoke({ act: 'echo', word: 'grüße' })
        expect(reply.status).toBe(200)
        expect(valueOf(reply)).toMatchObject({ word: 'grüße' })
        const failed = await started.invoke({ act: 'fail' }).catch((error: unknown) => error)
        expect(failed).toMatchObject(contract === 'http' ? { status: 500 } : { name: 'Fault', kind: 'failed' })
        expect(valueOf(await started.invoke({ word: 'again' }))).toMatchObject({ word: 'again' })
        expect(await started.sandbox.memoryMb()).toBeGreaterThan(5)
        await end(started)
        await started.sandbox.exited
        expect(await backend.removeLeftovers()).toBe(0)
        expect(readdirSync(folder)).toEqual([])
      })
    })

    it.skipIf(isSkipped)('says so when the program ends in the middle of a call', async () => {
      await withBackend(id, async (backend) => {
        const started = await start(backend, appOf(id, contract, program, { timeoutMs: 1500 }))
        const answer = started.invoke({ act: 'exit' }).catch((error: unknown) => error)
        expect((await started.sandbox.exited).how).toBe('exit code 3')
        expect(await answer).toMatchObject(ON_EXIT[program] ?? { kind: 'broken' })
        await end(started)
      })
    })
  })

  it.skipIf(isSkipped)('pauses an instance, which then answers nothing until it is resumed', async () => {
    await withBackend(id, async (backend) => {
      const started = await start(backend, appOf(id, 'fn', 'fdk'))
      await started.sandbox.pause()
      let answered = false
      const reply = started.invoke({ word: 'late' }).finally(() => (answered = true))
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(answered).toBe(false)
      await started.sandbox.resume()
      expect(valueOf(await reply)).toMatchObject({ word: 'late' })
      await started.sandbox.pause()
      await end(started)
      await started.sandbox.exited
    })
  })

  it.skipIf(isSkipped)('ends an instance that wants more memory than it may have, and says why', async () => {
    await withBackend(id, async (backend) => {
      const started = await start(backend, appOf(id, 'fn', 'fdk', { memoryMb: 150 }))
      const answer = started.invoke({ act: 'grow', mb: 400 }).catch((error: unknown) => error)
      expect(await started.sandbox.exited).toMatchObject({ outOfMemory: true })
      expect(await answer).toMatchObject({ kind: 'broken' })
      await end(started)
    })
  })

  it.skipIf(isSkipped)('gives a program SIGTERM and time where asked to, and no more time than that', async () => {
    await withBackend(id, async (backend) => {
      const started = await start(backend, appOf(id, 'http', 'http-server'))
      await started.session.close()
      await started.sandbox.stop(1000)
      // A program without a handler ends at SIGTERM, but not where it is the first of a container.
      expect((await started.sandbox.exited).how).toMatch(/SIGTERM|exit code 137/)
    })
  })

  it.skipIf(isSkipped)('finds what a dead adapter left by its label, and nothing of another one', async () => {
    await withBackend(id, async (mine) => {
      await withBackend(id, async (other, label) => {
        const started = await start(other, appOf(id, 'fn', 'fdk'))
        expect(await mine.removeLeftovers()).toBe(0)
        expect(valueOf(await started.invoke({ word: 'alive' }))).toMatchObject({ word: 'alive' })
        expect(label).toMatch(/^test-/)
        expect(await other.removeLeftovers()).toBe(1)
        await started.sandbox.exited
        await end(started)
      })
    })
  })

  it.skipIf(isSkipped)('keeps what the program printed last', async () => {
    await withBackend(id, async (backend) => {
      const app = appOf(id, 'http', 'http-server', { env: { EXIT_AT_START: 'yes' } })
      const contract = CONTRACTS.get('http', 'test')
      const ground = await backend.prepare(contract.needs, 'printed')
      const session = await contract.open(app, ground)
      const sandbox = await backend.start(app, session.env, ground)
      expect((await sandbox.exited).how).toBe('exit code 4')
      expect(await sandbox.output()).toContain('this program was told to end at its start')
      await end({ sandbox, session, invoke: () => Promise.reject(new Error('it has ended')) })
    })
  })
})

describe('the environment of a process', () => {
  it('holds nothing of the adapter’s but the PATH', async () => {
    process.env['SECRET'] = 'of the adapter'
    try {
      await withBackend('process', async (backend) => {
        const started = await start(backend, appOf('process', 'http', 'http-server'))
        expect(valueOf(await started.invoke({}))).toMatchObject({ path: true, secret: null })
        await end(started)
      })
    } finally {
      delete process.env['SECRET']
    }
  })
})

describe('a folder whose path is too long for sockets', () => {
  it('is told at the start of the adapter, where an app needs one', async () => {
    const folder = `/tmp/${'x'.repeat(82)}`
    const backend = await BACKENDS.get('process', 'test').open({ label: 'long', folder })
    const [fdk, http] = [appOf('process', 'fn', 'fdk'), appOf('process', 'http', 'http-server')]
    await expect(backend.check(fdk, needsOf(fdk))).rejects.toThrow(
      `folder: the sockets of instances go to ${folder}, whose path may have at most 86 bytes and has 87`,
    )
    await backend.check(http, needsOf(http))
    await backend.close()
  })
})

describe('a start that fails', () => {
  it('leaves no folder', async () => {
    await withBackend('process', async (backend, _label, folder) => {
      // The second one is refused by the system in another way: no word may have more than 128 kB.
      for (const command of [['/no/such/program'], [process.execPath, 'x'.repeat(200_000)]]) {
        const ground = await backend.prepare(CONTRACTS.get('fn', 'test').needs, 'failed')
        expect(readdirSync(folder)).toEqual(['failed'])
        const app = { ...appOf('process', 'fn', 'fdk'), command }
        await expect(backend.start(app, {}, ground)).rejects.toMatchObject({ kind: 'backend' })
        expect(readdirSync(folder)).toEqual([])
      }
    })
  })
})

/** Pipes that are open now. */
function pipes(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length
}

describe('what a program started and let go of', () => {
  it('ends with the adapter at the latest', async () => {
    const label = `escaped-${process.pid}`
    const backend = await BACKENDS.get('process', 'test').open({ label, folder: tmpdir() })
    const app = {
      ...appOf('process', 'fn', 'fdk'),
      command: ['sh', '-c', 'setsid sleep 1000 & echo started; sleep 1000'],
    }
    const before = pipes()
    const sandbox = await backend.start(app, {}, {})
    await eventually(async () => (await sandbox.output()).includes('started'))
    await sandbox.stop(0)
    // Its output is heard no longer, though it is still open.
    await eventually(() => pipes() === before)
    const other = await BACKENDS.get('process', 'test').open({ label, folder: tmpdir() })
    await backend.close()
    await eventually(async () => (await other.removeLeftovers()) === 0)
    expect(await other.removeLeftovers()).toBe(0)
  })
})

describe('the memory of what a program started', () => {
  const child = `setInterval(() => {}, 1000); globalThis.held = Buffer.alloc(120 * 1024 * 1024, 1)`
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); setInterval(() => {}, 1000)`
  const app = { ...appOf('process', 'http', 'http-server'), command: [process.execPath, '-e', parent] }

  it('counts as its own', async () => {
    await withBackend('process', async (backend) => {
      const sandbox = await backend.start({ ...app, memoryMb: 1000 }, {}, {})
      // Neither of the two programs has so much without what the child holds.
      await eventually(async () => (await sandbox.memoryMb()) > 150)
      expect(await sandbox.memoryMb()).toBeLessThan(400)
      await sandbox.stop(0)
    })
  })

  it('ends the program where both together have too much', async () => {
    await withBackend('process', async (backend) => {
      const sandbox = await backend.start({ ...app, memoryMb: 150 }, {}, {})
      expect(await sandbox.exited).toMatchObject({ outOfMemory: true })
      await sandbox.stop(0)
    })
  })
})
