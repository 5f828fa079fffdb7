import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { STARTS } from '../../src/live/live-limits.ts'
import type { LiveApp } from '../../src/live/live-app.ts'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { finished } from '../cli/pilotlight.ts'
import { appOf, PLACES } from './deployed.ts'
import { importImage, SOCKET } from './engine-image.ts'
import { configOf, eventually, LIMITS, type Served, serving, withServing } from './serving.ts'

beforeAll(async () => {
  if (SOCKET !== undefined) await importImage(SOCKET)
}, 120_000)

/** Demands what must hold after any fault: a next call that works, accounts that add up, nothing that waits. */
async function expectRecovered(here: Served, app: string, invocations: number): Promise<void> {
  const next = await here.call(app, { word: 'after' })
  expect(next).toMatchObject({ status: 200, body: { word: 'after' } })
  await eventually(() => here.adapter.underWay === 0)
  expect(checkLedger(here.adapter.ledger)).toEqual([])
  expect(here.adapter.ledger.invocations[0]).toBe(invocations + 1)
}

/** Demands that nothing is left of an adapter that was closed. */
async function expectNothingLeft(config: Served['config']): Promise<void> {
  const again = await serving({ ...config, listen: { host: '127.0.0.1', port: 0, tokens: {} } })
  expect(again.lines.filter(({ event }) => event === 'leftovers removed')).toEqual([])
  await again.close()
}

describe.each(PLACES)('on the backend $name', ({ id, isSkipped }) => {
  const http = (more: Partial<LiveApp> = {}): LiveApp => appOf(id, 'http', 'http-server', { name: 'web', ...more })
  const fdk = (more: Partial<LiveApp> = {}): LiveApp => appOf(id, 'fn', 'fdk', { name: 'web', ...more })

  it.skipIf(isSkipped)(
    'an instance that exits in the middle of a call: 502, and another one takes its place',
    async () => {
      await withServing(id, [http()], {}, async (here) => {
        const { body } = await here.call('web')
        expect(await here.call('web', { act: 'exit' })).toMatchObject({ status: 502, body: { error: 'exited' } })
        await expectRecovered(here, 'web', 2)
        expect(here.adapter.ledger.evicted[0]).toBe(1)
        expect(body['pid']).toBeTypeOf('number')
      })
    },
  )

  it.skipIf(isSkipped)('an instance that is killed for memory: 502, and the caller is told why', async () => {
    await withServing(id, [fdk({ memoryMb: 150 })], {}, async (here) => {
      expect(await here.call('web', { act: 'grow', mb: 500 })).toMatchObject({ status: 502, body: { error: 'memory' } })
      await expectRecovered(here, 'web', 1)
    })
  })

  it.skipIf(isSkipped)('an instance that hangs: 504 after its time limit, and it is ended', async () => {
    await withServing(id, [http({ timeoutMs: 300 })], {}, async (here) => {
      expect(await here.call('web', { act: 'hang' })).toMatchObject({ status: 504, body: { error: 'timeout' } })
      await expectRecovered(here, 'web', 1)
      expect(here.adapter.instances).toHaveLength(1)
    })
  })

  it.skipIf(isSkipped)('an instance that answers late: 504, and its answer goes nowhere', async () => {
    await withServing(id, [http({ timeoutMs: 300 })], {}, async (here) => {
      const late = await here.call('web', { act: 'sleep', ms: 500, word: 'late' })
      expect(late).toMatchObject({ status: 504, body: { error: 'timeout' } })
      await expectRecovered(here, 'web', 1)
    })
  })

  it.skipIf(isSkipped)('an instance that answers garbage, or far too much: 502, and it is replaced', async () => {
    await withServing(id, [http()], {}, async (here) => {
      expect(await here.call('web', { act: 'garbage' })).toMatchObject({ status: 502, body: { error: 'garbage' } })
      expect(await here.call('web', { act: 'large', mb: 7 })).toMatchObject({ status: 502, body: { error: 'garbage' } })
      for (const status of [999, 600]) {
        const odd = await here.call('web', { act: 'status', status })
        expect(odd).toMatchObject({ status: 502, body: { error: 'garbage' } })
      }
      const changed = await here.call('web', { act: 'upgrade' })
      expect(changed).toMatchObject({ status: 502, body: { error: 'garbage' } })
      await expectRecovered(here, 'web', 5)
    })
  })

  it.skipIf(isSkipped)('an instance that goes takes its other calls with it, and each is told why', async () => {
    await withServing(id, [http({ concurrency: 3, timeoutMs: 4000 })], { whileLoading: 'join' }, async (here) => {
      await here.call('web')
      const others = [here.call('web', { act: 'hang' }), here.call('web', { act: 'hang' })]
      await eventually(() => here.adapter.underWay === 2)
      expect(await here.call('web', { act: 'garbage' })).toMatchObject({ status: 502, body: { error: 'garbage' } })
      for (const other of await Promise.all(others)) {
        expect(other).toMatchObject({ status: 502, body: { error: 'garbage' } })
      }
      await expectRecovered(here, 'web', 4)
      const late = here.call('web', { act: 'hang' })
      await eventually(() => here.adapter.underWay === 1)
      await new Promise((resolve) => setTimeout(resolve, 500))
      const other = here.call('web', { act: 'hang' })
      expect(await late).toMatchObject({ status: 504, body: { error: 'timeout' } })
      const { status, body } = await other
      expect([status, body['error'], body['message']]).toEqual([
        502,
        'exited',
        expect.stringContaining('its instance was ended: '),
      ])
      await expectRecovered(here, 'web', 7)
    })
  })

  // Where this machine stalls for longer than the server's own limit, the server closes before it has read.
  it.skipIf(isSkipped).each([
    ['announces that it closes idle connections after 1 s', { ANNOUNCED_IDLE_MS: '1000' }, 1000],
    ['closes idle connections after 1 s', { SECRET_IDLE_MS: '1000' }, 1000],
    ['closes idle connections after 40 ms', { SECRET_IDLE_MS: '40' }, 40],
  ])('a server that %s loses no call, and is the same all the time', { retry: 2 }, async (_, env, idleMs) => {
    await withServing(id, [http({ env, concurrency: 10 })], {}, async (here) => {
      const pids = new Set([(await here.call('web')).body['pid']])
      for (const share of [0, 0.3, 0.6, 0.9, 0.98, 1, 1.02, 1.1, 1.3]) {
        await sleep(share * idleMs)
        for (const { status, body } of await Promise.all([here.call('web'), here.call('web'), here.call('web')])) {
          expect(status).toBe(200)
          pids.add(body['pid'])
        }
      }
      expect(pids.size).toBe(1)
      expect(here.adapter.ledger.coldStarts[0]).toBe(1)
    })
  })

  it.skipIf(isSkipped)('a connection that is reset: 502 for its call, and its neighbours go on', async () => {
    await withServing(id, [http({ concurrency: 100 })], {}, async (here) => {
      const { body } = await here.call('web')
      const neighbours = Array.from({ length: 9 }, () => here.call('web', { act: 'sleep', ms: 700 }))
      await eventually(() => here.adapter.underWay === 9)
      expect(await here.call('web', { act: 'reset' })).toMatchObject({ status: 502, body: { error: 'broken' } })
      for (const answer of await Promise.all(neighbours)) {
        expect(answer).toMatchObject({ status: 200, body: { pid: body['pid'] } })
      }
      expect((await here.call('web')).body['pid']).toBe(body['pid'])
      expect(here.adapter.ledger.coldStarts[0]).toBe(1)
      expect(checkLedger(here.adapter.ledger)).toEqual([])
    })
  })

  it.skipIf(isSkipped)('an app that never becomes ready holds up no other', async () => {
    const never = http({ name: 'never', env: { NEVER_READY: 'yes' }, startTimeoutMs: 9000, memoryMb: 64 })
    const limits = { ...LIMITS, calls: 100, connections: 100, graceMs: 50 }
    await withServing(id, [never, fdk()], { limits }, async (here) => {
      const stuck = Array.from({ length: STARTS.most }, () => here.call('never'))
      await eventually(() => here.adapter.underWay === STARTS.most)
      expect((await here.call('web')).status).toBe(200)
      expect(here.adapter.underWay).toBe(STARTS.most)
      await here.close()
      for (const { body } of await Promise.all(stuck)) expect(body['error']).toBe('closing')
      expect(checkLedger(here.adapter.ledger)).toEqual([])
    })
  })

  it.skipIf(isSkipped)('an instance that dies while it is paused: nobody is sent to it', async () => {
    await withServing(id, [fdk({ pauseAfterMs: 20 })], {}, async (here) => {
      await here.call('web')
      await eventually(() => here.adapter.instances[0]?.instance.state === 'paused')
      await new Promise((resolve) => setTimeout(resolve, 300))
      if (id === 'process') process.kill(Number(here.adapter.instances[0]!.instance.id), 'SIGKILL')
      else execFileSync('docker', ['-H', `unix://${SOCKET}`, 'rm', '-f', here.adapter.instances[0]!.instance.id])
      await eventually(() => here.adapter.instances.length === 0)
      await expectRecovered(here, 'web', 1)
    })
  })

  it.skipIf(isSkipped)('an openwhisk runtime that has stopped is replaced; an action that fails is not', async () => {
    await withServing(id, [appOf(id, 'openwhisk', 'action-proxy', { name: 'web' })], {}, async (here) => {
      // What is no object is refused before anything is started for it.
      for (const body of ['[]', '1', 'null', '{']) {
        const refused = await here.call('web', {}, { body })
        expect(refused, body).toMatchObject({ status: 400, body: { error: 'badRequest' } })
      }
      expect(here.adapter.instances).toEqual([])
      const { body } = await here.call('web')
      expect(await here.call('web', { act: 'fail' })).toMatchObject({ status: 502, body: { error: 'failed' } })
      expect((await here.call('web')).body['pid']).toBe(body['pid'])
      const before = here.adapter.instances[0]!.instance.id
      expect(await here.call('web', { act: 'throw' })).toMatchObject({ status: 502, body: { error: 'stopped' } })
      await expectRecovered(here, 'web', 4)
      expect(here.adapter.instances.map(({ instance }) => instance.id)).not.toContain(before)
      expect(here.adapter.ledger.evicted[0]).toBe(1)
    })
  })

  it.skipIf(isSkipped)('a body that is no JSON starts no lambda program, and reaches none', async () => {
    await withServing(id, [appOf(id, 'lambda', 'lambda-runtime', { name: 'web' })], {}, async (here) => {
      const bad = { status: 400, body: { error: 'badRequest', message: 'expected JSON as the body' } }
      expect(await here.call('web', {}, { body: '{bad' })).toMatchObject(bad)
      expect(here.adapter.instances).toEqual([])
      expect((await here.call('web', {}, { body: '' })).status).toBe(200)
      expect(await here.call('web', {}, { body: 'bad' })).toMatchObject(bad)
      expect((await here.call('web')).status).toBe(200)
      expect(here.adapter.ledger.invocations[0]).toBe(2)
      expect(here.adapter.ledger.coldStarts[0]).toBe(1)
    })
  })

  it.skipIf(isSkipped)('a lambda program whose answer is too large: 502 at once, and it is replaced', async () => {
    await withServing(id, [appOf(id, 'lambda', 'lambda-runtime', { name: 'web' })], {}, async (here) => {
      const word = 'x'.repeat(4 * 1024 * 1024)
      const answer = await here.call('web', { word, more: 'y'.repeat(2 * 1024 * 1024 - 40) })
      expect(answer).toMatchObject({ status: 502, body: { error: 'garbage' } })
      // The type of what this program answers is the text that fetch says it is.
      expect(JSON.parse((await here.call('web', { word: 'after' })).text)).toMatchObject({ word: 'after' })
      expect(here.adapter.ledger.evicted[0]).toBe(1)
      expect(checkLedger(here.adapter.ledger)).toEqual([])
    })
  })

  it.skipIf(isSkipped)(
    'an instance that never becomes ready: 504 for all who wait for it, and no instance stays',
    async () => {
      await withServing(id, [http({ env: { NEVER_READY: 'yes' }, startTimeoutMs: 500 })], {}, async (here) => {
        const answers = await Promise.all([here.call('web'), here.call('web')])
        for (const answer of answers) expect(answer).toMatchObject({ status: 504, body: { error: 'notReady' } })
        await eventually(() => here.lines.filter(({ event }) => event === 'ended').length === 2)
        expect(here.adapter.instances).toEqual([])
        expect(checkLedger(here.adapter.ledger)).toEqual([])
      })
    },
  )

  it.skipIf(isSkipped)('a program that ends at its start: 502 at once, and the log has what it printed', async () => {
    await withServing(id, [http({ env: { EXIT_AT_START: 'yes' } })], {}, async (here) => {
      expect(await here.call('web')).toMatchObject({ status: 502, body: { error: 'exited' } })
      await eventually(() => here.lines.some(({ event }) => event === 'instance failed'))
      const line = here.lines.find(({ event }) => event === 'instance failed')!
      expect(line['output']).toContain('told to end at its start')
      expect(here.adapter.instances).toEqual([])
    })
  })

  it.skipIf(isSkipped)('an idle instance that dies: nobody is sent to it', async () => {
    await withServing(id, [fdk()], {}, async (here) => {
      await here.call('web')
      expect(await here.call('web', { act: 'fail' })).toMatchObject({ status: 502, body: { error: 'failed' } })
      if (id === 'process') process.kill(Number(here.adapter.instances[0]!.instance.id), 'SIGKILL')
      else execFileSync('curl', ['-s', '-XPOST', '--unix-socket', SOCKET!, killUrl(here)])
      await eventually(() => here.adapter.instances.length === 0)
      await expectRecovered(here, 'web', 2)
    })
  })

  it.skipIf(isSkipped)('a client that hangs up: the execution goes on, and the instance serves the next', async () => {
    await withServing(id, [fdk()], {}, async (here) => {
      const { body } = await here.call('web')
      const hangUp = here.call('web', { act: 'sleep', ms: 300 }, { signal: AbortSignal.timeout(100) })
      await expect(hangUp).rejects.toThrow('aborted')
      expect(here.adapter.underWay).toBe(1)
      await eventually(() => here.adapter.underWay === 0)
      expect((await here.call('web')).body['pid']).toBe(body['pid'])
      await expectRecovered(here, 'web', 3)
      expect(here.adapter.instances).toHaveLength(1)
    })
  })

  it.skipIf(isSkipped)('the end in the middle of calls and starts: 503, and nothing is left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pl-faults-'))
    const limits = { ...LIMITS, calls: 100, connections: 100, graceMs: 50 }
    const here = await serving(configOf(id, [fdk({ name: 'web' }), http({ name: 'slow' })], folder, { limits }))
    await here.call('web')
    const running = here.call('web', { act: 'hang' })
    const starting = here.call('slow').catch((error: Error) => error)
    await eventually(() => here.adapter.underWay === 2)
    await Promise.all([
      here.close(),
      expect(running).resolves.toMatchObject({ status: 502, body: { error: 'interrupted' } }),
    ])
    await starting
    expect(here.adapter.underWay).toBe(0)
    expect(checkLedger(here.adapter.ledger)).toEqual([])
    await expectNothingLeft(here.config)
    rmSync(folder, { recursive: true })
  })
})

function killUrl(here: Served): string {
  return `http://engine/containers/${here.adapter.instances[0]!.instance.id}/kill`
}

describe('memory that is short', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => appOf('process', 'fn', 'fdk', { name, memoryMb: 100 }))

  it('evicts the instance that was idle for longest, and refuses with 503 when none is idle', async () => {
    await withServing('process', [a!, b!, c!], { budgetMb: 200 }, async (here) => {
      await here.call('a')
      await here.call('b')
      await here.call('c')
      expect(here.adapter.ledger.evictions).toEqual(Float64Array.of(1, 0, 0))
      const busy = [here.call('b', { act: 'sleep', ms: 400 }), here.call('c', { act: 'sleep', ms: 400 })]
      await eventually(() => here.adapter.underWay === 2)
      const refused = await here.call('a')
      expect(refused).toMatchObject({ status: 503, body: { error: 'noRoom' } })
      expect(refused.headers.get('retry-after')).toBe('1')
      await Promise.all(busy)
      expect((await here.call('a')).status).toBe(200)
      expect(here.adapter.ledger.drops[0]).toBe(1)
      expect(checkLedger(here.adapter.ledger)).toEqual([])
    })
  })
})

describe('four thousand requests at once', () => {
  it('are each answered, with 200, 429 or 503, and leave nothing behind', async () => {
    const app = appOf('process', 'fn', 'fdk', { name: 'web', concurrency: 200, memoryMb: 256, timeoutMs: 150_000 })
    const limits = { ...LIMITS, calls: 3000, connections: 10_000, graceMs: 5000 }
    await withServing('process', [app], { budgetMb: 512, whileLoading: 'join', limits }, async (here) => {
      await here.call('web')
      // The client is a process of its own: one process may not hold both ends of so many connections.
      const words = [join(import.meta.dirname, 'programs/many-calls.mjs'), `${here.url}/call/web`, '4000']
      const { stdout } = await finished(tmpdir(), process.execPath, words)
      const counts = JSON.parse(stdout) as Record<string, number>
      expect(Object.keys(counts).filter((outcome) => !['200', '429', '503'].includes(outcome))).toEqual([])
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(4000)
      expect(counts['200']).toBeGreaterThan(100)
      await expectRecovered(here, 'web', 1 + 4000 - (counts['429'] ?? 0))
      expect(here.adapter.ledger.drops[0]).toBe(counts['503'] ?? 0)
    })
  }, 200_000)
})

describe('a save that fails', () => {
  const app = appOf('process', 'fn', 'fdk', { name: 'web' })

  it('is told, does no harm to calls, and leaves the last state whole (skipped where no tmpfs can be mounted)', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'pl-full-'))
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', disk], { stdio: 'ignore' })
    } catch {
      rmSync(folder, { recursive: true })
      return context.skip('no tmpfs can be mounted here')
    }
    try {
      await withServing(
        'process',
        [app],
        { state: { file: join(disk, 'state.json'), everyMs: 60_000 } },
        async (here) => {
          await here.call('web')
          await here.save()
          const before = readFileSync(here.config.state.file, 'utf8')
          expect(() => writeFileSync(join(disk, 'filler'), 'x'.repeat(64 * 1024))).toThrow('ENOSPC')
          await here.call('web')
          await here.save()
          expect(here.lines.find(({ event }) => event === 'state not saved')?.['why']).toContain('ENOSPC')
          expect(readFileSync(here.config.state.file, 'utf8')).toBe(before)
          expect((await here.get('/metrics')).text).toContain('pilotlight_state_saves_total{outcome="failed"} 1')
          rmSync(join(disk, 'filler'))
          await here.save()
          expect(readFileSync(here.config.state.file, 'utf8')).not.toBe(before)
        },
      )
    } finally {
      execFileSync('umount', [disk])
      rmSync(folder, { recursive: true })
    }
  })
})

/** What keeps this process alive, but for reads of files. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => !/^(FSReq|Immediate)/.test(kind))
}

describe('an adapter that was closed', () => {
  it('holds no sockets, timers or processes any more', async () => {
    await withServing('process', [appOf('process', 'http', 'http-server', { name: 'web' })], {}, (here) =>
      here.call('web'),
    )
    await eventually(() => process.getActiveResourcesInfo().every((kind) => !/Process|Server/.test(kind)))
    const before = open()
    for (let round = 0; round < 3; round += 1) {
      const apps = [
        appOf('process', 'fn', 'fdk', { name: 'a' }),
        appOf('process', 'lambda', 'lambda-runtime', { name: 'b' }),
      ]
      await withServing('process', apps, {}, (here) => Promise.all([here.call('a'), here.call('b')]))
    }
    await eventually(() => open().length <= before.length)
    expect(open().length).toBeLessThanOrEqual(before.length)
  })
})
