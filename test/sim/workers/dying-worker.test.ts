import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import type { Outcome } from '../../../src/sim/workers/pool.ts'
import { traceOf } from '../scenario.ts'

// What a worker makes its trace from is missing, so that each one ends while it starts. Other files share the modules, so
// those of this one are loaded anew and put away afterwards.
const PARTS = '../../../src/trace/trace-parts.ts'
beforeAll(() => {
  vi.resetModules()
  vi.doMock(PARTS, async (original) => ({ ...(await original<object>()), traceParts: () => undefined }))
})
afterAll(() => {
  vi.doUnmock(PARTS)
  vi.resetModules()
})

it('gives up where workers end while they start, and says so for each simulation', async () => {
  const { simulationPool } = await import('../../../src/sim/workers/pool.ts')
  const trace = traceOf(
    ['a', 'b', 'c'].map((app) => [1, 2, app]),
    100,
  )
  const pool = simulationPool(trace, 2, 1)
  const outcomes: Outcome[] = []
  const simulations = [1, 2, 3].map((keepAlive) => ({
    model: PAPER_MODEL,
    policy: fixed,
    params: { keepAlive },
    seed: 1,
  }))
  await pool.simulateAll(simulations, { ends: (_place, outcome) => void outcomes.push(outcome) })
  await pool.close()
  const message = expect.stringMatching(
    /worker thread: it ended (as it started|before its work was done): .*fewer --jobs/,
  )
  expect(outcomes).toMatchObject(simulations.map(() => ({ failure: { name: 'UserError', message } })))
})
