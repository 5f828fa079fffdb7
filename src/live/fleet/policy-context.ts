import type { PolicyContext } from '../../policy/policy.ts'
import { planName } from '../live-app.ts'
import type { Directory } from './app-rows.ts'
import { ownTimeZone, weekClock } from './week-clock.ts'

/** What of a context is plain data, and may be sent to another thread. */
export type ContextData = Omit<PolicyContext, 'appNames' | 'functionNames' | 'askAgain' | 'clock'>

/** What a policy is told of the apps that it will decide for, of whose future nobody knows. */
export function contextData(
  { apps, rows, functionRows: functions, functionApp }: Directory,
  seed: number,
): ContextData {
  return {
    apps: rows,
    functions,
    horizonMs: Number.POSITIVE_INFINITY,
    memoryMb: Float64Array.from({ length: rows }, (_, row) => apps[row]?.memoryMb ?? 0),
    coldStartMs: new Float64Array(rows),
    trigger: new Uint8Array(functions),
    functionApp,
    seed,
  }
}

/** The names by which a policy knows apps, by their rows; rows of apps that may come later have none yet. */
export function namesOf({ apps }: Directory): { at(app: number): string } {
  return { at: (app) => (apps[app] === undefined ? '' : planName(apps[app])) }
}

/** All that a policy is told; `originMs` is when its time began, in ms since 1970. */
export function wholeContext(
  data: ContextData,
  appNames: { at(app: number): string },
  originMs: number,
  askAgain?: PolicyContext['askAgain'],
): PolicyContext {
  const clock = weekClock(originMs, ownTimeZone())
  return { ...data, appNames, clock, ...(askAgain === undefined ? {} : { askAgain }) }
}

/** The context of a policy in this thread. */
export function contextOf(
  directory: Directory,
  seed: number,
  originMs: number,
  askAgain?: PolicyContext['askAgain'],
): PolicyContext {
  return wholeContext(contextData(directory, seed), namesOf(directory), originMs, askAgain)
}
