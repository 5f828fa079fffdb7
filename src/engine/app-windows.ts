import type { Reason } from './ledger.ts'
import type { AppState, Instance } from './state.ts'

/** When the app's longest idle instance goes, never before the answer that says so; Infinity when none is idle. */
function unloadTime(app: AppState): number {
  const oldest = app.oldestIdle
  if (oldest === null) return Number.POSITIVE_INFINITY
  if (app.alive <= app.held) return heldUntil(app, oldest)
  return expiry(app, oldest)
}

/** When the windows of an app are over for its longest idle instance, never before the answer that says so. */
function expiry(app: AppState, oldest: Instance): number {
  if (app.unloadBy >= 0) return app.unloadBy > oldest.since ? app.unloadBy : oldest.since
  const due = oldest.keptSince + app.windowMs
  // An answer that came late, or a window that does not renew, may have passed already.
  const soonest = oldest.since > app.askedAt ? oldest.since : app.askedAt
  return due > soonest ? due : soonest
}

/** Until its floor changes, or the app's last instance has been idle for long enough. */
function heldUntil(app: AppState, oldest: Instance): number {
  if (app.alive <= app.floor) return Number.POSITIVE_INFINITY
  return Math.max(expiry(app, oldest), app.idleAt + app.lastMs)
}

/** The first moment at which something begins by the clock: a pre-warm, or another floor. */
function beginsAt(app: AppState): number {
  return app.prewarmAt < app.floorAt ? app.prewarmAt : app.floorAt
}

/** When the app's next timer is due, be it that something begins or that an instance goes; Infinity when it has none. */
export function dueTime(app: AppState): number {
  const unloadAt = unloadTime(app)
  const startAt = beginsAt(app)
  return startAt < unloadAt ? startAt : unloadAt
}

/** Whether something begins at that time; else the app's longest idle instance goes. */
export function beginsFirst(app: AppState): boolean {
  return beginsAt(app) <= unloadTime(app)
}

/**
 * Whether the app's newest idle instance, were it to work until `end`, would be its only one with room, and still the
 * newest idle one then: nothing begins before, and none of the others goes.
 */
export function isLatest(app: AppState, newest: Instance, end: number): boolean {
  if (app.busyWithRoom !== null || app.floorAt < end) return false
  return newest === app.oldestIdle || (app.unloadBy < 0 && unloadTime(app) >= end)
}

/** When an idle instance goes as the latest answer has it; what it was kept for may have passed already. */
export function windowEnd(app: AppState, instance: Instance): number {
  return app.unloadBy < 0 ? instance.keptSince + app.windowMs : app.unloadBy
}

/** Why an arrival, which is counted as outstanding already, finds no instance of its app that is loaded and has room. */
export function reasonOf(app: AppState): Reason {
  if (!app.wasLoaded && app.outstanding === 1) return 'first'
  if (app.outstanding > 1) return 'scaleOut'
  if (app.prewarmAt < Number.POSITIVE_INFINITY || app.prewarming > 0) return 'early'
  return app.wasEvicted ? 'evicted' : 'expired'
}

/** An arrival ends what the windows still had in store: they restart at the next idle moment. */
export function cancelWindows(app: AppState): void {
  app.prewarmAt = Number.POSITIVE_INFINITY
  app.unloadBy = -1
}
