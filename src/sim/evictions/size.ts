import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** The largest first: one eviction frees the most. */
export const size: EvictionDefinition = {
  id: 'size',
  summary: 'The largest instance goes first.',
  paper: 'Fuerst and Sharma, "FaasCache", ASPLOS 2021, section 4 (1 / size, without clock and frequency)',
  pool: ({ memoryMb, ranked }) => ranked((app) => -memoryMb[app]!),
}
