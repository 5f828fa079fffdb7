import { expect, it } from 'vitest'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { CLUSTER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, rowOf, traceOf } from './scenario.ts'

it('accounts that begin later know an instance that was loaded before, and its eviction', () => {
  // "a" is loaded at 0 and idle from 10 on; "b" takes its place at 50, which is as large as the node.
  const trace = traceOf(
    [
      [0, 10, 'a'],
      [50, 10, 'b'],
    ],
    100,
  )
  const model = { ...CLUSTER_MODEL, coldStart: 0, nodes: [{ count: 1, memoryMb: 1 }] }
  const policy = answers([0, Number.POSITIVE_INFINITY])
  const ledger = runSimulation({ trace, model, policy, seed: 1, accountFromMs: 30 })
  expect(rowOf(ledger, 0)).toEqual({ evictions: 1, idleMs: 20 })
  expect(rowOf(ledger, 1)).toEqual({ invocations: 1, coldStarts: 1, first: 1, loads: 1, busyMs: 10, idleMs: 40 })
  expect(checkLedger(ledger)).toEqual([])
})
