import { NONE } from './instances.ts'

/** One row an app: what the engine knows of it between two events. */
export interface AppStates {
  /** Invocations running or waiting. */
  readonly outstanding: Int32Array
  /** When the app last went idle; -1 before it ever did. */
  readonly idleAt: Float64Array
  /** 1 once the policy was asked, 1 once a load was begun. */
  readonly asked: Uint8Array
  readonly known: Uint8Array
  /** 1 when the last instance that went was evicted. */
  readonly wasEvicted: Uint8Array
  /** When the policy last answered, and for how long an idle instance then stays while the app is not wholly idle. */
  readonly askedAt: Float64Array
  readonly windowMs: Float64Array
  readonly keepAliveMs: Float64Array
  /** When all idle instances go, whenever they became idle; -1 when each goes by its own window. */
  readonly unloadBy: Float64Array
  /** When the pending pre-warm loads; Infinity when none is pending. */
  readonly prewarmAt: Float64Array
  /** Ends of the chain of idle instances: the one idle longest, and the one idle shortest. */
  readonly oldestIdle: Int32Array
  readonly newestIdle: Int32Array
  /** First of the chains of busy instances with room, and of loading instances that an arrival may join. */
  readonly busyWithRoom: Int32Array
  readonly loadingWithRoom: Int32Array
  /** Pre-warmed instances that are loading and that no arrival waits for. */
  readonly prewarming: Int32Array
}

/** States of apps of which nothing has been heard. */
export function appStates(apps: number): AppStates {
  const ints = (): Int32Array<ArrayBuffer> => new Int32Array(apps)
  const floats = (): Float64Array<ArrayBuffer> => new Float64Array(apps)
  return {
    outstanding: ints(),
    idleAt: floats().fill(-1),
    asked: new Uint8Array(apps),
    known: new Uint8Array(apps),
    wasEvicted: new Uint8Array(apps),
    askedAt: floats(),
    windowMs: floats().fill(Number.POSITIVE_INFINITY),
    keepAliveMs: floats(),
    unloadBy: floats().fill(-1),
    prewarmAt: floats().fill(Number.POSITIVE_INFINITY),
    oldestIdle: ints().fill(NONE),
    newestIdle: ints().fill(NONE),
    busyWithRoom: ints().fill(NONE),
    loadingWithRoom: ints().fill(NONE),
    prewarming: ints(),
  }
}
