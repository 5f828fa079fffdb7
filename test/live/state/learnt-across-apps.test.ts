import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LiveConfig } from '../../../src/live/live-config.ts'
import { readState } from '../../../src/live/state/saved-state.ts'
import type { Policy, PolicyDefinition } from '../../../src/policy/policy.ts'
import { appOf } from '../deployed.ts'
import { configOf, serving } from '../serving.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pl-all-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A policy that has learnt `learnt` across apps; what it takes back goes to `taken`. */
function knowing(id: string, learnt: unknown, taken: unknown[]): PolicyDefinition {
  const policy: Policy = {
    arrived() {},
    decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 1000 }),
    saveAll: () => learnt,
    loadAll: (state) => void taken.push(state),
  }
  return { id, summary: 'It knows.', parameters: {}, scope: 'fleet', needs: [], create: () => policy }
}

it('what a policy learnt across apps is there again after a restart, for the same policy only', async () => {
  const config = configOf('process', [appOf('process', 'http', 'http-server')], folder)
  const under = (definition: PolicyDefinition): LiveConfig => ({
    ...config,
    policy: { definition, params: {}, seed: 1 },
  })
  const taken: unknown[] = []
  const learnt = { follows: [['a', 'b', 3]], longest: Number.POSITIVE_INFINITY }
  const run = async (definition: PolicyDefinition): Promise<void> => (await serving(under(definition))).close()
  await run(knowing('knowing', learnt, taken))
  expect(taken).toEqual([])
  expect(await readState(config.state.file)).toMatchObject({ policy: 'knowing {}', learnt })
  await run(knowing('knowing', learnt, taken))
  expect(taken).toEqual([learnt])
  await run(knowing('other', undefined, taken))
  expect(taken).toEqual([learnt])
  expect(await readState(config.state.file)).not.toHaveProperty('learnt')
})
