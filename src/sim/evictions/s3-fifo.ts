import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import { S3FifoPool } from '../cluster/s3-fifo-pool.ts'

/** Queues alone: a small one that lets most go soon, a main one, and a memory of what went. */
export const s3Fifo: EvictionDefinition = {
  id: 's3-fifo',
  summary:
    'A small queue lets new instances go that were hardly used; used ones move to the main queue and have further rounds.',
  paper:
    'Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023; the small queue has 10 % of the memory of the instances that are there, and those that work are passed over',
  pool: ({ memoryMb }) => new S3FifoPool(memoryMb),
}
