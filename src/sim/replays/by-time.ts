import { TimerQueue } from '../../core/timer-queue.ts'
import { TimerWheel } from '../../core/timer-wheel.ts'
import { ARRIVE, UNLOAD } from '../../engine/contract.ts'
import { arrivalsInTime } from '../../trace/arrivals/arrivals-in-time.ts'
import { World, type WorldParts } from '../world.ts'

/** Replays all apps together in time order: for policies that learn across apps, and where apps share memory. */
export function replayInTime(parts: WorldParts, onMinute: (minute: number) => void): void {
  const { trace, model, seed } = parts
  const replay = new Replay(new World(parts, new TimerWheel()), trace.apps.count)
  if (parts.policy.floor !== undefined) replay.begin()
  const arrivals = arrivalsInTime(trace, model.spread, seed)
  const { block } = arrivals
  for (let rows = arrivals.next(), minute = 0; rows >= 0; rows = arrivals.next(), minute += 1) {
    for (let row = 0; row < rows; row += 1) {
      const now = block.timeMs[row]!
      replay.advance(now, ARRIVE)
      replay.arrive(block.app[row]!, now, block.fn[row]!, block.count[row]!, block.durationMs[row]!)
    }
    onMinute(minute)
  }
  replay.advance(model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE, UNLOAD)
  replay.close()
}

/** The events of all apps in one order: ends of executions and loads, and the engine's timers, one an app at a time. */
class Replay {
  private readonly world: World
  private readonly dues = new TimerQueue()
  /** Time and rank of the timer that stands for the app; Infinity when none does. */
  private readonly dueAt: Float64Array
  private readonly dueRank: Uint8Array
  /** The same of the later one that it took the place of, which stands again once the earlier has fired. */
  private readonly laterAt: Float64Array
  private readonly laterRank: Uint8Array

  constructor(world: World, apps: number) {
    this.world = world
    this.dueAt = new Float64Array(apps).fill(Number.POSITIVE_INFINITY)
    this.dueRank = new Uint8Array(apps)
    this.laterAt = new Float64Array(apps).fill(Number.POSITIVE_INFINITY)
    this.laterRank = new Uint8Array(apps)
  }

  /** Sees to the floors that apps have from the beginning. */
  begin(): void {
    for (let app = 0; app < this.dueAt.length; app += 1) this.schedule(app)
  }

  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    // Other apps may have an event at any time.
    this.world.arrive(app, now, fn, count, durationMs, Number.NEGATIVE_INFINITY)
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
        if (timers.nextTime > now || timers.size === 0) return
        const then = timers.nextTime
        this.schedule(world.happen())
        world.serveWaiting(then)
      } else {
        if (dues.nextTime > now || (dues.nextTime === now && dues.nextRank > rank)) return
        this.fire()
      }
    }
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
    if (engine.dueAt(app) === now && engine.dueRank(app) === rank) engine.fire(app, now)
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
