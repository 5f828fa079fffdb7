import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { cloudRunLike } from '../../../src/policy/policies/cloud-run-like.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { asNaive, byHand } from './evidence.ts'
import { executions, heldAt, tell } from './executions.ts'
import { made } from './made-context.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'

it('keeps an idle instance for 15 minutes', () => {
  const trace = traceOf(
    [0, 15 * MINUTE, 31 * MINUTE].map((at): Execution => [at, 0]),
    60 * MINUTE,
  )
  const found = runSimulation({ trace, model: PAPER_MODEL, policy: cloudRunLike, seed: 1 })
  expect(rowOf(found)).toMatchObject({ coldStarts: 2, loads: 2, idleMs: 45 * MINUTE })
})

byHand('holds room for more than runs: with 10 at a time aimed at 6, 10 executions want 2 instances, by hand', () => {
  const trace = traceOf(
    Array.from({ length: 10 }, (): Execution => [0, 2 * MINUTE]),
    3 * MINUTE,
  )
  const model = { ...INSTANCES_MODEL, coldStart: 0, concurrency: 10 }
  const params = { concurrency: 10 }
  const found = runSimulation({ trace, model, policy: cloudRunLike, params, seed: 1 })
  // One is busy for all of them; at 5 s the second is loaded, and it is idle to the end: the minute after, and 15 more.
  expect(rowOf(found)).toMatchObject({ coldStarts: 1, prewarms: 1, loads: 2 })
  expect(rowOf(found)).toMatchObject({ busyMs: 2 * MINUTE, idleMs: MINUTE + 3 * MINUTE - 5000 })
  for (const replay of suitableReplays({ trace, model, policy: cloudRunLike, params, seed: 1 }))
    expectEqual(runSimulation({ trace, model, policy: cloudRunLike, params, seed: 1, replay }), found)
})

asNaive('holds what the mean of the last minute wants, which is added up anew from all executions', () => {
  let several = 0
  fc.assert(
    fc.property(executions(100_000, 60_000), fc.integer({ min: 12, max: 30 }), (ran, turn) => {
      const policy = made('cloud-run-like', { concurrency: 4 })
      const now = turn * 5000
      tell(policy, ran, now)
      const since = Math.max(now - 59_000, Math.min(...ran.map(({ from }) => from)))
      const work = ran.map(({ from, to }) => Math.max(0, Math.min(to, now) - Math.max(from, since)))
      const mean = since >= now ? 0 : work.reduce((sum, ms) => sum + ms, 0) / Math.max(1000, now - since)
      const wanted = Math.ceil(mean / (0.6 * 4) - 1e-9)
      if (wanted > 1) several += 1
      expect(heldAt(policy, now)).toBe(wanted > 1 ? wanted : 0)
    }),
    { numRuns: 200 },
  )
  expect(several).toBeGreaterThan(20)
})
