import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/**
 * An instance has as credit its cost, the loading time, and rent in proportion to its size is taken from all until one
 * has none left. What was taken so far per MB is kept as a clock in place of lowering every credit, which comes to the
 * same: the credit left over size is the rank less the clock.
 */
export const landlord: EvictionDefinition = {
  id: 'landlord',
  summary: 'The instance whose credit, its loading time at its last use less rent by size, runs out first goes first.',
  paper: 'Young, "On-line file caching", Algorithmica 2002; for keep-alive Fuerst and Sharma, "FaasCache", ASPLOS 2021',
  pool: ({ loadingMs, memoryMb, ranked }) => ranked((app, _now, clock) => clock + loadingMs[app]! / memoryMb[app]!),
}
