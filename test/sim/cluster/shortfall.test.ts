import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { answers, type FloorSteps, rowOf, withFloor } from '../scenario.ts'
import { oneNode, runCluster, traceWith } from './cluster-scenario.ts'
import { executions, tightModels, traceOfDense, windows } from './dense-scenarios.ts'
import { replayPlainly } from './plain-driver.ts'
import { examples } from '../../examples.ts'

const ALL_ALIKE = { a: [1], b: [1], c: [1], d: [1], e: [1] } as const

const floorSteps: fc.Arbitrary<FloorSteps> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat(3)), { maxLength: 4 })
  .map((steps) => steps.toSorted(([one], [other]) => one - other))

/** Holds one instance of the first app, and keeps nothing else. */
const HELD: PolicyDefinition = {
  ...answers([0, 0]),
  create: (params, context) => ({
    ...answers([0, 0]).create(params, context),
    floor(app, _now, out) {
      out.instances = app === 0 ? 1 : 0
      out.untilMs = Number.POSITIVE_INFINITY
    },
  }),
}

describe('an instance that a floor holds', () => {
  /** Room for two; app a is held, b needs both places from 10 to 20. */
  const trace = traceWith(
    { a: [1], b: [2] },
    [
      [5, 1, 'a'],
      [10, 10, 'b'],
    ],
    100,
  )

  it('is loaded again once the work that took its place has gone', () => {
    const ledger = runCluster(trace, HELD, { nodes: oneNode(2), coldStart: 0 })
    // Idle from 0 to 5, 6 to 10, and 20 to 100.
    expect(rowOf(ledger, 0)).toMatchObject({ evictions: 1, loads: 2, idleMs: 5 + 4 + 80 })
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, busyMs: 10 })
  })

  it('evicts nobody to come back, and does not come back while work waits for the room', () => {
    const rows = [
      [5, 1, 'a'],
      [10, 10, 'b'],
      [12, 30, 'b'],
    ] as const
    const ledger = runCluster(traceWith({ a: [1], b: [2] }, rows, 100), HELD, {
      nodes: oneNode(2),
      coldStart: 0,
      overflow: 'queue',
    })
    expect(rowOf(ledger, 0)).toMatchObject({ loads: 2, idleMs: 5 + 4 + 50 })
    // The second one waited from 12 to 20.
    expect(rowOf(ledger, 1)).toMatchObject({ invocations: 2, busyMs: 40 })
  })

  it('is never missing while memory is free and nobody waits for it, whatever came before', () => {
    let missed = 0
    fc.assert(
      fc.property(executions, windows, floorSteps, tightModels, (rows, answered, steps, model) => {
        const given = traceOfDense(ALL_ALIKE, rows)
        const wrong: object[] = []
        const policy = withFloor(answers(...answered), steps)
        replayPlainly({ trace: given, model, policy, seed: 1 }, (world) => {
          const { cluster } = world
          const short = world.engine.apps.filter(({ alive, floor }) => alive < floor)
          if (short.length > 0) missed += 1
          // An app's home may be full where others have room.
          if (model.placement === 'hash' || !world['overflow'].isEmpty) return
          const free = cluster.nodes.free.some((units) => units >= cluster['units'][0]!)
          if (short.length > 0 && free) wrong.push({ short: short.map(({ app }) => app), free: cluster.nodes.free })
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: examples(500) },
    )
    expect(missed).toBeGreaterThan(examples(100))
  })
})
