import { describe, expect, it } from 'vitest'
import { runSimulation, suitableReplays } from '../../src/sim/simulation.ts'
import { CLUSTER_MODEL, PAPER_MODEL } from '../../src/sim/model.ts'
import { policies } from '../../src/policy/policies/index.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { answers, replay, type Row, rowOf, traceOf } from './scenario.ts'

/* B busy   - idle (loaded)   . not loaded   | an arrival; time in ms to the right. */
const WARM = { coldStart: 0, warmAtStart: 'all' } as const

/** The accounts of each app on one node of 1 MB, which holds one instance. */
function onOneNode(trace: Trace): Row[] {
  const model = { ...CLUSTER_MODEL, memory: 'equal', ...WARM, nodes: [{ count: 1, memoryMb: 1 }] } as const
  const ledger = runSimulation({ trace, model, policy: answers([0, 100]), seed: 1 })
  return Array.from({ length: trace.apps.count }, (_, app) => rowOf(ledger, app))
}

describe('an app that begins warm', () => {
  it('serves its first invocation without a load, and its idle time since 0 is accounted', () => {
    //  0    5    7    10
    //  |----|BB|-----|
    const row = rowOf(replay(traceOf([[5, 2]], 10), answers([0, 20]), WARM))
    expect(row).toEqual({ invocations: 1, idleMs: 8, busyMs: 2 })
  })

  it('is warm up to the window that counts from 0, and expired after it', () => {
    for (const [at, cold] of [
      [4, {}],
      [5, { coldStarts: 1, expired: 1, loads: 1 }],
    ] as const) {
      const row = rowOf(replay(traceOf([[at, 0]], 5), answers([0, 4]), WARM))
      expect(row).toEqual({ invocations: 1, idleMs: at === 4 ? 5 : 4, ...cold })
    }
  })

  it('goes at once, and is loaded again, where the policy answers with a pre-warming window', () => {
    //  0     3      6   8
    //  |.....|------|   the pre-warm at 3 serves the invocation at 6
    const row = rowOf(replay(traceOf([[6, 0]], 8), answers([3, 4], [0, 1]), WARM))
    expect(row).toEqual({ invocations: 1, loads: 1, prewarms: 1, idleMs: 4 })
  })

  it('teaches its policy no idle time by its first invocation', () => {
    const heard: number[] = []
    const policy = answers([0, 100])
    const listening = {
      ...policy,
      create: (...parts: Parameters<typeof policy.create>) => {
        const made = policy.create(...parts)
        return Object.assign(made, { arrived: (_: number, __: number, idleMs: number) => void heard.push(idleMs) })
      },
    }
    replay(
      traceOf(
        [
          [5, 1],
          [9, 0],
        ],
        10,
      ),
      listening,
      WARM,
    )
    expect(new Set(heard)).toEqual(new Set([-1, 3]))
  })

  it('needs room in a cluster, where apps that find none begin cold', () => {
    const trace = traceOf([[4, 0, 'b']], 10)
    const both = traceOf(
      [
        [4, 0, 'b'],
        [8, 0, 'a'],
      ],
      10,
    )
    expect(onOneNode(trace)).toEqual([{ invocations: 1, idleMs: 10 }])
    // App a has the only room; b evicts it at 4, and a comes back at 8.
    expect(onOneNode(both)).toEqual([
      { invocations: 1, coldStarts: 1, evicted: 1, loads: 1, evictions: 1, idleMs: 6 },
      { invocations: 1, coldStarts: 1, first: 1, loads: 1, evictions: 1, idleMs: 4 },
    ])
  })

  it('has the same accounts under every policy, however it is replayed', () => {
    const trace = traceOf(
      [
        [5, 0],
        [70_000, 0],
        [200_000, 0],
      ],
      400_000,
    )
    const model = { ...PAPER_MODEL, memory: 'equal', warmAtStart: 'all' } as const
    for (const policy of policies.all.filter(({ needs }) =>
      needs.every((need) => (trace.offers as readonly string[]).includes(need)),
    )) {
      const simulation = { trace, model, policy, seed: 1 }
      const [first, ...others] = suitableReplays(simulation).map((id) =>
        rowOf(runSimulation({ ...simulation, replay: id })),
      )
      expect(first!.first, policy.id).toBeUndefined()
      for (const other of others) expect(other, policy.id).toEqual(first)
    }
  })
})
