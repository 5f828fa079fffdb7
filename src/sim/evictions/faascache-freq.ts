import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** What FaasCache's own simulator calls FREQ; its text describes plain `lfu`. */
export const faascacheFreq: EvictionDefinition = {
  id: 'faascache-freq',
  summary: 'The lowest clock + frequency x cost goes first, as in the code of FaasCache’s simulator.',
  paper: 'Fuerst and Sharma, "FaasCache", ASPLOS 2021, its published simulator (FREQ)',
  pool: ({ loadingMs, ranked, uses }) => ranked((app, _now, clock) => clock + uses[app]! * loadingMs[app]!),
}
