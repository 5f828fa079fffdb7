import { suitsInterrupts } from '../../engine/accord.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { lifecycleOf } from '../model.ts'
import type { World } from '../world.ts'
import { advance, cross, EngineByApp } from './one-app.ts'
import { goesByApp, type ReplayByApp } from './replay.ts'

/**
 * App after app, where an execution that ends before anything else happens to its app is one event instead of two. Most
 * invocations are such. Hot: measured by bench/day.ts.
 */
export const quietly: ReplayByApp = {
  id: 'quietly',
  summary: 'App after app; an execution in which nothing else happens is one event.',
  order: 'app',
  suits: (parts) => goesByApp(parts) && !parts.mayAskAgain && suitsInterrupts(lifecycleOf(parts.model), parts.policy),
  open: (parts) => new EngineByApp(parts, putBlock),
}

/** The hot loop: a function of its own, so that V8 compiles it whole and not in the middle of running it. */
function putBlock(world: World, app: number, { length, timeMs, fn, count, durationMs }: ArrivalBlock, fromMs: number) {
  let from = fromMs
  for (let row = 0; row < length; row += 1) {
    const now = timeMs[row]!
    while (now >= from) from = cross(world, app, from)
    const next = row + 1 < length ? timeMs[row + 1]! : now - 1
    // An execution that accounts begin in must be seen by them.
    const quietUntil = next < from ? next : from - 1
    advance(world, app, now)
    world.arriveInQuiet(app, now, fn[row]!, count[row]!, durationMs[row]!, quietUntil)
  }
  return from
}
