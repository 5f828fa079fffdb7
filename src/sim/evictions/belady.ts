import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import { RankedPool } from '../cluster/ranked-pool.ts'

/**
 * The farthest next use first: no order has fewer misses where apps are equally large and executions take no time. With
 * unequal sizes the optimum is NP-hard, and this is a heuristic that knows the future.
 */
export const belady: EvictionDefinition = {
  id: 'belady',
  summary: 'The instance whose app is invoked again latest goes first: a bound, for it needs the future.',
  paper: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 1966',
  needsFuture: true,
  pool: ({ busy, nextUse, ranks }) => new RankedPool((app) => -nextUse(app, busy[app]! + 1), ranks),
}
