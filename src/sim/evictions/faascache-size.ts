import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** What FaasCache's own simulator calls SIZE; its text describes plain `size`. */
export const faascacheSize: EvictionDefinition = {
  id: 'faascache-size',
  summary: 'The lowest clock + frequency / size goes first, as in the code of FaasCache’s simulator.',
  paper: 'Fuerst and Sharma, "FaasCache", ASPLOS 2021, its published simulator (SIZE)',
  pool: ({ memoryMb, ranked, uses }) => ranked((app, _now, clock) => clock + uses[app]! / memoryMb[app]!),
}
