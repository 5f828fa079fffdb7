import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'
import type { LiveApp } from '../../src/live/live-app.ts'
import type { LiveConfig } from '../../src/live/live-config.ts'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { appOf } from './deployed.ts'
import { configOf, eventually, type Served, serving } from './serving.ts'

const web = (name: string, more: Partial<LiveApp> = {}): LiveApp =>
  appOf('process', 'http', 'http-server', { name, ...more })

describe('another file for a running adapter', () => {
  let here: Served
  let folder: string
  let next: LiveConfig
  let mistake: UserError | undefined
  const pidOf = async (name: string): Promise<unknown> => (await here.call(name)).body['pid']
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pl-reload-'))
    const config = configOf('process', [web('stays'), web('changes'), web('goes')], folder)
    next = config
    const reread = async (): Promise<LiveConfig> => {
      if (mistake !== undefined) throw mistake
      return next
    }
    here = await serving(config, { reread, spare: 3 })
  })
  afterAll(async () => {
    await here.close()
    rmSync(folder, { recursive: true })
  })

  it('adds, changes and removes apps; the others stay warm, and what runs is served to its end', async () => {
    const before = [await pidOf('stays'), await pidOf('changes'), await pidOf('goes')]
    const running = here.call('goes', { act: 'sleep', ms: 600, word: 'to the end' })
    await eventually(() => here.adapter.underWay === 1)
    const changed = web('changes', { revision: 'r2', env: { SECRET: 'new' } })
    next = { ...here.config, apps: [web('stays'), changed, web('comes')] }
    const answer = await fetch(`${here.url}/admin/reload`, { method: 'POST' })
    expect(await answer.json()).toEqual({ added: ['comes'], changed: ['changes'], removed: ['goes'] })
    expect((await here.call('goes')).status).toBe(404)
    expect(await running).toMatchObject({ status: 200, body: { word: 'to the end' } })
    expect(await pidOf('stays')).toBe(before[0])
    expect((await here.call('changes')).body).toMatchObject({ secret: 'new' })
    expect(await pidOf('comes')).toBeTypeOf('number')
    // On a slow machine an app that loads for long may have a second one.
    const ofBefore = (): readonly number[] =>
      here.adapter.instances.map(({ instance }) => Number(instance.id)).filter((id) => before.includes(id))
    await eventually(() => ofBefore().length === 1)
    expect(ofBefore()).toEqual([before[0]])
    const state = (await here.get('/admin/state')).body as { apps: { name: string }[] }
    expect(state.apps.map(({ name }) => name).toSorted()).toEqual(['changes', 'comes', 'stays'])
    expect(checkLedger(here.adapter.ledger)).toEqual([])
  })

  it('with a mistake changes nothing, and says what is wrong', async () => {
    const before = await pidOf('stays')
    mistake = new UserError({ where: 'live.yaml:3:1', problem: 'a mistake' })
    const answer = await fetch(`${here.url}/admin/reload`, { method: 'POST' })
    expect([answer.status, await answer.json()]).toEqual([
      422,
      { error: 'badFile', message: 'live.yaml:3:1: a mistake.' },
    ])
    mistake = undefined
    next = { ...here.config, budgetMb: 1 }
    await expect(here.reload()).rejects.toThrow(
      'memory: only apps and the certificate can be changed while the adapter runs',
    )
    next = { ...here.config, apps: [web('bad', { command: ['/no/such/program'] })] }
    await expect(here.reload()).rejects.toThrow('there is no program')
    next = { ...here.config, apps: ['a', 'b', 'c', 'd'].map((name) => web(name)) }
    await expect(here.reload()).rejects.toThrow('more than this adapter has room for')
    expect(await pidOf('stays')).toBe(before)
  })
})
