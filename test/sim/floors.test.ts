import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/units.ts'
import { UserError } from '../../src/core/user-error.ts'
import type { PolicyDefinition } from '../../src/policy/policy.ts'
import { CLUSTER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, type Execution, type FloorSteps, replay, type Row, rowOf, traceOf, withFloor } from './scenario.ts'

const NOTHING = answers([0, 0])

function run(rows: readonly Execution[], steps: FloorSteps, options: Parameters<typeof replay>[2] = {}): Row {
  return rowOf(replay(traceOf(rows, 100), withFloor(NOTHING, steps), { coldStart: 5, ...options }))
}

describe('a floor', () => {
  it('loads what is missing ahead of the first arrival, and keeps it', () => {
    // Loaded 0 to 5; 5..20 idle, 20..30 busy, 30..100 idle.
    expect(run([[20, 10]], [[0, 1]])).toEqual({
      invocations: 1,
      loads: 1,
      prewarms: 1,
      loadingMs: 5,
      busyMs: 10,
      idleMs: 85,
    })
  })

  it('counts instances that work, and loads no other beside them', () => {
    // Cold at 0, runs 5..45; the floor of 1 from 10 on finds it, and it stays from 45 to 60.
    expect(
      run(
        [[0, 40]],
        [
          [10, 1],
          [60, 0],
        ],
      ),
    ).toEqual({
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: 5,
      busyMs: 40,
      idleMs: 15,
    })
  })

  it('lets those go at once whose windows are over when it falls', () => {
    expect(
      run(
        [],
        [
          [10, 2],
          [40, 0],
        ],
      ),
    ).toEqual({})
    const idle = run(
      [[90, 0, 'a']],
      [
        [10, 2],
        [40, 1],
        [50, 0],
      ],
    )
    // Two loaded 10..15; one idle 15..40, one 15..50; cold at 90, loaded at 95, gone at once.
    expect(idle).toMatchObject({ prewarms: 2, prewarmsUnused: 2, loads: 3, coldStarts: 1, expired: 1, idleMs: 60 })
  })

  it('leaves windows to instances above it', () => {
    const policy = withFloor(answers([0, 20]), [[0, 1]])
    const rows: Execution[] = [
      [10, 10],
      [10, 10],
    ]
    // The held one serves the first; the second is cold 10..15, runs to 25, and one of the two goes 20 ms after idle.
    const row = rowOf(replay(traceOf(rows, 100), policy, { coldStart: 5 }))
    expect(row).toMatchObject({ coldStarts: 1, scaleOut: 1, loads: 2, loadingMs: 10, busyMs: 20 })
    // Idle: 5..10; the first from 20 to the end of its window at 40; the second, held, from 25 to the end.
    expect(row.idleMs).toBe(5 + 20 + 75)
  })

  it('makes a pre-warm needless', () => {
    const policy = withFloor(answers([10, 10]), [[0, 1]])
    const row = rowOf(
      replay(
        traceOf(
          [
            [20, 10],
            [60, 10],
          ],
          100,
        ),
        policy,
        { coldStart: 5 },
      ),
    )
    expect(row).toEqual({ invocations: 2, loads: 1, prewarms: 1, loadingMs: 5, busyMs: 20, idleMs: 75 })
  })

  it('ends with the trace, also where windows are accounted to their ends', () => {
    const row = rowOf(
      replay(traceOf([[0, 0]], 100), withFloor(answers([0, 500]), [[0, 2]]), { coldStart: 0, horizon: 'expire' }),
    )
    // One is idle from 0 to 500; the other was never used: its window, too, begins at 0.
    expect(row).toMatchObject({ loads: 2, prewarmsUnused: 1, idleMs: 1000 })
  })

  it('is as good as it gets where nodes have no room', () => {
    const trace = traceOf([[50, 10]], 100)
    const model = { ...CLUSTER_MODEL, coldStart: 0, nodes: [{ count: 1, memoryMb: 2 }] }
    const ledger = runSimulation({ trace, model, policy: withFloor(NOTHING, [[0, 3]]), params: {}, seed: 1 })
    // A third would have to take the place of one of its own app.
    expect(rowOf(ledger)).toEqual({ invocations: 1, loads: 2, prewarms: 2, prewarmsUnused: 1, busyMs: 10, idleMs: 190 })
  })

  it('that falls during a pre-warming window books no unload in the past', () => {
    // Both are idle to 6, one of them with a pause of 0 ms; and a pre-warm from 8.5 to 11.
    const policy = withFloor(answers([2.5, 2.5]), [
      [0, 2],
      [4, 0],
    ])
    const short = replay(
      traceOf(
        [
          [1, 0],
          [6, 0],
        ],
        50,
      ),
      policy,
      { kind: 'paper' },
    )
    expect(rowOf(short)).toMatchObject({ idleMs: 14.5, loads: 3, prewarms: 3 })

    const hourly = withFloor(answers([60 * MINUTE, 60 * MINUTE]), [
      [0, 2],
      [80 * MINUTE, 0],
    ])
    const calls = [[10 * MINUTE, 0] as const, [125 * MINUTE, 0] as const]
    const long = replay(traceOf(calls, 126 * MINUTE), hourly, { kind: 'paper' })
    expect(rowOf(long)).toMatchObject({ idleMs: 250 * MINUTE })
  })

  it('gives an instance that is ready before its app was ever idle a window of the policy', () => {
    // Ready at 1000, while a call that came at 500 has an instance of its own; both serve the two calls at 3000.
    const calls = [[500, 100] as const, [3000, 100] as const, [3000, 100] as const]
    const row = rowOf(replay(traceOf(calls, 10_000), withFloor(answers([0, 600_000]), [[0, 1]]), { coldStart: 1000 }))
    expect(row).toMatchObject({ loads: 2, coldStarts: 1, prewarms: 1 })
    expect(row).not.toHaveProperty('prewarmsUnused')
  })

  it('that falls before its app was ever invoked leaves its instance its window', () => {
    const steps = [
      [0, 1],
      [40, 0],
    ] as const
    // Idle from 0 on: gone at 40, as 30 had passed, or at 70.
    const idleMs = (keepAliveMs: number): number =>
      replay(traceOf([[95, 0]], 100), withFloor(answers([0, keepAliveMs]), steps), { coldStart: 0 }).idleMs[0]!
    expect([30, 70].map(idleMs)).toEqual([40 + 5, 70 + 5])
  })

  it('that is asked for again and again evicts nobody in a full cluster', () => {
    const everyTenMinutes: PolicyDefinition = {
      ...NOTHING,
      create: (params, context) => ({
        ...NOTHING.create(params, context),
        floor(_app, now, out) {
          out.instances = 2
          out.untilMs = now + 10 * MINUTE
        },
      }),
    }
    const model = { ...CLUSTER_MODEL, coldStart: 0, nodes: [{ count: 1, memoryMb: 1.5 }] }
    const ledger = runSimulation({ trace: traceOf([[0, 1]], 60 * MINUTE), model, policy: everyTenMinutes, seed: 1 })
    expect(rowOf(ledger)).toEqual({ invocations: 1, loads: 1, prewarms: 1, busyMs: 1, idleMs: 60 * MINUTE - 1 })
  })
})

describe('sparing the last instance', () => {
  it('keeps one alone, for longer than the others', () => {
    const policy = withFloor(answers([0, 10]), [], 50)
    const rows: Execution[] = [
      [0, 10],
      [0, 20],
    ]
    // Idle from 10 and 20: the first goes at 20, the other at 70.
    const row = rowOf(replay(traceOf(rows, 100), policy, { coldStart: 0 }))
    expect(row).toMatchObject({ loads: 2, idleMs: 10 + 50 })
  })

  it('makes an arrival within its time warm, at its very end as well', () => {
    const policy = withFloor(answers([0, 10]), [], 50)
    const cold = (at: number): number =>
      replay(
        traceOf(
          [
            [0, 10],
            [at, 1],
          ],
          200,
        ),
        policy,
        { coldStart: 0 },
      ).coldStarts[0]!
    expect([40, 60, 61].map(cold)).toEqual([1, 1, 2])
  })
})

describe('a policy whose floor means nothing', () => {
  it.each([
    [1.5, 50, 'floor() must set instances to a whole number of instances from 0 to 1000000, found 1.5, at 0 ms.'],
    [-1, 50, 'floor() must set instances to a whole number'],
    [1, 0, 'floor() must set untilMs to a time later than 0 ms, found 0'],
  ])('is refused: %d instances until %d', (instances, untilMs, message) => {
    const policy = {
      ...NOTHING,
      create: () => ({
        ...NOTHING.create({}, {} as never),
        floor(_app: number, _now: number, out: { instances: number; untilMs: number }) {
          Object.assign(out, { instances, untilMs })
        },
      }),
    }
    const run = (): unknown => replay(traceOf([[5, 5]], 100), policy)
    expect(run).toThrow(UserError)
    expect(run).toThrow(`policy answers, app a: ${message}`)
  })
})
