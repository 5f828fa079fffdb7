import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveApp } from '../../src/live/live-app.ts'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { appOf } from './deployed.ts'
import { IMAGE, importImage, SKIPPED, SOCKET } from './engine-image.ts'
import { OwnEngine } from './own-engine.ts'
import { configOf, eventually, LIMITS, type Served, serving } from './serving.ts'

const NAMES = ['web', 'other']
/** Every answer tells which app gave it. */
const apps = (contract: 'http' | 'fn'): LiveApp[] =>
  NAMES.map((name) =>
    appOf('docker', contract, contract === 'http' ? 'http-server' : 'fdk', {
      name,
      functions: [name],
      env: { SECRET: `of ${name}` },
      startTimeoutMs: 5000,
    }),
  )

describe.skipIf(SOCKET === undefined).each([
  { how: 'that takes its containers with it', flags: [] },
  { how: 'that leaves its containers alone (live-restore)', flags: ['--live-restore'] },
])(`an engine $how ${SOCKET === undefined ? SKIPPED : ''}`, ({ flags }) => {
  const engine = new OwnEngine(...flags)
  const isRestoring = flags.length > 0
  let here: Served
  let folder: string
  const docker = (...words: string[]): string =>
    execFileSync('docker', ['-H', `unix://${engine.socket}`, ...words], { encoding: 'utf8', stdio: 'pipe' })
  const containers = (): string[] => docker('ps', '-aq').split('\n').filter(Boolean)
  const idOf = (app: number): string => here.adapter.instances.find((each) => each.app === app)!.instance.id
  const stateOf = (app: number): string | undefined =>
    here.adapter.instances.find((each) => each.app === app)?.instance.state
  /** Each app answers for itself, and the accounts add up. */
  const expectSound = async (): Promise<void> => {
    for (const name of NAMES) {
      expect(await here.call(name, { word: name })).toMatchObject({ status: 200, body: { secret: `of ${name}` } })
    }
    await eventually(() => here.adapter.underWay === 0)
    expect(checkLedger(here.adapter.ledger)).toEqual([])
  }
  /** Until each app answers again nobody else answers for it, and whoever is refused is told why. */
  const becomesSound = async (): Promise<void> => {
    for (const name of NAMES) {
      await eventually(async () => {
        const { status, body } = await here.call(name)
        expect([200, 502, 503]).toContain(status)
        if (status === 200) expect(body['secret']).toBe(`of ${name}`)
        return status === 200
      }, 30)
    }
    await expectSound()
  }
  beforeAll(async () => {
    await engine.start()
    await importImage(engine.socket)
    folder = mkdtempSync(join(tmpdir(), 'pl-gone-'))
    const backend = { id: 'docker', socket: engine.socket }
    here = await serving(configOf('docker', apps('http'), folder, { backend, limits: { ...LIMITS, graceMs: 1000 } }))
  }, 120_000)
  afterAll(async () => {
    // Where it could not be started either, the engine still ends.
    await here?.close()
    await engine.remove()
    rmSync(folder, { recursive: true })
  })

  it('with its socket away: what is warm serves on, what is cold gets 503, until the socket is back', async () => {
    await here.call('web')
    renameSync(engine.socket, `${engine.socket}.away`)
    try {
      expect((await here.call('web', { word: 'warm' })).body).toMatchObject({ word: 'warm', secret: 'of web' })
      expect(await here.call('other')).toMatchObject({ status: 503, body: { error: 'backend' } })
    } finally {
      renameSync(`${engine.socket}.away`, engine.socket)
    }
    await expectSound()
  })

  it('killed in the middle of calls, and another container at the address of one that is gone', async () => {
    await expectSound()
    const id = idOf(0)
    const network = `pilotlight-${here.config.name}`
    const address = docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id).trim()
    const running = here.call('web', { act: 'sleep', ms: 1500, word: 'running' })
    await eventually(() => here.adapter.underWay === 1)
    await engine.kill()
    // Whatever was under way had a connection of its own, which leads nowhere else.
    await eventually(() => stateOf(0) === 'unknown' && stateOf(1) === 'unknown')
    const answered = await running
    expect([
      [200, 'of web'],
      [502, undefined],
    ]).toContainEqual([answered.status, answered.body['secret']])
    // The engine comes back where the adapter does not find it, and its address goes to somebody else.
    const elsewhere = `${engine.socket}.elsewhere`
    await engine.start(elsewhere)
    const there = (...words: string[]): string =>
      execFileSync('docker', ['-H', `unix://${elsewhere}`, ...words], { encoding: 'utf8', stdio: 'pipe' })
    there('rm', '-f', id)
    const program = ['-e', 'PORT=8080', '-e', 'SECRET=of a stranger', IMAGE, '/usr/local/bin/node']
    const stranger = there(
      'run',
      '-d',
      '--network',
      network,
      '--ip',
      address,
      ...program,
      '/app/programs/http-server.mjs',
    )
    await eventually(() =>
      fetch(`http://${address}:8080/`).then(
        () => true,
        () => false,
      ),
    )
    const asked = performance.now()
    const refused = await here.call('web', { word: 'to whom' }, { headers: { cookie: 'secret=1' } })
    expect(refused).toMatchObject({ status: 503, body: { error: 'unknown' } })
    expect(performance.now() - asked).toBeLessThan(12_000)
    await engine.stop()
    await engine.start()
    docker('rm', '-f', stranger.trim())
    await eventually(() => stateOf(0) !== 'unknown' && stateOf(1) !== 'unknown')
    await becomesSound()
  }, 180_000)

  it('killed and started again: what it kept serves on, what it lost is replaced', async () => {
    await expectSound()
    const before = [idOf(0), idOf(1)]
    await engine.kill()
    const waiting = here.call('web', { word: 'waits' })
    await engine.start()
    const answer = await waiting
    // It was sent to nobody before the engine told of the instance again.
    expect(isRestoring ? [200] : [200, 503]).toContain(answer.status)
    expect(['of web', undefined]).toContain(answer.body['secret'])
    await becomesSound()
    expect([idOf(0), idOf(1)].map((id, row) => id === before[row])).toEqual([isRestoring, isRestoring])
  }, 120_000)

  it('whose containers others remove, stop, restart and pause', async () => {
    await expectSound()
    const stopped = idOf(0)
    docker('stop', '-t', '0', stopped)
    await eventually(() => here.adapter.instances.every(({ instance }) => instance.id !== stopped))
    await expectSound()
    docker('rm', '-f', idOf(0))
    await eventually(() => stateOf(0) === undefined)
    await expectSound()
    const before = idOf(0)
    docker('restart', '-t', '0', before)
    await eventually(() => here.adapter.instances.find((each) => each.app === 0)?.instance.id !== before)
    await expectSound()
    docker('pause', idOf(0))
    await eventually(() => stateOf(0) === 'paused')
    await expectSound()
    await eventually(() => containers().length === here.adapter.instances.length)
  }, 120_000)

  it('killed while an adapter ends: it ends within its grace and ten seconds', async () => {
    const config = {
      ...here.config,
      name: `${here.config.name}-ends`,
      state: { file: join(folder, 'ends.json'), everyMs: 60_000 },
    }
    const ending = await serving(config)
    for (const name of NAMES) await ending.call(name)
    void ending.call('web', { act: 'hang' })
    await eventually(() => ending.adapter.underWay === 1)
    await engine.kill()
    const asked = performance.now()
    await ending.close()
    expect(performance.now() - asked).toBeLessThan(config.limits.graceMs + 10_000)
    expect(ending.adapter.underWay).toBe(0)
    await engine.start()
    // The next one removes what it had to leave.
    const next = await serving(config)
    await next.close()
    expect(docker('ps', '-aq', '--filter', `label=pilotlight.live=${config.name}`)).toBe('')
    await becomesSound()
  }, 180_000)

  it('that hangs: what is warm serves on, what is cold gets 504, and the adapter ends within its grace and ten s', async () => {
    const config = {
      ...here.config,
      name: `${here.config.name}-hung`,
      state: { file: join(folder, 'hung.json'), everyMs: 60_000 },
    }
    const hung = await serving(config)
    await hung.call('web')
    engine.freeze()
    try {
      expect((await hung.call('web', { word: 'warm' })).body).toMatchObject({ word: 'warm', secret: 'of web' })
      expect((await hung.get('/readyz')).status).toBe(503)
      expect(await hung.call('other')).toMatchObject({ status: 504, body: { error: 'notReady' } })
      const asked = performance.now()
      await hung.close()
      expect(performance.now() - asked).toBeLessThan(config.limits.graceMs + 10_000)
      expect(checkLedger(hung.adapter.ledger)).toEqual([])
    } finally {
      engine.thaw()
    }
    // What it was ordered meanwhile, the engine does now; the next adapter of the name removes it.
    await eventually(async () => {
      const next = await serving(config)
      await next.close()
      return docker('ps', '-aq', '--filter', `label=pilotlight.live=${config.name}`) === ''
    })
  }, 180_000)

  it('keeps the containers of one function from those of another', async () => {
    await expectSound()
    const { Options } = JSON.parse(docker('network', 'inspect', `pilotlight-${here.config.name}`))[0] as {
      Options: Record<string, string>
    }
    expect(Options['com.docker.network.bridge.enable_icc']).toBe('false')
  })
})
