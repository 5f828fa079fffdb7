// An eviction order of one's own, as docs/cluster.md explains it: of the idle instances of a node, the app with the fewest
// invocations per MB goes first.
import type { EvictionDefinition } from 'pilotlight/experiment'

export default {
  id: 'least-used-per-mb',
  summary: 'The instance of the app with the fewest invocations per MB goes first.',
  paper: 'none: an example',
  pool: ({ ranked, uses, memoryMb }) => ranked((app) => uses[app]! / memoryMb[app]!),
} satisfies EvictionDefinition
