import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveFile, readLiveFile } from '../../src/experiment/live-file.ts'
import { constantFloor } from '../../src/policy/floor.ts'
import type { AppPlan } from '../../src/policy/plan.ts'
import { eventually, type Served, serving } from '../live/serving.ts'
import { appPlan, exported, planOf } from './exported.ts'

const SERVER = fileURLToPath(new URL('../live/programs/http-server.mjs', import.meta.url))
const COMMAND = { command: `${process.execPath} ${SERVER}` }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-exported-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Exports apps to our own adapter and reads the live file as it does. */
async function liveOf(apps: readonly AppPlan[], settings: Readonly<Record<string, string>>): Promise<LiveFile> {
  for (const { path, text } of exported('pilotlight', planOf(apps), settings).files) {
    writeFileSync(join(folder, path), text)
  }
  return readLiveFile(join(folder, 'live.yaml'))
}

describe('an exported live file', () => {
  it('is refused with one sentence that says where what is to be filled in', async () => {
    await expect(liveOf([appPlan()], {})).rejects.toThrow(
      /live\.yaml:\d+:\d+: apps\.shop\.command\[0\]: the command of the app shop is still to be filled in/,
    )
    await expect(liveOf([appPlan()], { backend: 'docker' })).rejects.toThrow(
      /live\.yaml:\d+:\d+: apps\.shop\.image: the image of the app shop is still to be filled in/,
    )
  })

  it('is taken as it is once commands are given, with names, memory and the policy of the run', async () => {
    const apps = [appPlan({ memoryMb: 170.2 }), appPlan({ app: 'shop/cart #1' })]
    const config = await liveOf(apps, { command: 'node {app}.js', name: 'front' })
    const [shop, cart] = config.apps
    expect(config).toMatchObject({
      name: 'front',
      backend: { id: 'process' },
      policy: { params: { keepAlive: 600_000 } },
    })
    expect(shop).toMatchObject({ name: 'shop', memoryMb: 171, contract: 'http', command: ['node', 'shop.js'] })
    expect(shop).not.toHaveProperty('traceName')
    expect(cart!.name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    expect(cart).toMatchObject({ traceName: 'shop/cart #1', command: ['node', `${cart!.name}.js`] })
  })

  it('names images for containers, and the command only where one is given', async () => {
    const settings = { backend: 'docker', image: 'shop/{app}:1', contract: 'fn' }
    const [app] = (await liveOf([appPlan()], settings)).apps
    expect(app).toMatchObject({ image: 'shop/shop:1', contract: 'fn', command: [] })
    expect((await liveOf([appPlan()], { ...settings, command: 'run' })).apps[0]).toMatchObject({ command: ['run'] })
  })

  it('is read back as the plan, whatever its policy', () => {
    const apps = [appPlan(), appPlan({ app: 'shop/cart #1', keepAliveMs: 7000, floor: constantFloor(2) })]
    for (const runs of ['policy', 'plan']) {
      const { applied } = exported('pilotlight', planOf(apps), { runs })
      expect(applied.apps).toMatchObject(
        apps.map(({ app, prewarmMs, keepAliveMs, floor }) => ({ app, prewarmMs, keepAliveMs, floor })),
      )
    }
  })
})

describe('an exported plan in front of real processes', () => {
  let served: Served
  beforeAll(async () => {
    const apps = [
      appPlan({ app: 'held', keepAliveMs: 0, floor: constantFloor(2) }),
      appPlan({ app: 'kept a while', keepAliveMs: 1500 }),
      appPlan({ app: 'loaded-ahead', prewarmMs: 700, keepAliveMs: 60_000 }),
    ]
    const config = await liveOf(apps, { ...COMMAND, runs: 'plan', name: `exported-${process.pid}` })
    served = await serving({ ...config, listen: { host: '127.0.0.1', port: 0 } })
  })
  afterAll(() => served.close())

  /** The states of an app's instances, by its row. */
  async function states(row: number): Promise<readonly string[]> {
    const { body } = await served.get('/admin/state')
    const apps = body['apps'] as readonly { readonly instances: readonly { readonly state: string }[] }[]
    return apps[row]!.instances.map(({ state }) => state)
  }

  it('holds its floor before anyone calls, and again when windows would let go', async () => {
    await eventually(async () => (await states(0)).join() === 'idle,idle')
    expect((await served.call('held')).status).toBe(200)
    expect(await states(0)).toHaveLength(2)
    expect(served.adapter.ledger.coldStarts[0]).toBe(0)
  })

  it('keeps an app under its name in the trace, and lets it go after its window', async () => {
    const { name } = served.config.apps[1]!
    expect(name).not.toBe('kept a while')
    expect((await served.call(name)).status).toBe(200)
    expect((await served.call(name)).status).toBe(200)
    expect(served.adapter.ledger.coldStarts[1]).toBe(1)
    expect(await states(1)).toHaveLength(1)
    await eventually(async () => (await states(1)).length === 0)
    expect((await served.call(name)).status).toBe(200)
    expect(served.adapter.ledger.coldStarts[1]).toBe(2)
  })

  it('loads an app again at the end of its pre-warming window', async () => {
    expect((await served.call('loaded-ahead')).status).toBe(200)
    await eventually(() => served.adapter.ledger.prewarms[2] === 1)
    await eventually(async () => (await states(2)).length === 1)
    expect(served.adapter.ledger.coldStarts[2]).toBe(1)
  })
})
