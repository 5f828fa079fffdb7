import { evictions } from '../evictions/index.ts'
import type { ClusterModel } from '../model.ts'
import { placements } from '../placements/index.ts'
import type { EvictionDefinition } from './idle-pool.ts'
import type { PlacementDefinition } from './placement.ts'

/** The eviction order of a model. Throws a UserError for an id that there is not. */
export function evictionOf({ eviction }: Pick<ClusterModel, 'eviction'>): EvictionDefinition {
  return typeof eviction === 'string' ? evictions.get(eviction, 'model.eviction') : eviction
}

/** The placement of a model. Throws a UserError for an id that there is not. */
export function placementOf({ placement }: Pick<ClusterModel, 'placement'>): PlacementDefinition {
  return typeof placement === 'string' ? placements.get(placement, 'model.placement') : placement
}
