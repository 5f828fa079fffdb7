import { describe, expect, it } from 'vitest'
import { checkLedger } from '../../../src/metrics/check-ledger.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { writeState } from '../../../src/live/state/saved-state.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { appOf } from '../deployed.ts'
import { configOf, eventually, type Served, serving } from '../serving.ts'
import { withFolder } from '../folder.ts'

const DAY = 24 * 3_600_000
const definition = policies.get('provisioned', 'test')

/** An adapter that holds one instance of its app; the clock of its state began so many days ago. */
async function holding(folder: string, days: number | undefined): Promise<Served> {
  const params = { ...defaultsOf(definition.parameters), instances: 1 }
  const policy = { definition, params, seed: 1 }
  const config = configOf('process', [appOf('process', 'fn', 'fdk', { name: 'web' })], folder, { policy })
  const originMs = Date.now() - DAY * (days ?? 0)
  if (days !== undefined) await writeState(config.state.file, { schema: 1, originMs, policy: 'provisioned', apps: {} })
  return serving(config)
}

describe('floors', () => {
  it.each([
    ['of an adapter that never ran before', undefined],
    ['of one whose clock began days ago', 3],
  ])('%s hold from its start on, and no time before it is charged', async (_what, days) => {
    await withFolder(async (folder) => {
      const here = await holding(folder, days)
      await eventually(() => here.adapter.instances[0]?.instance.state === 'idle')
      const answer = await here.call('web')
      expect(answer.status).toBe(200)
      await here.close()
      const { ledger } = here.adapter
      const [loads, coldStarts, loadingMs, idleMs] = [ledger.loads, ledger.coldStarts, ledger.loadingMs, ledger.idleMs]
      expect([loads[0], coldStarts[0]]).toEqual([1, 0])
      expect(loadingMs[0]! + idleMs[0]!).toBeLessThan(DAY)
      expect(checkLedger(ledger)).toEqual([])
      const { residentMs } = here.lines.find(({ event }) => event === 'ended')!
      expect(residentMs).toBeLessThan(DAY)
    })
  })
})
