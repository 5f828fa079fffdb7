import type { EvictionDefinition } from '../cluster/idle-pool.ts'

/** Leaves the choice to the keep-alive policy: what it would unload next anyway goes first. */
export const soonestToExpire: EvictionDefinition = {
  id: 'soonest-to-expire',
  summary: 'The instance goes first whose window, as it stood when the instance became idle, ends first.',
  paper: 'The order that a keep-alive policy itself implies: Shahrad et al., "Serverless in the Wild", USENIX ATC 2020',
  pool: ({ ranked }) => ranked((_app, _now, _clock, until) => until),
}
