/** What an instance is doing. */
const LOADING = 0
export const IDLE = 1
export const BUSY = 2

/** The account of the time that an instance spends in each of them. */
export const STATE_ACCOUNTS = ['loadingMs', 'idleMs', 'busyMs'] as const

/**
 * One loaded copy of an app, or one that is being loaded; reused for another after it is unloaded. `previous` and `next`
 * chain the idle instances of an app in the order of `keptSince`, or those with room that are busy or loading.
 */
export class Instance {
  /** Its number; hosts and drivers know it by that. */
  readonly row: number
  app: AppState | null = null
  state = LOADING
  /** Invocations that are running, or waiting for the load to end. */
  taken = 0
  /** When the present state began, and when loading began. Begun as fractions so that V8 keeps them as doubles. */
  since = 0.5
  bornAt = 0.5
  /** When the window that it idles under began: `since`, or its first idle moment where windows do not renew. */
  keptSince = 0.5
  /** Whether it was pre-warmed and has served nothing yet. */
  isUnused = false
  previous: Instance | null = null
  next: Instance | null = null

  constructor(row: number) {
    this.row = row
  }

  /** It becomes one of an app's and is loaded from now on, for `taken` arrivals that wait for it. */
  begin(app: AppState, now: number, taken: number): void {
    this.app = app
    this.state = LOADING
    this.taken = taken
    this.since = now
    this.bornAt = now
    this.keptSince = -0.5
    this.isUnused = taken === 0
    app.wasLoaded = true
    app.alive += 1
  }

  /** It worked for a moment while it was idle, and its window begins anew. */
  worked(end: number): void {
    this.since = end
    this.keptSince = end
    this.isUnused = false
  }
}

/** What the engine knows of an app between two events. An object, not columns: an event touches most of it at once. */
export class AppState {
  /** The app's row in the trace and the ledger. */
  readonly row: number
  /** Invocations running or waiting. */
  outstanding = 0
  /** Whether a load was ever begun, and memory pressure took the latest instance to go, or the pre-warm to come. */
  wasLoaded = false
  wasEvicted = false
  /** Pre-warmed instances that are loading and that no arrival waits for. */
  prewarming = 0
  /** When the app last went idle; negative before it ever did. (Fractions at first, so that V8 keeps doubles.) */
  idleAt = -0.5
  /** How long an idle instance stays, but for what `unloadBy` says: both windows together. Negative before any answer. */
  windowMs = -0.5
  /** When that answer was given, if instances were idle by then: it may be too short for them. */
  askedAt = -0.5
  /** The keep-alive window that begins with the pending pre-warm. */
  keepAliveMs = 0.5
  /** When all idle instances go, whenever they became idle; negative when each goes by its own window. */
  unloadBy = -0.5
  /** When the pending pre-warm begins to load; Infinity when none is pending. */
  prewarmAt = Number.POSITIVE_INFINITY
  /** Instances that are loading, idle or busy. */
  alive = 0
  /** So many of them are held, whatever their windows say: by the floor, or as the app's last one (`lastMs`). */
  held = 0
  /** The policy's minimum of instances, and when it is asked for it again; Infinity when never. */
  floor = 0
  floorAt = Number.POSITIVE_INFINITY
  /** How long the last instance stays after the app went idle; negative where it goes as all others do. */
  lastMs = -0.5
  /** Ends of the chain of idle instances. */
  oldestIdle: Instance | null = null
  newestIdle: Instance | null = null
  /** First of the chains of busy instances with room, and of loading instances that an arrival may join. */
  busyWithRoom: Instance | null = null
  loadingWithRoom: Instance | null = null

  constructor(row: number, hasFloor: boolean) {
    this.row = row
    if (hasFloor) this.floorAt = 0
  }
}
