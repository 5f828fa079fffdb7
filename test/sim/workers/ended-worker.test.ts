import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import type { Outcome } from '../../../src/sim/workers/pool.ts'
import { traceOf } from '../scenario.ts'

// Other files share the modules, so those of this one are loaded anew and put away afterwards.
beforeAll(() => {
  vi.resetModules()
  vi.doMock('piscina', () => ({
    Piscina: class {
      run(): Promise<never> {
        return Promise.reject(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'))
      }

      on(): void {}

      async destroy(): Promise<void> {}
    },
  }))
})
afterAll(() => {
  vi.doUnmock('piscina')
  vi.resetModules()
})

it('says that a worker ended which has too little memory, and how to go on, for each simulation that it had', async () => {
  const { simulationPool } = await import('../../../src/sim/workers/pool.ts')
  const trace = traceOf(
    ['a', 'b', 'c'].map((app) => [1, 2, app]),
    100,
  )
  const pool = simulationPool(trace, 2, 1)
  const outcomes: Outcome[] = []
  const simulations = [1, 2].map((keepAlive) => ({ model: PAPER_MODEL, policy: fixed, params: { keepAlive }, seed: 1 }))
  await pool.simulateAll(simulations, { ends: (_place, outcome) => void outcomes.push(outcome) })
  await pool.close()
  const message = expect.stringMatching(
    /worker thread: it ended before its work was done: .*out of memory.* fewer --jobs/,
  )
  expect(outcomes).toMatchObject([1, 2].map(() => ({ failure: { name: 'UserError', message } })))
})
