import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import { SievePool } from '../cluster/sieve-pool.ts'

/** One bit an instance, and a hand. */
export const sieve: EvictionDefinition = {
  id: 'sieve',
  summary:
    'A hand goes from the oldest instance to the newest, and the first that was not used since it last passed goes.',
  paper: 'Zhang et al., "SIEVE is simpler than LRU", NSDI 2024; those that work are passed over',
  pool: () => new SievePool(),
}
