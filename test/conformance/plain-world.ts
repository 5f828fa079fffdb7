import type { Policy } from '../../src/policy/policy.ts'
import type { Vector } from '../../tools/conformance/vector.ts'

/** Ways in which public simulators leave the model; each must fail a vector. */
export const WORLD_FLAWS = {
  firstIsWarm: 'the first invocation of an app is not cold',
  coldAtExpiry: 'an arrival at the very instant of the unload is cold',
  coldAtPrewarm: 'an arrival at the very instant of the pre-warm is cold',
  keepsPendingPrewarm: 'an arrival before the pre-warm does not cancel it: its idle time counts as well',
  forgetsUnused: 'the idle time of a pre-warm that nobody used is not counted',
  notRenewed: 'a window does not begin anew on use',
  dropsTail: 'what is idle at the end of the trace is not counted',
} as const
export type WorldFlaw = keyof typeof WORLD_FLAWS

type Accounts = Record<string, number>

/**
 * The model for one instance per app whose executions do not overlap and whose loads take no time, idle time by idle time,
 * with no engine: what vectors are checked with that pilotlight's own answer could not check. `paper` takes no durations.
 */
export function plainWorld(
  { arrivals, model, horizonMs }: Vector,
  policyOf: (app: string) => Policy,
  flaw?: WorldFlaw,
): Record<string, Accounts> {
  const answer: Record<string, Accounts> = {}
  for (const app of new Set(arrivals.map((arrival) => arrival.app))) {
    const own = arrivals.filter((arrival) => arrival.app === app)
    const fns = [...new Set(own.map(({ fn }) => fn ?? 'f'))]
    const policy = policyOf(app)
    const counts: Accounts = {}
    const add = (account: string, by = 1): void => void (counts[account] = (counts[account] ?? 0) + by)
    for (const account of ['coldStarts', 'first', 'expired', 'early', 'loads', 'prewarms', 'prewarmsUnused', 'idleMs'])
      add(account, 0)
    const out = { prewarmMs: 0, keepAliveMs: 0 }
    let idleAt = -1
    let keptSince = -1
    const idle = (from: number, to: number): void => add('idleMs', Math.max(0, Math.min(to, horizonMs) - from))
    for (const { startMs: now, durationMs, fn = 'f' } of own) {
      add('invocations')
      policy.arrived(0, now, idleAt < 0 ? -1 : now - idleAt, fns.indexOf(fn))
      let reason: string | undefined
      if (idleAt < 0) reason = flaw === 'firstIsWarm' ? undefined : 'first'
      else {
        const load = idleAt + out.prewarmMs
        const from = out.prewarmMs === 0 && flaw === 'notRenewed' ? keptSince : load
        const unload = Math.max(idleAt, from + out.keepAliveMs)
        if (out.prewarmMs > 0 && (flaw === 'coldAtPrewarm' ? now <= load : now < load)) {
          reason = load === Number.POSITIVE_INFINITY ? 'expired' : 'early'
          if (flaw === 'keepsPendingPrewarm') idle(load, unload)
        } else {
          const isWarm = flaw === 'coldAtExpiry' ? now < unload : now <= unload
          if (out.prewarmMs > 0) {
            add('loads')
            add('prewarms')
            if (!isWarm) add('prewarmsUnused')
          }
          if (isWarm || flaw !== 'forgetsUnused') idle(load, Math.min(now, unload))
          if (!isWarm) reason = 'expired'
        }
      }
      if (reason !== undefined) {
        add('coldStarts')
        add(reason)
        add('loads')
      }
      idleAt = now + (model['kind'] === 'paper' ? 0 : durationMs)
      if (reason !== undefined || keptSince < 0) keptSince = idleAt
      policy.decide(0, idleAt, out)
    }
    const load = idleAt + out.prewarmMs
    if (load <= horizonMs) {
      if (out.prewarmMs > 0) for (const account of ['loads', 'prewarms', 'prewarmsUnused']) add(account)
      if (flaw !== 'dropsTail' && !(out.prewarmMs > 0 && flaw === 'forgetsUnused')) idle(load, load + out.keepAliveMs)
    }
    answer[app] = counts
  }
  return answer
}
