import { TimerQueue } from '../core/timer-queue.ts'
import { FINISH, type Host, LOADED, WARM } from '../engine/contract.ts'
import { Engine } from '../engine/engine.ts'
import type { Ledger } from '../engine/ledger.ts'
import { addResidence, timelineUnits } from '../engine/timeline.ts'
import type { Policy } from '../policy/policy.ts'
import type { Trace } from '../trace/trace.ts'
import { loadingTimes } from './loading-times.ts'
import { chargedMemory } from './memory.ts'
import type { Model } from './model.ts'
import { Waiting } from './waiting.ts'

/**
 * A simulated world round the engine: it knows how long loads and executions take, and keeps their ends in a queue.
 * Drivers put arrivals in and let its events happen in order.
 */
export class World implements Host {
  readonly engine: Engine
  /** Ends of executions (rank FINISH, detail the function) and of loads (rank LOADED); subjects are instances. */
  readonly timers = new TimerQueue()
  private readonly timeless: boolean
  private readonly loadingMs: Float64Array
  private readonly units: Float64Array
  private readonly waiting = new Waiting()
  private readonly ledger: Ledger
  private readonly horizonMs: number

  constructor(trace: Trace, model: Model, policy: Policy, ledger: Ledger) {
    this.timeless = model.kind === 'paper'
    this.loadingMs = loadingTimes(trace, model)
    this.units = chargedMemory(trace, model).map(timelineUnits)
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    this.engine = new Engine(model, policy, ledger, this)
  }

  /**
   * An arrival that stands for `count` invocations, and takes `durationMs` once it runs. The caller knows that nothing
   * else arrives before `quietUntil`: an execution that ends by then, before any timer, needs none itself.
   */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number, quietUntil: number): void {
    const { engine, timers } = this
    const instance = engine.arrive(app, now, fn, count)
    const takes = this.timeless ? 0 : durationMs
    if (engine.outcome !== WARM && this.loadingMs[app] !== 0) {
      this.waiting.add(instance, takes, fn)
      return
    }
    const end = now + takes
    if (end <= quietUntil && timers.size === 0) {
      engine.lookAt(app)
      if (end <= engine.due) {
        engine.finished(instance, end, fn)
        return
      }
    }
    timers.push(end, FINISH, instance, fn)
  }

  /** Lets the earliest timer happen, an end of an execution or of a load; gives the app that it concerned. */
  happen(): number {
    const { timers } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const detail = timers.nextDetail
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    if (isFinish) return this.engine.finished(instance, now, detail)
    const app = this.engine.loaded(instance, now)
    this.waiting.release(instance, (durationMs, fn) => timers.push(now + durationMs, FINISH, instance, fn))
    return app
  }

  load(app: number, instance: number, now: number): void {
    const takes = this.loadingMs[app]!
    if (takes === 0) this.engine.loaded(instance, now)
    else this.timers.push(now + takes, LOADED, instance, 0)
  }

  unload(app: number, _instance: number, bornAt: number, now: number): void {
    addResidence(this.ledger.timeline, bornAt, now, this.horizonMs, this.units[app]!)
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    this.engine.close(this.horizonMs)
    if (this.timers.size === 0) return
    this.timers.clear()
    this.waiting.clear()
  }
}
