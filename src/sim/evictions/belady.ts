import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/**
 * The farthest next use first. An instance that becomes idle while n others of its app are busy is used again when the app
 * needs n + 1 at once, for the newest idle one is used first: those that become idle after it lie above it on a stack.
 *
 * On one node no order has fewer cold starts where apps are equally large, loading takes no time and what runs at once
 * always has room. With unequal sizes the optimum is NP-hard, and this is a heuristic that knows the future; so it is with
 * loading times, which the future leaves out, and where the oldest idle instance is used first.
 */
export const belady: EvictionDefinition = {
  id: 'belady',
  summary: 'The instance that its app needs again latest goes first: a bound, for it needs the future.',
  paper: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 1966',
  needsFuture: true,
  pool: ({ busy, nextUse, ranked }) => ranked((app) => -nextUse(app, busy[app]! + 1)),
}
