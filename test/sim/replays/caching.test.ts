import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { evictions } from '../../../src/sim/evictions/index.ts'
import { CLUSTER_MODEL, type ClusterModel, SPREADS } from '../../../src/sim/model.ts'
import { placements } from '../../../src/sim/placements/index.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { type Execution, expectEqual, traceOf } from '../scenario.ts'
import { examples } from '../../examples.ts'

/** Dense in overlaps and in ties between ends of executions and loads, arrivals and limits of the line. */
const executions: fc.Arbitrary<Execution[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.constantFrom('f', 'g'),
  ),
  { minLength: 1, maxLength: 50 },
)
const world = {
  horizon: fc.constantFrom('cut', 'expire'),
  eviction: fc.constantFrom(...evictions.ids),
  placement: fc.constantFrom(...placements.ids),
  overflow: fc.constantFrom('queue', 'drop'),
  whileLoading: fc.constantFrom('new', 'join'),
} as const
const nodes = fc.constantFrom(
  [{ count: 1, memoryMb: 1 }],
  [{ count: 1, memoryMb: 3 }],
  [{ count: 2, memoryMb: 2 }],
  [
    { count: 1, memoryMb: 2 },
    { count: 1, memoryMb: 1 },
  ],
)

/** The accounts by the loop for caches, which must be those by the engine. */
function expectAsTheEngineDoes(trace: Trace, model: ClusterModel, seed: number): void {
  const simulation = { trace, model, policy: noUnload, seed }
  expectEqual(runSimulation({ ...simulation, replay: 'caching' }), runSimulation({ ...simulation, replay: 'by-time' }))
}

describe('keep-alive as caching', () => {
  it('gives the accounts, timeline and latencies that the engine gives, on events dense in ties', () => {
    const models = fc.record({
      ...world,
      nodes,
      coldStart: fc.integer({ min: 0, max: 5 }),
      queueLimit: fc.constantFrom('none', 0, 3, 10),
    })
    fc.assert(
      fc.property(executions, models, fc.nat(), (rows, given, seed) => {
        expectAsTheEngineDoes(traceOf(rows, 60), { ...CLUSTER_MODEL, ...given } as ClusterModel, seed)
      }),
      { numRuns: examples(1500) },
    )
  })

  it('does so on minute counts, whatever the spread, with unequal apps', () => {
    const cell = fc.tuple(
      fc.nat({ max: 9 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('f', 'g'),
    )
    const models = fc.record({ ...world, spread: fc.constantFrom(...SPREADS) })
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), models, fc.nat(), (cells, given, seed) => {
        const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
        for (const [minute, count, app, fn] of cells) {
          const row = builder.functionRow('', app, fn)
          builder.addCount(row, minute, count)
          builder.addDuration(row, 900 * (fn.charCodeAt(0) - 101), 1)
          builder.addMemory('', app, 10 * (app.charCodeAt(0) - 96), 1)
        }
        const trace = builder.build(600_000, { files: [], defects: [] })
        const model = {
          ...CLUSTER_MODEL,
          ...given,
          nodes: [{ count: 2, memoryMb: 70 }],
          queueLimit: 2000,
        } as ClusterModel
        expectAsTheEngineDoes(trace, model, seed)
      }),
      { numRuns: examples(150) },
    )
  })

  it('leaves to the engine what it does not know', () => {
    const trace = traceOf([[0, 1]], 10)
    const suits = (option: Partial<ClusterModel>): boolean =>
      suitableReplays({ trace, model: { ...CLUSTER_MODEL, ...option }, policy: noUnload, seed: 1 }).includes('caching')
    expect(suits({})).toBe(true)
    for (const option of [{ concurrency: 2 }, { reuse: 'oldest' }, { renew: false }] as const)
      expect(suits(option)).toBe(false)
  })
})
