import type { PolicyContext } from '../../policy/policy.ts'
import { planName } from '../live-app.ts'
import type { Directory } from './directory.ts'
import { ownTimeZone, weekClock } from './week-clock.ts'

/** What a policy is told of the apps that it will decide for, of whose future nobody knows. */
export function contextOf(
  directory: Directory,
  seed: number,
  originMs: number,
  askAgain?: PolicyContext['askAgain'],
): PolicyContext {
  const { apps, rows, functionRows: functions } = directory
  return {
    apps: rows,
    functions,
    // Rows of apps that may come later have no name yet.
    appNames: { at: (app) => (apps[app] === undefined ? '' : planName(apps[app])) },
    clock: weekClock(originMs, ownTimeZone()),
    horizonMs: Number.POSITIVE_INFINITY,
    memoryMb: Float64Array.from({ length: rows }, (_, row) => apps[row]?.memoryMb ?? 0),
    coldStartMs: new Float64Array(rows),
    trigger: new Uint8Array(functions),
    functionApp: directory.functionApp,
    seed,
    ...(askAgain === undefined ? {} : { askAgain }),
  }
}
