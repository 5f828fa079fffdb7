import type { Timers } from '../core/timers.ts'
import { COLD, type Evicts, FINISH, type Host, type Idleness, LOADED, REFUSED, WARM } from '../engine/contract.ts'
import { Engine } from '../engine/engine.ts'
import type { AskAgain } from '../engine/ask-again.ts'
import type { Ledger } from '../engine/ledger.ts'
import { addResidence, timelineUnits } from '../engine/timeline.ts'
import type { Policy } from '../policy/policy.ts'
import type { Trace } from '../trace/trace.ts'
import { AwaitedLoads } from './awaited-loads.ts'
import { chargedMemory } from './charged-memory.ts'
import { type Cooling, openCooling, type Places } from './cooling.ts'
import { loadingTimes } from './loading-times.ts'
import { lifecycleOf, type Model } from './model.ts'

/** What a world is made of. */
export interface WorldParts<M extends Model = Model> {
  readonly trace: Trace
  readonly model: M
  readonly policy: Policy
  /** The line on which the policy asks to be asked again. */
  readonly askAgain: AskAgain
  readonly seed: number
  /** Its accounts begin at its `accountFromMs`. */
  readonly ledger: Ledger
  /** How long the load of an app takes that begins now, in ms; by default the model says it, the same for all of an app. */
  readonly loadTime?: (app: number, now: number) => number
}

/** The memory that instances are loaded in. */
export interface Memory {
  admit(app: number, instance: number, now: number, evicts: Evicts): boolean
  /** The load of an instance that was admitted begins. */
  begin?(app: number): void
  unload?(app: number, instance: number): void
  readonly idleness?: Idleness
  /** Where instances are, and how much memory is free there, in units; absent where memory is without limit. */
  readonly places?: Places
}

export const UNLIMITED: Memory = { admit: () => true }

/** What a driver in time order replays: a world, or a cluster round one. */
export interface TimedWorld {
  readonly engine: Engine
  readonly timers: Timers
  /** Hears of apps that the policy wants to be asked of again. */
  onAsked: ((app: number) => void) | undefined
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void
  /** Lets the earliest timer happen; gives the app that it concerned. */
  happen(): number
  /** Lets the engine's timer of the app happen. */
  fire(app: number, now: number): void
  /** When the invocation that waits longest for room is dropped; Infinity when none is. */
  readonly limitAt: number
  /** Drops it; gives its app. */
  dropFirst(now: number): number
  /** After an event that may have made room: serves those who wait for it. */
  serveWaiting(now: number): void
  beginAccounts(now: number, fromApp: number, toApp: number): void
  close(): void
}

/**
 * A simulated world round the engine: it knows how long loads and executions take, and keeps their ends in a queue.
 * Memory is without limit, or that of a cluster. Drivers put arrivals in and let its events happen in order.
 */
export class World implements Host, TimedWorld {
  readonly engine: Engine
  /** Ends of executions (rank FINISH, detail the function) and of loads (rank LOADED); subjects are instances. */
  readonly timers: Timers
  readonly idleness?: Idleness
  readonly limitAt = Number.POSITIVE_INFINITY
  onAsked: ((app: number) => void) | undefined = undefined
  private readonly memory: Memory
  private readonly timeless: boolean
  /** How long a load of each app takes, unless `loadTime` says it of each. */
  private readonly loadingMs: Float64Array
  /** How long the latest load takes, and the stage that it began from: -1 for none. */
  private latestMs = 0.5
  private latestStage = -1
  /** When each instance's load ends. */
  private readonly readyAt: number[] = []
  /** What is left of instances; null where nothing is. */
  private readonly cooling: Cooling | null
  private readonly loadTime: WorldParts['loadTime']
  private readonly units: Float64Array
  private readonly awaited = new AwaitedLoads()
  private readonly ledger: Ledger
  private readonly horizonMs: number

  constructor(parts: WorldParts, timers: Timers, memory: Memory = UNLIMITED, opens: 'all' | 'none' = 'all') {
    const { trace, model, policy, seed, ledger, loadTime } = parts
    this.timers = timers
    this.memory = memory
    if (memory.idleness !== undefined) this.idleness = memory.idleness
    this.timeless = model.kind === 'paper'
    this.loadingMs = loadingTimes(trace, model, seed)
    this.loadTime = loadTime
    this.units = chargedMemory(trace, model).map(timelineUnits)
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    this.cooling = openCooling(parts, memory.places)
    this.engine = new Engine(lifecycleOf(model), policy, ledger, this, trace.horizonMs, opens)
  }

  /** An arrival that stands for `count` invocations, and takes `durationMs` once it runs. */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const takes = this.timeless ? 0 : durationMs
    this.start(app, this.engine.arrive(app, now, fn, count), now, fn, takes, now)
  }

  /**
   * The same, where the caller knows that nothing else arrives before `quietUntil`: an execution that ends by then, before
   * any timer, needs none itself. Only where {@link suitsInterrupts} says so.
   */
  arriveInQuiet(app: number, now: number, fn: number, count: number, durationMs: number, quietUntil: number): void {
    const { engine } = this
    const takes = this.timeless ? 0 : durationMs
    const end = now + takes
    if (end <= quietUntil && end < this.timers.nextTime && engine.interrupt(app, now, end, fn, count)) return
    this.start(app, engine.arrive(app, now, fn, count), now, fn, takes, now)
  }

  /** An invocation that came at `since`, and that the engine served last, runs: at once, or once its instance is loaded. */
  start(app: number, instance: number, now: number, fn: number, durationMs: number, since: number): void {
    const { engine, timers, ledger } = this
    const isCounted = since >= ledger.accountFromMs
    if (engine.outcome === WARM) {
      if (now > since && isCounted) ledger.latencies.delay(app, durationMs, now - since, 0)
      timers.push(now + durationMs, FINISH, instance, fn)
      return
    }
    if (engine.outcome === REFUSED) throw new Error(`an invocation of app ${app} was refused where there is room`)
    const isCold = engine.outcome === COLD
    const loadingMs = isCold ? this.latestMs : this.readyAt[instance]! - now
    if (now - since + loadingMs > 0 && isCounted) ledger.latencies.delay(app, durationMs, now - since, loadingMs)
    if (isCold && isCounted && this.latestStage >= 0) this.countPartial(app)
    if (isCold && loadingMs === 0) timers.push(now + durationMs, FINISH, instance, fn)
    else this.awaited.add(instance, durationMs, fn)
  }

  /** A cold start began from what was left of an instance. */
  private countPartial(app: number): void {
    const { ledger, latestStage } = this
    const isFirst = latestStage === 0
    ledger[isFirst ? 'fromStage1' : 'fromStage2'][app]! += 1
    ledger[isFirst ? 'loadMs1' : 'loadMs2'][app]! += this.latestMs
  }

  happen(): number {
    const { timers } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const detail = timers.nextDetail
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    if (isFinish) return this.engine.finished(instance, now, detail)
    const app = this.engine.loaded(instance, now)
    this.awaited.release(instance, (durationMs, fn) => timers.push(now + durationMs, FINISH, instance, fn))
    return app
  }

  fire(app: number, now: number): void {
    this.engine.fire(app, now)
  }

  dropFirst(): number {
    throw new Error('nobody waits for room where memory is without limit')
  }

  serveWaiting(): void {}

  beginAccounts(now: number, fromApp: number, toApp: number): void {
    this.engine.beginAccounts(now, fromApp, toApp)
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    this.engine.close(this.horizonMs)
    this.cooling?.close()
    if (this.timers.size === 0) return
    this.timers.clear()
    this.awaited.clear()
  }

  // What the engine orders.

  admit(app: number, instance: number, now: number, evicts: Evicts): boolean {
    return this.memory.admit(app, instance, now, evicts)
  }

  load(app: number, instance: number, now: number): void {
    this.memory.begin?.(app)
    const { cooling } = this
    let takes = this.loadTime === undefined ? this.loadingMs[app]! : this.loadTime(app, now)
    if (cooling !== null) {
      this.latestStage = cooling.take(app, instance, now)
      takes = cooling.loadingMs(this.latestStage, takes)
    }
    this.latestMs = takes
    this.readyAt[instance] = now + takes
    if (takes === 0) this.engine.loaded(instance, now)
    else this.timers.push(now + takes, LOADED, instance, 0)
  }

  unload(app: number, instance: number, bornAt: number, now: number): void {
    this.memory.unload?.(app, instance)
    const { timeline, accountFromMs } = this.ledger
    addResidence(timeline, Math.max(bornAt, accountFromMs), now, this.horizonMs, this.units[app]!)
  }

  cool(app: number, instance: number, now: number): void {
    this.cooling?.cool(app, instance, now)
  }

  asked(app: number): void {
    this.onAsked?.(app)
  }
}
