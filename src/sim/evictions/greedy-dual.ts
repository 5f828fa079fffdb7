import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** Greedy-Dual-Size-Frequency as FaasCache uses it; the cost is the loading time in ms, the size MB. */
export const greedyDual: EvictionDefinition = {
  id: 'greedy-dual',
  summary:
    'The lowest clock + frequency x cost / size goes first; the clock is the highest that was evicted on the node.',
  paper: 'Fuerst and Sharma, "FaasCache: Keeping Serverless Computing Alive with Greedy-Dual Caching", ASPLOS 2021',
  pool: ({ loadingMs, memoryMb, ranked, uses }) =>
    ranked((app, _now, clock) => clock + (uses[app]! * loadingMs[app]!) / memoryMb[app]!),
}
