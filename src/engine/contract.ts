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

export interface EngineOptions {
  /** Invocations that one instance serves at a time. */
  readonly concurrency: number
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
}

/** Who carries the engine's orders out: a simulator's clock, or real containers. */
export interface Host {
  /** Begin to load an instance of the app; tell the engine's `loaded` when it is, at once if loading takes no time. */
  load(app: number, instance: number, now: number): void
  /** The instance, whose loading began at `bornAt`, is unloaded. */
  unload(app: number, instance: number, bornAt: number, now: number): void
}
