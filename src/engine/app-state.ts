import type { Instance } from './instance.ts'

/** What the engine knows of an app between two events. An object, not columns: an event touches most of it at once. */
export class AppState {
  /** The app's row in the trace and the ledger. */
  readonly row: number
  /** Invocations running or waiting. */
  outstanding = 0
  /** Whether the policy was ever asked, a load ever begun, and the latest instance to go evicted. */
  wasAsked = false
  wasLoaded = false
  wasEvicted = false
  /** Pre-warmed instances that are loading and that no arrival waits for. */
  prewarming = 0
  /** When the app last went idle; negative before it ever did. (Fractions at first, so that V8 keeps doubles.) */
  idleAt = -0.5
  /** When the policy last answered. */
  askedAt = 0.5
  /** How long an idle instance stays while the app as a whole is not idle: both windows together. */
  windowMs = Number.POSITIVE_INFINITY
  keepAliveMs = 0.5
  /** When all idle instances go, whenever they became idle; negative when each goes by its own window. */
  unloadBy = -0.5
  /** When the pending pre-warm begins to load; Infinity when none is pending. */
  prewarmAt = Number.POSITIVE_INFINITY
  /** Ends of the chain of idle instances. */
  oldestIdle: Instance | null = null
  newestIdle: Instance | null = null
  /** First of the chains of busy instances with room, and of loading instances that an arrival may join. */
  busyWithRoom: Instance | null = null
  loadingWithRoom: Instance | null = null

  constructor(row: number) {
    this.row = row
  }
}
