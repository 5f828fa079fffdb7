import { TimerQueue } from '../../core/timer-queue.ts'
import { BadAnswer } from '../../engine/ask.ts'
import { UNLOAD } from '../../engine/contract.ts'
import { NEVER } from '../../engine/moments.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import { World } from '../world.ts'
import { tellOfApps } from './progress.ts'
import type { ReplayParts, Stretch } from './replay.ts'

/** Puts a block of arrivals of one app into its world, among its other events; gives when accounts are still to begin. */
export type PutBlock = (world: World, app: number, block: ArrivalBlock, accountFromMs: number) => number

/** Replays app after app: one app's events fit the cache, and nothing is kept between apps. */
export function replayAppAfterApp(parts: ReplayParts, stretch: Stretch, onProgress: Progress, put: PutBlock): void {
  const { trace, model, seed, ledger, askAgain } = parts
  const world = new World(parts, new TimerQueue())
  const arrivals = arrivalsByApp(trace, model.spread, seed)
  const { block } = arrivals
  const lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
  const tell = tellOfApps(stretch, onProgress)
  let present = -1
  askAgain.connect({
    askAgain(app, at) {
      if (present >= 0 && app !== present) throw ofAnother(present, app)
      world.engine.askAgain(app, at)
    },
  })
  for (let app = stretch.from; app < stretch.to; app += 1) {
    present = app
    let from = ledger.accountFromMs > 0 ? ledger.accountFromMs : NEVER
    if (model.warmAtStart === 'all') world.engine.beginWarm(app, 0)
    arrivals.open(app)
    while (arrivals.next() > 0) from = put(world, app, block, from)
    if (from < NEVER) beginAccounts(world, app, from)
    settle(world, app, lastMs, false)
    world.close()
    tell(app)
  }
}

type Progress = (done: number) => void

function ofAnother(present: number, app: number): BadAnswer {
  const problem = `askAgain() was called for the app in row ${app}; a policy of the scope "app" may only ask for the app of which it hears`
  return new BadAnswer(present, Number.NaN, problem)
}

/** Accounts of the app begin: what happens before is over. */
export function beginAccounts(world: World, app: number, at: number): void {
  settle(world, app, at, true)
  world.beginAccounts(at, app, app + 1)
}

/** Lets everything happen that comes before an arrival at `now`. */
export function advance(world: World, app: number, now: number): void {
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

/** Lets everything happen up to and including `lastMs`, or only what is before it. */
function settle(world: World, app: number, lastMs: number, isBefore: boolean): void {
  const { engine, timers } = world
  for (;;) {
    engine.lookAt(app)
    const next = Math.min(engine.due, timers.nextTime)
    if (next > lastMs || (isBefore && next === lastMs)) return
    if (timers.nextTime <= engine.due) world.happen()
    else engine.fire(app, engine.due)
  }
}
