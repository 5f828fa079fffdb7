import type { AppState } from './state.ts'

/** What an app's windows had in store at some moment: enough to go on from in front of instances that are gone. */
export interface SavedWindows {
  /** When the app last went idle; where it was busy, the moment of saving. */
  readonly idleAt: number
  /** When its next instance is to be loaded; Infinity: when it is next invoked. */
  readonly loadAt: number
  /** Until when an instance of it is kept. */
  readonly keepUntil: number
  /** Both windows together, of the latest answer. */
  readonly windowMs: number
}

/** What to save of an app; undefined when it was never loaded. */
export function savedWindows(app: AppState, now: number): SavedWindows | undefined {
  if (!app.wasLoaded) return undefined
  const { windowMs } = app
  if (app.outstanding > 0) return { idleAt: now, loadAt: Infinity, keepUntil: now, windowMs }
  const { idleAt, prewarmAt, newestIdle } = app
  if (prewarmAt < Infinity) return { idleAt, loadAt: prewarmAt, keepUntil: prewarmAt + app.keepAliveMs, windowMs }
  if (newestIdle === null && app.prewarming === 0) return { idleAt, loadAt: Infinity, keepUntil: now, windowMs }
  const keepUntil = app.unloadBy >= 0 ? app.unloadBy : (newestIdle?.since ?? now) + windowMs
  return { idleAt, loadAt: now, keepUntil, windowMs }
}

/** Goes on from saved windows, at a time of which they know nothing: what they still keep is loaded again. */
export function resumeWindows(app: AppState, saved: SavedWindows, now: number): void {
  app.wasLoaded = true
  // A clock that was set back meanwhile must not make idle times negative.
  app.idleAt = Math.min(saved.idleAt, now)
  app.windowMs = saved.windowMs
  if (saved.loadAt === Infinity || saved.keepUntil <= now) return
  app.prewarmAt = Math.max(saved.loadAt, now)
  app.keepAliveMs = saved.keepUntil - app.prewarmAt
  app.unloadBy = now
}
