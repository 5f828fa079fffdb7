import { TimerQueue } from '../../core/timer-queue.ts'
import { BadAnswer } from '../../engine/ask.ts'
import { UNLOAD } from '../../engine/outcomes.ts'
import { nextBorder } from '../../engine/ledger.ts'
import { NEVER } from '../../engine/moments.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { UNLIMITED, World } from '../world.ts'
import type { ReplayParts, RunByApp } from './replay.ts'

/** Puts a block of arrivals of one app into its world, among its other events; gives the next border of its accounts. */
export type PutBlock = (world: World, app: number, block: ArrivalBlock, borderMs: number) => number

/** A run of the engine app after app: one app's events fit the cache, and nothing is kept between apps. */
export class EngineByApp implements RunByApp {
  private readonly world: World
  private readonly putBlock: PutBlock
  private readonly firstBorder: number
  private readonly lastMs: number
  private readonly isWarm: boolean
  private app = -1
  /** The next border of the app's accounts. */
  private from = NEVER

  constructor(parts: ReplayParts, putBlock: PutBlock) {
    const { trace, model, ledger, askAgain } = parts
    this.world = new World(parts, new TimerQueue(), UNLIMITED, 'none')
    this.putBlock = putBlock
    this.firstBorder = nextBorder(ledger, 0)
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.isWarm = model.warmAtStart === 'all'
    askAgain.connect({ askAgain: (app, at) => this.askAgain(app, at) })
  }

  open(app: number): void {
    this.app = app
    this.from = this.firstBorder
    this.world.engine.open(app)
    if (this.isWarm) this.world.engine.beginWarm(app, 0)
  }

  put(block: ArrivalBlock): void {
    this.from = this.putBlock(this.world, this.app, block, this.from)
  }

  close(): void {
    const { world, app } = this
    while (this.from < NEVER) this.from = cross(world, app, this.from)
    settle(world, app, this.lastMs, false)
    world.close()
  }

  private askAgain(app: number, at: number): void {
    if (this.app >= 0 && app !== this.app) throw ofAnother(this.app, app)
    this.world.engine.askAgain(app, at)
  }
}

function ofAnother(present: number, app: number): BadAnswer {
  const problem = `askAgain() was called for the app in row ${app}; a policy of the scope "app" may only ask for the app of which it hears`
  return new BadAnswer(present, Number.NaN, problem)
}

/** Accounts of the app come to a border: what happens before is over. Gives the next one. */
export function cross(world: World, app: number, at: number): number {
  settle(world, app, at, true)
  return world.cross(at, app, app + 1)
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
