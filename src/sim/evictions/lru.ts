import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** Least recently used: use ends when the instance becomes idle. */
export const lru: EvictionDefinition = {
  id: 'lru',
  summary: 'The instance that has been idle longest goes first.',
  paper:
    'Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 1970; for keep-alive Fuerst and Sharma, "FaasCache", ASPLOS 2021, section 4',
  pool: ({ ranked }) => ranked((_app, now) => now),
}
