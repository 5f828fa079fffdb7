import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { appOf } from './deployed.ts'
import { importImage, SKIPPED, SOCKET } from './engine-image.ts'
import { configOf, eventually, type Served, serving } from './serving.ts'

/** An engine of this test's own, which it may stop; it has no network. */
class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), 'pl-engine-'))
  readonly socket = join(this.folder, 'docker.sock')
  private daemon: ChildProcess | undefined

  async start(): Promise<void> {
    const at = (name: string): string => join(this.folder, name)
    const paths = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
    const rest = ['-H', `unix://${this.socket}`, '--storage-driver=overlay2', '--bridge=none', '--iptables=false']
    // In a network namespace of its own: without a bridge it would take away that of another engine.
    this.daemon = spawn('unshare', ['--net', 'dockerd', ...paths, ...rest], { stdio: 'ignore' })
    await eventually(() =>
      new Docker({ socketPath: this.socket }).ping().then(
        () => true,
        () => false,
      ),
    )
  }

  /** Goes on holding its connections, but answers nothing. */
  freeze(): void {
    this.daemon!.kill('SIGSTOP')
  }

  thaw(): void {
    this.daemon!.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    const ended = once(this.daemon!, 'exit')
    this.daemon!.kill('SIGTERM')
    await ended
  }
}

describe.skipIf(SOCKET === undefined)(`an engine that goes away ${SOCKET === undefined ? SKIPPED : ''}`, () => {
  const engine = new Engine()
  let here: Served
  let folder: string
  beforeAll(async () => {
    await engine.start()
    await importImage(engine.socket)
    folder = mkdtempSync(join(tmpdir(), 'pl-gone-'))
    const apps = ['web', 'other'].map((name) => appOf('docker', 'fn', 'fdk', { name, startTimeoutMs: 5000 }))
    here = await serving(configOf('docker', apps, folder, { backend: { id: 'docker', socket: engine.socket } }))
  }, 120_000)
  afterAll(async () => {
    await engine.stop()
    rmSync(engine.folder, { recursive: true, force: true })
    rmSync(folder, { recursive: true })
  })

  it('with its socket: what is warm serves on, what is cold gets 503, until the socket is back', async () => {
    await here.call('web')
    renameSync(engine.socket, `${engine.socket}.away`)
    expect((await here.call('web', { word: 'warm' })).body).toMatchObject({ word: 'warm' })
    expect(await here.call('other')).toMatchObject({ status: 503, body: { error: 'backend' } })
    expect((await here.get('/readyz')).status).toBe(503)
    renameSync(`${engine.socket}.away`, engine.socket)
    expect((await here.get('/readyz')).status).toBe(200)
    expect((await here.call('other', { word: 'back' })).body).toMatchObject({ word: 'back' })
    expect(checkLedger(here.adapter.ledger)).toEqual([])
  })

  it('whole, in the middle of a call: the caller is told, and once it is back there are new instances', async () => {
    const before = (await here.call('web')).body['pid']
    const running = here.call('web', { act: 'hang' })
    await eventually(() => here.adapter.underWay === 1)
    await engine.stop()
    expect((await running).status).toBeGreaterThanOrEqual(502)
    await eventually(() => here.adapter.instances.length === 0)
    expect((await here.call('web')).status).toBe(503)
    expect(existsSync(join(engine.folder, 'pid'))).toBe(false)
    await engine.start()
    expect((await here.call('web', { word: 'again' })).body).toMatchObject({ word: 'again' })
    expect(before).toBe(1)
    await eventually(() => here.adapter.underWay === 0)
    expect(checkLedger(here.adapter.ledger)).toEqual([])
    const docker = new Docker({ socketPath: engine.socket })
    const count = async (): Promise<number> => (await docker.listContainers({ all: true })).length
    await eventually(async () => (await count()) === here.adapter.instances.length)

    // Away again: the adapter ends all the same, and the next one removes what it had to leave.
    await engine.stop()
    await here.close()
    await engine.start()
    const left = await count()
    const next = await serving(here.config)
    const removed = next.lines.filter(({ event }) => event === 'leftovers removed').map(({ count }) => count)
    expect(removed).toEqual(left === 0 ? [] : [left])
    await next.close()
    expect(await count()).toBe(0)
  }, 90_000)

  it('in that it hangs: what is warm serves on, what is cold gets 504, and the adapter ends all the same', async () => {
    const config = { ...here.config, name: `${here.config.name}-hung` }
    const hung = await serving(config)
    await hung.call('web')
    engine.freeze()
    try {
      expect((await hung.call('web', { word: 'warm' })).body).toMatchObject({ word: 'warm' })
      expect((await hung.get('/readyz')).status).toBe(503)
      expect(await hung.call('other')).toMatchObject({ status: 504, body: { error: 'notReady' } })
      await hung.close()
      expect(checkLedger(hung.adapter.ledger)).toEqual([])
    } finally {
      engine.thaw()
    }
    // What it was ordered meanwhile, the engine does now; the next adapter of the name removes it.
    const docker = new Docker({ socketPath: engine.socket })
    const filters = { label: [`pilotlight.live=${config.name}`] }
    await eventually(async () => {
      const next = await serving(config)
      await next.close()
      return (await docker.listContainers({ all: true, filters })).length === 0
    })
  }, 50_000)
})
