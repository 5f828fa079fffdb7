import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import type { World } from '../world.ts'
import { advance, cross, EngineByApp } from './one-app.ts'
import { goesByApp, type ReplayByApp } from './replay.ts'

/** Every event of one app in the order of time, then the next app. */
export const byApp: ReplayByApp = {
  id: 'by-app',
  summary: 'App after app, event by event.',
  order: 'app',
  suits: goesByApp,
  open: (parts) => new EngineByApp(parts, putBlock),
}

function putBlock(world: World, app: number, { length, timeMs, fn, count, durationMs }: ArrivalBlock, fromMs: number) {
  let from = fromMs
  for (let row = 0; row < length; row += 1) {
    const now = timeMs[row]!
    while (now >= from) from = cross(world, app, from)
    advance(world, app, now)
    world.arrive(app, now, fn[row]!, count[row]!, durationMs[row]!)
  }
  return from
}
