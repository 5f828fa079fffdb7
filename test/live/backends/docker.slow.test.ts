import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { BACKENDS } from '../../../src/live/backends/index.ts'
import { EngineApi } from '../../../src/live/engine/engine-api.ts'
import { appOf } from '../deployed.ts'
import { importImage, SKIPPED, SOCKET } from '../engine-image.ts'
import { eventually } from '../serving.ts'

const NEEDS = { port: false, callback: false, folder: '/tmp/iofs' }

describe.skipIf(SOCKET === undefined)(`a container ${SOCKET === undefined ? SKIPPED : ''}`, () => {
  beforeAll(() => importImage(SOCKET!), 120_000)

  it('whose making was ordered, but never answered, is found and removed', async () => {
    const socket = join(tmpdir(), `pl-cut-${process.pid}.sock`)
    let cut = 0
    // Hands everything on to the engine, but for its answers to orders to make a container.
    const between = createServer((client) => {
      const engine = connect(SOCKET!)
      client.on('data', (data) => {
        engine.write(data)
        if (!data.toString('latin1').startsWith('POST /containers/create')) return
        cut += 1
        engine.unpipe(client)
        client.destroy()
      })
      engine.pipe(client)
      for (const each of [client, engine]) each.on('error', () => each.destroy())
      client.on('close', () => setTimeout(() => engine.destroy(), 2000))
    }).listen(socket)
    const label = `cut-${process.pid}`
    const api = new EngineApi(SOCKET!)
    const made = (): Promise<readonly unknown[]> => api.containers(`pilotlight.live=${label}`)
    const backend = await BACKENDS.get('docker', 'test').open({ label, folder: tmpdir(), socket })
    const started = backend.start(appOf('docker', 'fn', 'fdk'), {}, {})
    await expect(started).rejects.toMatchObject({ name: 'Fault', kind: 'backend' })
    expect(cut).toBe(1)
    await eventually(async () => (await made()).length === 1)
    await eventually(async () => (await made()).length === 0)
    await backend.close()
    await new Promise((resolve) => between.close(resolve))
    rmSync(socket, { force: true })
  })

  it('that cannot be started leaves no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pl-left-'))
    const backend = await BACKENDS.get('docker', 'test').open({ label: `left-${process.pid}`, folder, socket: SOCKET! })
    const ground = await backend.prepare({ port: false, callback: false, folder: '/tmp/iofs' }, 'failed')
    const app = appOf('docker', 'fn', 'fdk', { command: ['/no/such/program'] })
    await expect(backend.start(app, {}, ground)).rejects.toMatchObject({ name: 'Fault', kind: 'backend' })
    expect(readdirSync(folder)).toEqual([])
    await backend.close()
    rmSync(folder, { recursive: true })
  })

  it('that the engine will not remove holds up the end of the adapter no longer than ten seconds', async () => {
    const socket = join(tmpdir(), `pl-refuse-${process.pid}.sock`)
    const refusing = createServer((client) => {
      const engine = connect(SOCKET!)
      client.on('data', (data) => {
        if (!data.toString('latin1').startsWith('DELETE')) return void engine.write(data)
        client.write('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}')
      })
      engine.pipe(client)
      for (const each of [client, engine]) each.on('error', () => each.destroy())
      client.on('close', () => engine.destroy())
    }).listen(socket)
    const options = { label: `refused-${process.pid}`, folder: tmpdir() }
    const backend = await BACKENDS.get('docker', 'test').open({ ...options, socket })
    const sandbox = await backend.start(
      appOf('docker', 'fn', 'fdk', { command: ['/usr/local/bin/node', '-e', '0'] }),
      {},
      {},
    )
    await sandbox.exited
    const stopped = sandbox.stop(0)
    await backend.close()
    await stopped
    const same = await BACKENDS.get('docker', 'test').open({ ...options, socket })
    await expect(same.removeLeftovers()).rejects.toThrow(
      /name: the engine does not remove the container [0-9a-f]{12} of/,
    )
    const next = await BACKENDS.get('docker', 'test').open({ ...options, socket: SOCKET! })
    expect(await next.removeLeftovers()).toBe(1)
    await next.close()
    await same.close()
    await new Promise((resolve) => refusing.close(resolve))
    rmSync(socket, { force: true })
  }, 30_000)

  it('has an image whose name leads to nothing else of the engine', async () => {
    const backend = await BACKENDS.get('docker', 'test').open({ label: 'named', folder: tmpdir(), socket: SOCKET! })
    for (const image of ['../x?y', 'a/../../info', '//evil/x', 'a b', '']) {
      await expect(backend.check(appOf('docker', 'fn', 'fdk', { image }), NEEDS), image).rejects.toThrow(
        `apps.tested: expected the name of an image, found ${JSON.stringify(image)}`,
      )
    }
    await expect(
      backend.check(appOf('docker', 'fn', 'fdk', { image: 'reg.example:5000/a/b:1' }), NEEDS),
    ).rejects.toThrow('the engine has no image reg.example:5000/a/b:1')
    await backend.check(appOf('docker', 'fn', 'fdk'), NEEDS)
    await backend.close()
  })

  it('is named after its app, and runs as the user, from the entry point and on the processors that its app says', async () => {
    const label = `own-${process.pid}`
    const backend = await BACKENDS.get('docker', 'test').open({ label, folder: tmpdir(), socket: SOCKET! })
    const print = 'console.log(process.getuid(), process.getgid(), process.argv[1]); setInterval(() => {}, 1000)'
    const own = { name: 'shop', user: '1234:2345', cpus: 0.5 }
    const app = { ...own, entrypoint: ['/usr/local/bin/node', '-e'], command: [print, 'last'] }
    const sandbox = await backend.start(appOf('docker', 'fn', 'fdk', app), {}, {})
    await eventually(async () => (await sandbox.output()) === '1234 2345 last\n')
    const { Name, HostConfig } = await new EngineApi(SOCKET!).inspect(sandbox.id)
    expect(Name).toMatch(/^\/pilotlight-shop-[0-9a-f]{12}$/)
    expect(HostConfig).toMatchObject({ NanoCpus: 500_000_000 })
    await sandbox.stop(0)
    await backend.close()
  })

  it('may do nothing that its contract does not ask for', async () => {
    const label = `bound-${process.pid}`
    const backend = await BACKENDS.get('docker', 'test').open({ label, folder: tmpdir(), socket: SOCKET! })
    const sandbox = await backend.start(appOf('docker', 'http', 'http-server', { env: { PORT: '8080' } }), {}, {})
    const { HostConfig, State, NetworkSettings } = await new EngineApi(SOCKET!).inspect(sandbox.id)
    expect(State.Running).toBe(true)
    expect(HostConfig).toMatchObject({
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 128,
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
    })
    expect(NetworkSettings.Ports ?? {}).toEqual({})
    await sandbox.stop(0)
    await backend.close()
  })
})
