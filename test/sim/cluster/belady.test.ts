import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { CLUSTER_MODEL, type Model } from '../../../src/sim/model.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { appsFor, synthesizeTrace } from '../../../src/trace/synth/index.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import type { Execution } from '../scenario.ts'
import { type Apps, forever, oneNode, runCluster, traceWith } from './cluster-scenario.ts'
import { fewestLoads, mostAtOnce } from './fewest-loads.ts'
import { examples } from '../../examples.ts'

const NAMES = ['a', 'b', 'c', 'd'] as const
const EQUAL: Apps = { a: [1], b: [1], c: [1], d: [1] }

function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0)
}

/** Cold starts on one node where loading takes no time; nothing may be dropped or wait. */
function coldStarts(rows: readonly Execution[], room: number, eviction: string): Ledger {
  const ledger = runCluster(traceWith(EQUAL, rows, 200), forever, { nodes: oneNode(room), eviction, overflow: 'drop' })
  expect(total(ledger.drops)).toBe(0)
  return ledger
}

describe('belady', () => {
  it('evicts the surplus instances of a busy app before those of an app that comes later', () => {
    //  a needs three at once, and from then on one; b and c come one after the other, and then again. Room for four.
    //  a  0-5 0-5 0-5   10-11   20-21   30-31   40-41 ...
    //  b                  12-13                   45-46
    //  c                          22-23             47-48
    //  d                                  32-33       49-50
    const rows: Execution[] = [
      [0, 5, 'a'],
      [0, 5, 'a'],
      [0, 5, 'a'],
      ...[10, 20, 30, 40, 50].map((start) => [start, 1, 'a'] as const),
      [12, 1, 'b'],
      [22, 1, 'c'],
      [32, 1, 'd'],
      [45, 1, 'b'],
      [47, 1, 'c'],
      [49, 1, 'd'],
    ]
    const ledger = coldStarts(rows, 4, 'belady')
    expect([...ledger.evictions]).toEqual([2, 0, 0, 0])
    expect([...ledger.coldStarts]).toEqual([3, 1, 1, 1])
    expect(total(coldStarts(rows, 4, 'lru').coldStarts)).toBe(6)
  })

  it('keeps them where the app needs all at once before the other comes', () => {
    //  a  0-5 0-5   10-11   20-21 20-21
    //  b  0-5         12-13               30-31
    //  c                15-16
    const rows: Execution[] = [
      [0, 5, 'a'],
      [0, 5, 'a'],
      [0, 5, 'b'],
      [10, 1, 'a'],
      [12, 1, 'b'],
      [15, 1, 'c'],
      [20, 1, 'a'],
      [20, 1, 'a'],
      [30, 1, 'b'],
    ]
    const ledger = coldStarts(rows, 3, 'belady')
    expect([...ledger.coldStarts]).toEqual([2, 2, 1])
  })

  it('loads as seldom as any choice of victims can where apps are equally large and all that runs at once has room', () => {
    const executions: fc.Arbitrary<Execution[]> = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom(...NAMES)),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(executions, fc.integer({ min: 0, max: 3 }), (drawn, spare) => {
        // In the order of a trace: what starts at one time comes by app and duration.
        const rows = drawn.toSorted((a, b) => a[0] - b[0] || a[2]!.localeCompare(b[2]!) || a[1] - b[1])
        const room = mostAtOnce(rows, NAMES) + spare
        expect(total(coldStarts(rows, room, 'belady').coldStarts)).toBe(fewestLoads(rows, NAMES, room))
      }),
      { numRuns: examples(400) },
    )
  })

  it('has fewer cold starts than lru on a day of unequal apps that run and load for their time', () => {
    const trace = synthesizeTrace({ apps: appsFor({ functions: 150, days: 1, seed: 3 }), days: 1, seed: 3 })
    for (const options of ([{}, { concurrency: 2 }, { reuse: 'oldest' }] as const).slice(0, examples(3)))
      for (const share of [0.2, 0.3, 0.5].slice(0, examples(3))) {
        const found = ['belady', 'lru'].map((eviction) => onShare(trace, share, { ...options, eviction }))
        expect(found[0], `${JSON.stringify(options)} ${share}`).toBeLessThan(found[1]!)
      }
  })
})

/** Cold starts on a node with that share of the memory that one instance of every app takes together. */
function onShare(trace: Trace, share: number, options: Partial<Model>): number {
  const nodes = oneNode(Math.ceil(share * total(trace.apps.memoryMb)))
  const model: Model = { ...CLUSTER_MODEL, ...options, nodes, overflow: 'drop' }
  return total(runSimulation({ trace, model, policy: noUnload, params: {}, seed: 1 }).coldStarts)
}
