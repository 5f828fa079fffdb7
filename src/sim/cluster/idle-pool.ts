import type { Described } from '../../core/registry.ts'
import type { CodeFile } from '../../own/code-file.ts'

/** The idle instances of one node, and which of them goes first when its memory is short. */
export interface IdlePool {
  /** An instance became idle: at `now`, and its window ends at `until`. */
  add(instance: number, app: number, now: number, until: number): void
  /** An instance is idle no more: it works, or its window ended. */
  remove(instance: number): void
  /** An instance that is gone for good; its number may come back as another one's. Called after {@link remove}. */
  forget(instance: number): void
  /**
   * The idle instance that goes now, none of those that are `spared`; {@link remove} and {@link forget} follow. Only while
   * there is one.
   */
  victim(spared?: ReadonlySet<number>): number
}

/**
 * Gives the rank of an instance of the app that became idle at `now` and whose window ends at `until`. `clock` is the
 * highest rank that was evicted so far on the node. The rank stands until the instance works again.
 */
export type Ranking = (app: number, now: number, clock: number, until: number) => number

/** What an eviction order may know of the apps. Columns have one row per app. */
export interface EvictionFacts {
  /** MB of an instance, above 0. */
  readonly memoryMb: Float64Array
  /** How long loading one takes, in ms. */
  readonly loadingMs: Float64Array
  /** Invocations of the app since it last had no instance at all. */
  readonly uses: Float64Array
  /** Instances of the app that load or work now. */
  readonly busy: Uint32Array
  /**
   * Number in time order of the app's next arrival that will find it in need of at least so many instances at once,
   * Infinity where none comes; only for an order that needs the future.
   */
  readonly nextUse: (app: number, instances: number) => number
  /** Makes a pool of which the instance of the lowest rank goes first; of equal ranks the one that became idle first. */
  readonly ranked: (ranking: Ranking) => IdlePool
  readonly seed: number
}

/** An order in which idle instances are evicted when memory is short. */
export interface EvictionDefinition extends Described {
  /** Where it was published. */
  readonly paper: string
  /** Whether it knows when apps will be invoked: a bound, not something to run. */
  readonly needsFuture?: true
  /** The file that it is in, where that is a user's own. */
  readonly code?: CodeFile
  /** Makes the pool of one node; `node` counts from 0. */
  pool(facts: EvictionFacts, node: number): IdlePool
}
