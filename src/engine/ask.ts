import type { Policy, Windows } from '../policy/policy.ts'

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
