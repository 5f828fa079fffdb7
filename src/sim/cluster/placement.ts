import type { Described } from '../../core/registry.ts'
import type { CodeFile } from '../../own/code-file.ts'

/** The memory of the nodes, in whole units of 1/64 MB; one row per node. */
export interface NodeTable {
  readonly count: number
  readonly memory: Float64Array
  /** Memory in which nothing is loaded. */
  readonly free: Float64Array
  /** Memory of idle instances, which may be evicted. */
  readonly idle: Float64Array
}

/** No node has room. */
export const NOWHERE = -1

/** A rule by which a load chooses its node. */
export interface Placement {
  /**
   * The node on which an instance of the app with `units` of memory is loaded. It has that much room free, or, where
   * `evicts` allows it, has it once idle instances are evicted; {@link NOWHERE} when no node does. Where it finds none, what
   * it chooses next is not changed by that.
   */
  choose(app: number, units: number, evicts: boolean): number
}

export interface PlacementFacts {
  readonly nodes: NodeTable
  /** Names of the apps. */
  readonly names: { at(app: number): string }
  readonly seed: number
}

/** A placement as it is listed. */
export interface PlacementDefinition extends Described {
  /** Whose rule it is, where it is somebody's. */
  readonly source?: string
  /** The file that it is in, where that is a user's own. */
  readonly code?: CodeFile
  create(facts: PlacementFacts): Placement
}

/** The room that a load can have on a node: free, or free after evictions. */
export function roomOn({ free, idle }: NodeTable, node: number, evicting: boolean): number {
  return evicting ? free[node]! + idle[node]! : free[node]!
}

/**
 * The choice of most placements: a node that `among` finds where memory is free, else one where it is after evictions.
 * `among` is given which of the two counts.
 */
export function freeFirst(among: (app: number, units: number, evicting: boolean) => number): Placement {
  return {
    choose(app, units, evicts) {
      const node = among(app, units, false)
      return node === NOWHERE && evicts ? among(app, units, true) : node
    },
  }
}
