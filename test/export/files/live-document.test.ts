import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveFile, readLiveFile } from '../../../src/config/live-file.ts'
import { constantFloor, type Floor } from '../../../src/policy/plan/floor.ts'
import { planName } from '../../../src/live/live-app.ts'
import type { AppPlan, Plan } from '../../../src/policy/plan/plan.ts'
import { BACKENDS } from '../../../src/live/backends/index.ts'
import { CONTRACTS } from '../../../src/live/contracts/index.ts'
import { Directory } from '../../../src/live/fleet/app-rows.ts'
import { contextOf } from '../../../src/live/fleet/policy-context.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { eventually, type Served, serving } from '../../live/serving.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'

const SERVER = fileURLToPath(new URL('../../live/programs/http-server.mjs', import.meta.url))
const COMMAND = { command: `${process.execPath} ${SERVER}` }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-exported-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The trace began at another time of day than that of the test. */
function halfADayFromNow(): number {
  return (Math.floor(Date.now() / 60_000) + 720) % 1440
}

/** Exports apps to our own adapter and reads the live file as it does. */
async function liveOf(apps: readonly AppPlan[], settings: Readonly<Record<string, string>>): Promise<LiveFile> {
  for (const { path, text } of exported('pilotlight', { ...planOf(apps), startMinute: halfADayFromNow() }, settings)
    .files) {
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

/** Reads it with room for every app. */
async function readRoomy(plan: Plan): Promise<LiveFile> {
  for (const { path, text } of exported('pilotlight', plan, { command: 'node {app}', runs: 'plan' }).files) {
    writeFileSync(join(folder, path), path === 'live.yaml' ? `${text}memory: 1TB\n` : text)
  }
  return readLiveFile(join(folder, 'live.yaml'))
}

describe('a live file of any plan', () => {
  it('is taken by the adapter, whose policy keeps each app as the plan says', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans.filter(({ apps }) => apps.length > 0),
        async (plan) => {
          const { apps, policy } = await readRoomy(plan)
          const found = new Map(apps.map((app, row) => [planName(app), row]))
          expect([...found.keys()].toSorted()).toEqual(plan.apps.map(({ app }) => app).toSorted())
          const made = policy.definition.create(policy.params as never, contextOf(new Directory(apps), 1, 0))
          for (const { app, prewarmMs, keepAliveMs } of plan.apps) {
            const windows = { prewarmMs: -1, keepAliveMs: -1 }
            made.decide(found.get(app)!, 0, windows)
            expect(windows).toEqual({ prewarmMs, keepAliveMs })
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('may be of every backend and contract that there is', () => {
    const { settings } = PLATFORMS.get('pilotlight', 'test')
    for (const id of BACKENDS.ids) expect(id).toMatch(settings['backend']!.pattern)
    for (const id of CONTRACTS.ids) expect(id).toMatch(settings['contract']!.pattern)
  })

  it('is refused where two apps would have one live name', () => {
    const [taken] = /a-b-[0-9a-f]{8}/.exec(
      textOf(exported('pilotlight', planOf([appPlan({ app: 'a b' })])), 'live.yaml'),
    )!
    const twice = planOf([appPlan({ app: 'a b' }), appPlan({ app: taken })])
    expect(() => exported('pilotlight', twice)).toThrow(`two apps have the live name ${taken}`)
  })
})

/** One instance from three hours ago until in three hours, by the clocks of UTC. */
function aroundNow(): Floor {
  const minute = Math.floor(Date.now() / 60_000) % 1440
  const [from, until] = [(minute + 1260) % 1440, (minute + 180) % 1440]
  const steps = [
    { minute: from, instances: 1 },
    { minute: until, instances: 0 },
  ]
  return { cycle: 'day', steps: steps.toSorted((a, b) => a.minute - b.minute) }
}

describe('an exported plan in front of real processes', () => {
  let served: Served
  beforeAll(async () => {
    const apps = [
      appPlan({ app: 'held', keepAliveMs: 0, floor: constantFloor(2) }),
      appPlan({ app: 'kept a while', keepAliveMs: 1500 }),
      appPlan({ app: 'loaded-ahead', prewarmMs: 700, keepAliveMs: 60_000 }),
      appPlan({ app: 'by-the-clock', keepAliveMs: 0, floor: aroundNow() }),
    ]
    const config = await liveOf(apps, { ...COMMAND, runs: 'plan', name: `exported-${process.pid}` })
    served = await serving({ ...config, listen: { host: '127.0.0.1', port: 0, tokens: {} } })
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

  it('holds a floor of this time of day, whatever the time at which the trace began', async () => {
    await eventually(async () => (await states(3)).join() === 'idle')
    expect(served.adapter.ledger.prewarms[3]).toBe(1)
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
