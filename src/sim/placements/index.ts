import { registry, type Registry } from '../../core/registry.ts'
import type { PlacementDefinition } from '../cluster/placement.ts'
import { firstFit } from './first-fit.ts'
import { hash } from './hash.ts'
import { leastLoaded } from './least-loaded.ts'
import { random } from './random.ts'
import { roundRobin } from './round-robin.ts'

/** Every rule by which a load chooses its node. */
export const placements: Registry<PlacementDefinition> = registry<PlacementDefinition>('placement', [
  hash,
  leastLoaded,
  firstFit,
  roundRobin,
  random,
])
