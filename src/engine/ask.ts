import type { Policy, Windows } from '../policy/policy.ts'
import type { AppState } from './state.ts'

/** An answer that means nothing; a driver that knows the policy's and app's names says so to the user. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
  readonly app: number

  constructor(app: number, problem: string) {
    super(problem)
    this.app = app
  }
}

/** Asks the policy for the windows of an app that went idle. Throws {@link BadAnswer}. */
export function askWindows(policy: Policy, app: number, now: number, windows: Windows): void {
  policy.decide(app, now, windows)
  const { prewarmMs, keepAliveMs } = windows
  if (prewarmMs >= 0 && keepAliveMs >= 0) return
  const found = `prewarmMs = ${prewarmMs}, keepAliveMs = ${keepAliveMs}`
  throw new BadAnswer(app, `both windows must be numbers of ms from 0 to Infinity, found ${found}`)
}

/** Asks the policy for windows that its idle instances stay by. `windows` is filled. */
function ask(app: AppState, policy: Policy, now: number, windows: Windows): void {
  askWindows(policy, app.row, now, windows)
  app.windowMs = windows.prewarmMs + windows.keepAliveMs
  if (app.oldestIdle !== app.newestIdle) app.askedAt = now
  if (policy.lastKeepAliveMs === undefined) return
  app.lastMs = policy.lastKeepAliveMs(app.row, now)
  app.held = Math.max(1, app.floor)
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

/** An execution ended and left its instance idle: the policy hears of it, and is asked where the app went idle. */
export function leftIdle(app: AppState, policy: Policy, now: number, fn: number, windows: Windows): void {
  policy.finished?.(app.row, now, fn)
  app.outstanding -= 1
  if (app.outstanding === 0) goIdle(app, policy, now, windows)
  else if (app.windowMs < 0) ask(app, policy, now, windows)
}
