import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readState, writeState } from '../../../src/live/state/saved-state.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { appOf } from '../deployed.ts'
import { configOf, eventually, serving } from '../serving.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pl-later-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const HOUR_MS = 3_600_000

/** Once "a" is called, has "b" asked for in an hour, when it is loaded and kept. */
function following(id: string): PolicyDefinition {
  return {
    id,
    summary: 'It follows.',
    parameters: {},
    scope: 'fleet',
    needs: [],
    create: (_params, { askAgain }) => ({
      arrived: (app, now) => void (app === 0 && askAgain!(1, now + HOUR_MS)),
      decide: (app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: app === 0 ? 0 : HOUR_MS }),
    }),
  }
}

it('when a policy wants to be asked again outlives the adapter, also of an app that was never loaded', async () => {
  const apps = ['a', 'b'].map((name) => appOf('process', 'http', 'http-server', { name }))
  const config = configOf('process', apps, folder, {
    policy: { definition: following('following'), params: {}, seed: 1 },
  })
  const first = await serving(config)
  await first.call('a')
  await first.close()
  const saved = (await readState(config.state.file))!
  const asksAt = saved.apps['b']!.asksAt!
  expect(saved.apps['b']).toMatchObject({ asksAt })
  expect(saved.originMs + asksAt - Date.now()).toBeGreaterThan(HOUR_MS - 60_000)

  // It is still an hour: nothing is loaded, and the time is kept.
  const second = await serving(config)
  await second.close()
  expect((await readState(config.state.file))!.apps['b']!.asksAt).toBe(asksAt)
  expect(second.adapter.ledger.prewarms[1]).toBe(0)

  // An hour later.
  const now = Date.now() - saved.originMs
  await writeState(config.state.file, { ...saved, apps: { ...saved.apps, b: { ...saved.apps['b']!, asksAt: now } } })
  const third = await serving(config)
  await eventually(() => third.adapter.instances.some(({ app }) => app === 1))
  await third.close()
  expect([...third.adapter.ledger.prewarms]).toEqual([0, 1])

  // What another policy wanted is of no account.
  await writeState(config.state.file, { ...saved, apps: { b: { ...saved.apps['b']!, asksAt: now } } })
  const definition = following('other')
  const other = await serving({ ...config, policy: { definition, params: {}, seed: 1 } })
  await other.close()
  expect(other.adapter.ledger.prewarms[1]).toBe(0)
})
