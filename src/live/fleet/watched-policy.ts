import { MINUTE } from '../../core/units.ts'
import { askWindows, BadAnswer } from '../../engine/ask.ts'
import { askFloor } from '../../engine/floors.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Watcher } from './watcher.ts'

/** What an app gets from a policy that fails: the ten minutes that are the default of `fixed`. */
const STANDARD_MS = 10 * MINUTE

type Guard = <T>(app: number, action: () => T, otherwise: T) => T

/** A policy that tells a watcher of its answers, and whose failures harm nobody but the app's windows. */
export function watchedPolicy(policy: Policy, watcher: Watcher): Policy {
  const guarded: Guard = (app, action, otherwise) => {
    try {
      return action()
    } catch (error) {
      watcher.policyFailed?.(app, error)
      return otherwise
    }
  }
  const watched: Policy = {
    arrived: (app, now, idleMs, fn) => guarded(app, () => policy.arrived(app, now, idleMs, fn), undefined),
    decide(app, now, out) {
      const isAnswered = guarded(app, () => (askWindows(policy, app, now, out), true), false)
      if (!isAnswered) Object.assign(out, { prewarmMs: 0, keepAliveMs: STANDARD_MS })
      watcher.decided?.(app, now, out.prewarmMs, out.keepAliveMs)
    },
    ...byTheClock(policy, guarded),
  }
  if (policy.finished !== undefined) {
    watched.finished = (app, now, fn) => guarded(app, () => policy.finished!(app, now, fn), undefined)
  }
  if (policy.save !== undefined) watched.save = (app) => guarded(app, () => policy.save!(app), undefined)
  if (policy.load !== undefined) watched.load = (app, state) => guarded(app, () => policy.load!(app, state), undefined)
  return watched
}

/** What a policy holds whatever its windows say. One that fails holds nothing, and is asked for its floor again later. */
function byTheClock(policy: Policy, guarded: Guard): Pick<Policy, 'floor' | 'lastKeepAliveMs'> {
  const watched: Pick<Policy, 'floor' | 'lastKeepAliveMs'> = {}
  if (policy.floor !== undefined) {
    watched.floor = (app, now, out) => {
      const none = { instances: 0, untilMs: now + STANDARD_MS }
      Object.assign(
        out,
        guarded(app, () => askFloor(policy, app, now), none),
      )
    }
  }
  if (policy.lastKeepAliveMs !== undefined) {
    watched.lastKeepAliveMs = (app, now) => guarded(app, () => lastOf(policy, app, now), 0)
  }
  return watched
}

function lastOf(policy: Policy, app: number, now: number): number {
  const lastMs = policy.lastKeepAliveMs!(app, now)
  if (lastMs >= 0) return lastMs
  throw new BadAnswer(app, `lastKeepAliveMs must be a number of ms from 0 to Infinity, found ${lastMs}`)
}
