import type { FloorAnswer, Policy } from '../policy/policy.ts'
import { askFloor } from './ask.ts'
import type { AppState } from './state.ts'

/** Asks the policy for an app's floor from now on; from `endMs` on there is none. Throws {@link BadAnswer}. */
export function setFloor(app: AppState, policy: Policy, now: number, endMs: number): void {
  const answer: FloorAnswer = { instances: 0, untilMs: Number.POSITIVE_INFINITY }
  if (now < endMs) askFloor(policy, app.row, now, answer)
  const { instances, untilMs } = answer
  app.floor = instances
  app.floorAt = untilMs < endMs || now >= endMs ? untilMs : endMs
  app.held = app.lastMs < 0 ? instances : Math.max(1, instances)
  // Those that are held no longer may have outlived their windows.
  app.askedAt = now
  if (app.unloadBy >= 0 && app.unloadBy < now) app.unloadBy = now
}

/** Loads what an app misses of its floor, as far as there is room; room that its own instances had to make is none. */
export function reachFloor(app: AppState, load: () => boolean): void {
  for (let before = -1; app.alive < app.floor && app.alive > before; ) {
    before = app.alive
    if (!load()) return
  }
}

/** Where an app has fewer instances than its floor, it is asked for its floor again at `at`. */
export function askAgain(app: AppState, at: number): void {
  if (app.alive < app.floor && at < app.floorAt) app.floorAt = at
}
