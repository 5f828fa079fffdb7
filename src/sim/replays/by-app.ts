import { TimerQueue } from '../../core/timer-queue.ts'
import { UNLOAD } from '../../engine/contract.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import { World, type WorldParts } from '../world.ts'

/** A stretch of apps to replay, and who wants to hear how far it got. */
export interface Stretch {
  /** First app, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly onApp: (app: number) => void
}

/**
 * Replays app after app: for policies that learn within an app only, where apps do not contend. One app's events fit
 * the cache, and nothing is kept between apps. Hot: measured by bench/day.ts.
 */
export function replayByApp(parts: WorldParts, apps: Stretch): void {
  const { trace, model, seed } = parts
  const world = new World(parts, new TimerQueue())
  const arrivals = arrivalsByApp(trace, model.spread, seed)
  const { block } = arrivals
  const lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
  for (let app = apps.from; app < apps.to; app += 1) {
    arrivals.open(app)
    while (arrivals.next() > 0) replayBlock(world, app, block)
    settle(world, app, lastMs)
    world.close()
    apps.onApp(app)
  }
}

/** The hot loop: a function of its own, so that V8 compiles it whole and not in the middle of running it. */
function replayBlock(world: World, app: number, { length, timeMs, fn, count, durationMs }: ArrivalBlock): void {
  for (let row = 0; row < length; row += 1) {
    const now = timeMs[row]!
    const quietUntil = row + 1 < length ? timeMs[row + 1]! : now - 1
    advance(world, app, now)
    world.arrive(app, now, fn[row]!, count[row]!, durationMs[row]!, quietUntil)
  }
}

/** Lets everything happen that comes before an arrival at `now`. */
function advance(world: World, app: number, now: number): void {
  const { engine, timers } = world
  for (;;) {
    engine.lookAt(app)
    const { due } = engine
    if (timers.nextTime <= due) {
      if (timers.nextTime > now) return
      world.happen()
    } else {
      if (due > now || (due === now && engine.dueRank(app) === UNLOAD)) return
      engine.fire(app, due)
    }
  }
}

/** Lets everything happen up to and including `lastMs`. */
function settle(world: World, app: number, lastMs: number): void {
  const { engine, timers } = world
  for (;;) {
    engine.lookAt(app)
    const { due } = engine
    if (timers.nextTime <= due) {
      if (timers.nextTime > lastMs) return
      world.happen()
    } else {
      if (due > lastMs) return
      engine.fire(app, due)
    }
  }
}
