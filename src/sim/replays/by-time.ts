import { TimerQueue } from '../../core/timer-queue.ts'
import { TimerWheel } from '../../core/timer-wheel.ts'
import { ARRIVE, FINISH, UNLOAD } from '../../engine/outcomes.ts'
import { nextBorder } from '../../engine/ledger.ts'
import { NEVER } from '../../engine/moments.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { ClusterWorld } from '../cluster/cluster-world.ts'
import { type TimedWorld, World } from '../world.ts'
import type { ReplayInTime, ReplayParts, RunInTime } from './replay.ts'

/** All apps together in time order: for policies that learn across apps, and where apps share memory. */
export const byTime: ReplayInTime = {
  id: 'by-time',
  summary: 'All apps together in time order.',
  order: 'time',
  suits: () => true,
  open: (parts) => new EngineInTime(parts),
}

/** A run of the engine in time order. */
class EngineInTime implements RunInTime {
  private readonly timeline: EventOrder
  private readonly lastMs: number
  /** The next border of the accounts. */
  private from: number

  constructor(parts: ReplayParts) {
    const { trace, model, ledger, askAgain } = parts
    this.timeline = new EventOrder(openWorld(parts), trace.apps.count)
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.from = nextBorder(ledger, 0)
    askAgain.connect(this.timeline.engine)
    this.timeline.begin(model.warmAtStart === 'all')
  }

  put({ length, app, timeMs, fn, count, durationMs }: ArrivalBlock): void {
    const { timeline } = this
    for (let row = 0; row < length; row += 1) {
      const now = timeMs[row]!
      while (now >= this.from) this.from = timeline.cross(this.from)
      timeline.advance(now, ARRIVE)
      timeline.arrive(app[row]!, now, fn[row]!, count[row]!, durationMs[row]!)
    }
  }

  close(): void {
    while (this.from < NEVER) this.from = this.timeline.cross(this.from)
    this.timeline.advance(this.lastMs, UNLOAD)
    this.timeline.close()
  }
}

/** Ranks before everything that happens at its time. */
const BEFORE_ALL = FINISH - 1

function openWorld(parts: ReplayParts): TimedWorld {
  const { model } = parts
  const timers = new TimerWheel()
  return model.kind === 'cluster' ? new ClusterWorld({ ...parts, model }, timers) : new World(parts, timers)
}

/** The events of all apps in one order: ends of executions and loads, and the engine's timers, one per app at a time. */
class EventOrder {
  private readonly world: TimedWorld
  private readonly dues = new TimerQueue()
  /** Time and rank of the timer that stands for the app; Infinity when none does. */
  private readonly dueAt: Float64Array
  private readonly dueRank: Uint8Array
  /** The same of the later one that it took the place of, which stands again once the earlier has fired. */
  private readonly laterAt: Float64Array
  private readonly laterRank: Uint8Array

  constructor(world: TimedWorld, apps: number) {
    this.world = world
    world.onAsked = (app) => this.schedule(app)
    this.dueAt = new Float64Array(apps).fill(Number.POSITIVE_INFINITY)
    this.dueRank = new Uint8Array(apps)
    this.laterAt = new Float64Array(apps).fill(Number.POSITIVE_INFINITY)
    this.laterRank = new Uint8Array(apps)
  }

  get engine(): TimedWorld['engine'] {
    return this.world.engine
  }

  /** Sees to what apps have from the beginning: floors, and an instance of each where all are warm. */
  begin(isWarm: boolean): void {
    for (let app = 0; app < this.dueAt.length; app += 1) {
      if (isWarm) this.engine.beginWarm(app, 0)
      this.schedule(app)
    }
  }

  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    this.world.arrive(app, now, fn, count, durationMs)
    this.schedule(app)
  }

  /** Lets everything happen up to `now`; at `now` itself what ranks up to `rank`. */
  advance(now: number, rank: number): void {
    const { dues, world } = this
    const { timers } = world
    for (;;) {
      // An invocation that waits for room is dropped after all else that happens at the time of its limit.
      const limitAt = world.limitAt
      if (limitAt < now && limitAt < timers.nextTime && limitAt < dues.nextTime) {
        this.schedule(world.dropFirst(limitAt))
        world.serveWaiting(limitAt)
      } else if (timers.nextTime <= dues.nextTime) {
        // Ends of executions and loads rank before arrivals and before the engine's timers.
        if (timers.nextTime > now || timers.size === 0 || (timers.nextTime === now && timers.nextRank > rank)) return
        const then = timers.nextTime
        this.schedule(world.happen())
        world.serveWaiting(then)
      } else {
        if (dues.nextTime > now || (dues.nextTime === now && dues.nextRank > rank)) return
        this.fire()
      }
    }
  }

  /** Accounts come to a border: what happens before is over. Gives the next one. */
  cross(at: number): number {
    this.advance(at, BEFORE_ALL)
    return this.world.cross(at, 0, this.dueAt.length)
  }

  close(): void {
    this.world.close()
  }

  private fire(): void {
    const { dues, dueAt, dueRank } = this
    const { engine } = this.world
    const now = dues.nextTime
    const rank = dues.nextRank
    const app = dues.nextSubject
    dues.pop()
    if (dueAt[app] !== now || dueRank[app] !== rank) return
    dueAt[app] = this.laterAt[app]!
    dueRank[app] = this.laterRank[app]!
    this.laterAt[app] = Number.POSITIVE_INFINITY
    if (engine.dueAt(app) === now && engine.dueRank(app) === rank) this.world.fire(app, now)
    this.schedule(app)
    this.world.serveWaiting(now)
  }

  /** Sees that a timer no later than the app's next one stands for it; one too early is moved on when it is reached. */
  private schedule(app: number): void {
    const { engine } = this.world
    const due = engine.dueAt(app)
    const standing = this.dueAt[app]!
    if (due > standing || due === Number.POSITIVE_INFINITY) return
    const rank = engine.dueRank(app)
    if (due === standing && rank >= this.dueRank[app]!) return
    this.laterAt[app] = standing
    this.laterRank[app] = this.dueRank[app]!
    this.dueAt[app] = due
    this.dueRank[app] = rank
    this.dues.push(due, rank, app, 0)
  }
}
