import type { Policy, Windows } from '../policy/policy.ts'
import type { AppState } from './state.ts'

/** An answer that is no pair of windows; a driver that knows the policy's and app's names says so to the user. */
export class BadWindows extends Error {
  override readonly name = 'BadWindows'
  readonly app: number

  constructor(app: number, { prewarmMs, keepAliveMs }: Windows) {
    super(
      `both windows must be numbers of ms from 0 to Infinity, found prewarmMs = ${prewarmMs}, keepAliveMs = ${keepAliveMs}`,
    )
    this.app = app
  }
}

/** Asks the policy for the windows of an app that went idle. Throws {@link BadWindows}. */
export function askWindows(policy: Policy, app: number, now: number, windows: Windows): void {
  policy.decide(app, now, windows)
  if (!(windows.prewarmMs >= 0 && windows.keepAliveMs >= 0)) throw new BadWindows(app, windows)
}

/** Asks the policy for windows that its idle instances stay by. `windows` is filled. */
export function ask(app: AppState, policy: Policy, now: number, windows: Windows): void {
  askWindows(policy, app.row, now, windows)
  app.windowMs = windows.prewarmMs + windows.keepAliveMs
  if (app.oldestIdle !== app.newestIdle) app.askedAt = now
}

/** The app's last running execution ended: asks the policy for its windows, and plans a pre-warm where it wants one. */
export function goIdle(app: AppState, policy: Policy, now: number, windows: Windows): void {
  app.idleAt = now
  ask(app, policy, now, windows)
  const prewarmAt = now + windows.prewarmMs
  if (prewarmAt === now) return
  app.unloadBy = now
  app.prewarmAt = prewarmAt
  app.keepAliveMs = windows.keepAliveMs
}
