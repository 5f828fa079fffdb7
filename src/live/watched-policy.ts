import { MINUTE } from '../core/units.ts'
import { askWindows } from '../engine/ask.ts'
import type { Policy } from '../policy/policy.ts'
import type { Watcher } from './watcher.ts'

/** What an app gets from a policy that fails: the ten minutes that are the default of `fixed`. */
const STANDARD_MS = 10 * MINUTE

/** A policy that tells a watcher of its answers, and whose failures harm nobody but the app's windows. */
export function watchedPolicy(policy: Policy, watcher: Watcher): Policy {
  const guarded = (app: number, action: () => void): boolean => {
    try {
      action()
      return true
    } catch (error) {
      watcher.policyFailed?.(app, error)
      return false
    }
  }
  const watched: Policy = {
    arrived: (app, now, idleMs, fn) => void guarded(app, () => policy.arrived(app, now, idleMs, fn)),
    decide(app, now, out) {
      if (!guarded(app, () => askWindows(policy, app, now, out))) {
        out.prewarmMs = 0
        out.keepAliveMs = STANDARD_MS
      }
      watcher.decided?.(app, now, out.prewarmMs, out.keepAliveMs)
    },
  }
  if (policy.floor !== undefined) {
    watched.floor = (app, now, out) => {
      if (guarded(app, () => policy.floor!(app, now, out))) return
      out.instances = 0
      out.untilMs = Number.POSITIVE_INFINITY
    }
  }
  if (policy.finished !== undefined) {
    watched.finished = (app, now, fn) => void guarded(app, () => policy.finished!(app, now, fn))
  }
  if (policy.floor !== undefined) {
    watched.floor = (app, now, out) => {
      if (guarded(app, () => policy.floor!(app, now, out))) return
      out.instances = 0
      out.untilMs = Infinity
    }
  }
  if (policy.lastKeepAliveMs !== undefined) watched.lastKeepAliveMs = policy.lastKeepAliveMs.bind(policy)
  if (policy.save !== undefined) watched.save = (app) => policy.save!(app)
  if (policy.load !== undefined) watched.load = (app, state) => void guarded(app, () => policy.load!(app, state))
  return watched
}
