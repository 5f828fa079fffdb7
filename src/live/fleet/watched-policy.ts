import { MINUTE } from '../../core/units.ts'
import { askFloor, askKeepIdle, askLastKeepAlive, askWindows } from '../../engine/ask.ts'
import type { FloorAnswer, Policy, Windows } from '../../policy/policy.ts'
import { type PolicyCall, type PolicyMethod, wrapPolicy } from '../../policy/wrap-policy.ts'
import type { Watcher } from './watcher.ts'

/** What an app gets from a policy that fails: the ten minutes that are the default of `fixed`. */
const STANDARD_MS = 10 * MINUTE

/** What stands for the answer of a policy that failed. One that fails holds nothing, and is asked for its floor again later. */
const INSTEAD: Partial<Record<PolicyMethod, PolicyCall>> = {
  decide: (_app, _now, out) => void Object.assign(out as Windows, { prewarmMs: 0, keepAliveMs: STANDARD_MS }),
  floor: (_app, now, out) =>
    void Object.assign(out as FloorAnswer, { instances: 0, untilMs: (now as number) + STANDARD_MS }),
  lastKeepAliveMs: () => 0,
  keepIdleMs: () => STANDARD_MS,
}

/** A policy that tells a watcher of its answers, and whose failures harm nobody but the app's windows. */
export function watchedPolicy(policy: Policy, watcher: Watcher): Policy {
  const checked = {
    decide: (app, now, out) => askWindows(policy, app as number, now as number, out as Windows),
    floor: (app, now, out) => askFloor(policy, app as number, now as number, out as FloorAnswer),
    lastKeepAliveMs: (app, now) => askLastKeepAlive(policy, app as number, now as number),
    keepIdleMs: (app, now, inUse) => askKeepIdle(policy, app as number, now as number, inUse as number),
  } satisfies Partial<Record<PolicyMethod, PolicyCall>>
  const watched = wrapPolicy(policy, (method, call) => {
    const action: PolicyCall = method in checked ? checked[method as keyof typeof checked] : call
    const isOfAnApp = method !== 'saveAll' && method !== 'loadAll'
    return (a, b, c, d) => {
      try {
        return action(a, b, c, d)
      } catch (error) {
        watcher.policyFailed?.(isOfAnApp ? (a as number) : null, error)
        return INSTEAD[method]?.(a, b, c, d)
      }
    }
  })
  return {
    ...watched,
    decide(app, now, out) {
      watched.decide(app, now, out)
      watcher.decided?.(app, now, out.prewarmMs, out.keepAliveMs)
    },
  }
}
