/** Ranks of events at equal times: finish, load, arrive, unload (model.md, Ties); a pre-warm begins after loads ended. */
export const FINISH = 0
export const LOADED = 1
export const PREWARM = 2
export const ARRIVE = 3
export const UNLOAD = 4

/** How an arrival was served. */
export const WARM = 0
export const COLD = 1
export const JOINED = 2
/** How an instance serves whoever was first in the line of its app. */
export type Taken = typeof WARM | typeof COLD | typeof JOINED
/** It could not be: there is no room for the load that it needs. It may be served later, or dropped. */
export const REFUSED = 3
/** It waits in the line of its app. */
export const LINED_UP = 4
/** It does, and an instance is to be loaded beside it: tell the engine's `loadBeside` once it stands in the line. */
export const RACING = 5

export interface EngineOptions {
  /** Invocations that one instance serves at a time. */
  readonly concurrency: number
  /** The same of an app, where apps differ in that. */
  readonly concurrencyOf?: (app: number) => number
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
  /** Whether windows begin anew whenever an instance becomes idle; else only when it first does. */
  readonly renew: boolean
}

/**
 * Whom a load may evict for room. What an invocation or a pre-warm needs may take the place of anybody who is idle; a floor
 * that rose, of instances of other apps; and what a floor misses otherwise, of nobody: two floors for which there is
 * no room together would take each other's place for ever. What is loaded when a simulation begins takes no place of
 * anybody, nor waits for a turn.
 */
export type Evicts = 'anybody' | 'other apps' | 'nobody' | 'nobody at the start'

/** Who carries the engine's orders out: a simulator's clock, or real containers. Apps and instances are numbers. */
export interface Host {
  /** Whether there is room to load an instance of the app; makes it, where others may be evicted for it. */
  admit(app: number, instance: number, now: number, evicts: Evicts): boolean
  /** Begin to load an instance of the app; tell the engine's `loaded` when it is, at once if loading takes no time. */
  load(app: number, instance: number, now: number): void
  /**
   * Whoever is first in the line of the app leaves it, and begins on the instance, which has worked before (WARM), or whose
   * load ended just now: one that was begun beside the line (COLD), or for another reason or taken by others already (JOINED).
   * Absent where policies that have anybody line up are refused.
   */
  take?(app: number, instance: number, now: number, outcome: Taken): void
  /** The instance, whose loading began at `bornAt`, is unloaded. */
  unload(app: number, instance: number, bornAt: number, now: number): void
  /** The window of the instance was over, and it has just been unloaded; absent where nothing is left of it. */
  cool?(app: number, instance: number, now: number): void
  /** The policy asked to be asked of this app again: what is due next for it may be earlier than before. */
  asked?(app: number): void
  /** Hears of instances that become idle and that leave it for work; absent where nobody needs to know. */
  readonly idleness?: Idleness
}

/** Who must know which instances are idle: whoever evicts them. */
export interface Idleness {
  /** A loaded instance has nothing to do; unless work or an unload comes first, its window ends at `until`. */
  idle(app: number, instance: number, now: number, until: number): void
  /** The idle instance takes an invocation. */
  wake(app: number, instance: number): void
}
