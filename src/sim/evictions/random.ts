import { streamOf } from '../../core/random.ts'
import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import { RandomPool } from '../cluster/random-pool.ts'

/** What any order has to beat. */
export const random: EvictionDefinition = {
  id: 'random',
  summary: 'Any idle instance of the node goes, all with equal chances.',
  paper: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 1966',
  pool: ({ seed }, node) => new RandomPool(streamOf(seed, `eviction on node ${node}`)),
}
