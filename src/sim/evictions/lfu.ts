import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** Least frequently used, by the app's invocations since it last had no instance. */
export const lfu: EvictionDefinition = {
  id: 'lfu',
  summary: 'The instance of the app with the fewest invocations since it was last not loaded at all goes first.',
  paper: 'Fuerst and Sharma, "FaasCache", ASPLOS 2021, section 4 (frequency alone, without clock and cost)',
  pool: ({ ranked, uses }) => ranked((app) => uses[app]!),
}
