import type { PolicyContext } from '../../policy/policy.ts'
import { type LiveApp, planName } from '../live-app.ts'
import { ownTimeZone, weekClock } from './week-clock.ts'

/** What a policy is told of the apps that it will decide for, of whose future nobody knows. */
export function contextOf(apps: readonly LiveApp[], seed: number, originMs: number): PolicyContext {
  const functions = apps.reduce((sum, app) => sum + app.functions.length, 0)
  return {
    apps: apps.length,
    functions,
    appNames: { at: (app) => planName(apps[app]!) },
    clock: weekClock(originMs, ownTimeZone()),
    horizonMs: Number.POSITIVE_INFINITY,
    memoryMb: Float64Array.from(apps, (app) => app.memoryMb),
    coldStartMs: new Float64Array(apps.length),
    trigger: new Uint8Array(functions),
    functionApp: Uint32Array.from(apps.flatMap((app, row) => app.functions.map(() => row))),
    seed,
  }
}
