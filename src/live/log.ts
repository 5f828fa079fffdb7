import { COLD } from '../engine/outcomes.ts'
import type { LiveApp } from './live-app.ts'
import type { Watcher } from './fleet/watcher.ts'

/** One line of the log: what happened, and facts about it; no headers and no bodies, which may hold secrets. */
export interface LogLine {
  readonly event: string
  readonly [fact: string]: string | number | boolean | null
}

/** Writes to the log what an operator wants to read later. Warm calls are left out. */
export function logWatcher(apps: readonly LiveApp[], log: (line: LogLine) => void): Watcher {
  const name = (app: number): string => apps[app]!.name
  const latest = new Map<number, string>()
  return {
    visited({ app, call: { id }, outcome, reason = 'none', status, waitedMs, fault }) {
      if (fault !== undefined) {
        log({ event: 'call failed', app: name(app), id, status, kind: fault.kind, why: fault.message })
      } else if (outcome === COLD) log({ event: 'cold start', app: name(app), id, reason, waitedMs: round(waitedMs) })
    },
    stayed: ({ app, orderedAt, goneAt }) => log({ event: 'ended', app: name(app), residentMs: goneAt - orderedAt }),
    failed: (app, { kind, message }, output) =>
      log({ event: 'instance failed', app: name(app), kind, message, output }),
    policyFailed: (app, error) =>
      log({ event: 'policy failed', ...(app === null ? {} : { app: name(app) }), why: String(error) }),
    policyStands(state, why) {
      if (state === 'answers') log({ event: 'policy answers again' })
      else log({ event: state === 'late' ? 'policy late' : 'policy ended', why })
    },
    decided(app, _now, prewarmMs, keepAliveMs) {
      // A busy app gets a decision at every call. Only changes are logged.
      const windows = `${prewarmMs} ${keepAliveMs}`
      if (latest.get(app) === windows) return
      latest.set(app, windows)
      log({ event: 'decided', app: name(app), prewarmMs: finite(prewarmMs), keepAliveMs: finite(keepAliveMs) })
    },
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function finite(ms: number): number | null {
  return ms === Infinity ? null : ms
}
