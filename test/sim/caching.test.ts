import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noUnload } from '../../src/policy/policies/no-unload.ts'
import { CLUSTER_MODEL, type Model } from '../../src/sim/model.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { evictions } from '../../src/sim/evictions/index.ts'
import { placements } from '../../src/sim/placements/index.ts'
import { expectEqual, traceOf, type Execution } from './scenario.ts'
const executions: fc.Arbitrary<Execution[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.constantFrom('f', 'g'),
  ),
  { minLength: 1, maxLength: 50 },
)
it('caching equals the engine', () => {
  fc.assert(
    fc.property(
      executions,
      fc.record({
        coldStart: fc.integer({ min: 0, max: 5 }),
        horizon: fc.constantFrom('cut', 'expire'),
        eviction: fc.constantFrom(...evictions.ids),
        placement: fc.constantFrom(...placements.ids),
        overflow: fc.constantFrom('queue', 'drop'),
        queueLimit: fc.constantFrom('none', 0, 3, 10),
        nodes: fc.constantFrom(
          [{ count: 1, memoryMb: 1 }],
          [{ count: 1, memoryMb: 3 }],
          [{ count: 2, memoryMb: 2 }],
          [
            { count: 1, memoryMb: 2 },
            { count: 1, memoryMb: 1 },
          ],
        ),
      }),
      (rows, world) => {
        const trace = traceOf(rows, 60)
        const model = { ...CLUSTER_MODEL, ...world } as Model
        const a = simulate({ trace, model, policy: noUnload, params: {}, seed: 1 })
        const b = simulate({ trace, model, policy: noUnload, params: {}, seed: 1, order: 'time' })
        expectEqual(a, b)
        expect(a.latency).toEqual(b.latency)
      },
    ),
    { numRuns: 4000 },
  )
}, 120000)
