import { registry, type Registry } from '../../core/registry.ts'
import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import { belady } from './belady.ts'
import { cidre } from './cidre.ts'
import { faascacheFreq } from './faascache-freq.ts'
import { faascacheSize } from './faascache-size.ts'
import { greedyDual } from './greedy-dual.ts'
import { landlord } from './landlord.ts'
import { lfu } from './lfu.ts'
import { lru } from './lru.ts'
import { random } from './random.ts'
import { s3Fifo } from './s3-fifo.ts'
import { sieve } from './sieve.ts'
import { size } from './size.ts'
import { soonestToExpire } from './soonest-to-expire.ts'

/** Every order in which idle instances are evicted. */
export const evictions: Registry<EvictionDefinition> = registry<EvictionDefinition>('eviction order', [
  greedyDual,
  lru,
  lfu,
  size,
  landlord,
  random,
  soonestToExpire,
  belady,
  faascacheFreq,
  faascacheSize,
  cidre,
  s3Fifo,
  sieve,
])
