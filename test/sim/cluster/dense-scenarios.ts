import fc from 'fast-check'
import { CLUSTER_MODEL, type ClusterModel } from '../../../src/sim/model.ts'
import { evictions } from '../../../src/sim/evictions/index.ts'
import { placements } from '../../../src/sim/placements/index.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import type { Execution } from '../scenario.ts'
import { type Apps, traceWith } from './cluster-scenario.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
/** No app is larger. */
const LARGEST_MB = 3

/** Executions so close that finishes, loads, arrivals, pre-warms and unloads keep falling on the same milliseconds. */
export const executions: fc.Arbitrary<Execution[]> = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom(...NAMES)),
  { minLength: 1, maxLength: 40 },
)

export const apps: fc.Arbitrary<Apps> = fc
  .array(fc.tuple(fc.constantFrom(0.5, 1, 2, LARGEST_MB), fc.integer({ min: 0, max: 5 })), {
    minLength: NAMES.length,
    maxLength: NAMES.length,
  })
  .map((rows) => Object.fromEntries(NAMES.map((name, row) => [name, rows[row]!])))

const window = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2.5, 30, Number.POSITIVE_INFINITY))
export const windows = fc.array(fc.tuple(fc.oneof(fc.constant(0), window), window), { minLength: 1, maxLength: 6 })

const lifecycle = {
  horizon: fc.constantFrom<ClusterModel['horizon'][]>('cut', 'expire'),
  concurrency: fc.constantFrom(1, 1, 2, Number.POSITIVE_INFINITY),
  reuse: fc.constantFrom<ClusterModel['reuse'][]>('newest', 'oldest'),
  whileLoading: fc.constantFrom<ClusterModel['whileLoading'][]>('new', 'join'),
  renew: fc.boolean(),
  placement: fc.constantFrom(...placements.ids),
  eviction: fc.constantFrom(...evictions.ids),
  overflow: fc.constantFrom<ClusterModel['overflow'][]>('queue', 'drop'),
  queueLimit: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 12 })),
}

/** Clusters in which memory is short most of the time. */
export const tightModels: fc.Arbitrary<ClusterModel> = fc
  .record({
    ...lifecycle,
    nodes: fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 2 }), memoryMb: fc.integer({ min: LARGEST_MB, max: 6 }) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  })
  .map((options) => ({ ...CLUSTER_MODEL, ...options }))

/** Clusters in which it never is. */
export const ampleModels: fc.Arbitrary<ClusterModel> = fc
  .record({ ...lifecycle, nodes: fc.integer({ min: 1, max: 3 }).map((count) => [{ count, memoryMb: 4096 }]) })
  .map((options) => ({ ...CLUSTER_MODEL, ...options }))

/** The same executions, each of a function of its own that bears its number. */
export function numbered(rows: readonly Execution[]): Execution[] {
  return rows.map(([start, duration, app], index) => [start, duration, app!, `f${index}`] as const)
}

export function traceOfDense(given: Apps, rows: readonly Execution[], horizonMs = 60): Trace {
  return traceWith(given, rows, horizonMs)
}
