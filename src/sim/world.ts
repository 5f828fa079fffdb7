import type { Timers } from '../core/timers.ts'
import {
  COLD,
  type Evicts,
  FINISH,
  type Host,
  type Idleness,
  JOINED,
  LINED_UP,
  LOADED,
  RACING,
  REFUSED,
  type Taken,
  WARM,
} from '../engine/outcomes.ts'
import { Engine } from '../engine/engine.ts'
import type { AskAgain } from '../engine/ask-again.ts'
import { backdate, type Ledger } from '../engine/ledger.ts'
import { addResidence, timelineUnits } from '../engine/residence.ts'
import type { Policy } from '../policy/policy.ts'
import type { Trace } from '../trace/trace.ts'
import { AppLines } from './app-lines.ts'
import { AwaitedLoads } from './awaited-loads.ts'
import { chargedMemory } from './charged-memory.ts'
import { type Cooling, openCooling, type Places } from './cooling.ts'
import type { LineEntry } from './cluster/waiting-line.ts'
import { Executions } from './executions.ts'
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
  readonly concurrencyOf?: (app: number) => number
}

/** The memory that instances are loaded in. */
export interface Memory {
  admit(app: number, instance: number, now: number, evicts: Evicts): boolean
  /** The load of an instance that was admitted begins. */
  begin?(app: number): void
  unload?(app: number, instance: number): void
  /** Whoever stood in the line of the app, for `count` invocations, is served. */
  use?(app: number, count: number): void
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
  /** Accounts of the apps come to a border; gives the next. */
  cross(now: number, fromApp: number, toApp: number): number
  close(): void
}

/**
 * A simulated world round the engine: it knows how long loads and executions take, and keeps their ends in a queue.
 * Memory is without limit, or that of a cluster. Drivers put arrivals in and let its events happen in order.
 */
export class World implements Host, TimedWorld {
  readonly engine: Engine
  /**
   * Ends of executions (rank FINISH, detail the function, or the row of {@link executions} where these are kept) and of loads
   * (rank LOADED); subjects are instances.
   */
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
  /** When each instance's load ends; and the stage that it began from, -1 for none, where there are stages. */
  private readonly readyAt: number[] = []
  private readonly loadedFrom: number[] = []
  /** What is left of instances; null where nothing is. */
  private readonly cooling: Cooling | null
  private readonly loadTime: WorldParts['loadTime']
  private readonly units: Float64Array
  private readonly awaited = new AwaitedLoads()
  private readonly lines = new AppLines()
  /** Executions that run, where the policy hears how long they took; null where it does not. */
  private readonly executions: Executions | null
  private readonly ledger: Ledger
  private readonly horizonMs: number

  constructor(parts: WorldParts, timers: Timers, memory: Memory = UNLIMITED, opens: 'all' | 'none' = 'all') {
    const { trace, model, policy, seed, ledger, loadTime, concurrencyOf } = parts
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
    this.executions = policy.answered === undefined ? null : new Executions()
    const options = lifecycleOf(model)
    const own = concurrencyOf === undefined ? options : { ...options, concurrencyOf }
    this.engine = new Engine(own, policy, ledger, this, trace.horizonMs, opens)
  }

  /** An arrival that stands for `count` invocations, and takes `durationMs` once it runs. */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const takes = this.timeless ? 0 : durationMs
    this.start(app, this.engine.arrive(app, now, fn, count), now, fn, count, takes, now)
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
    this.start(app, engine.arrive(app, now, fn, count), now, fn, count, takes, now)
  }

  /**
   * An invocation that came at `since`, and that the engine served last, runs: at once, or once its instance is loaded, or
   * once it is its turn in the line of its app.
   */
  start(
    app: number,
    instance: number,
    now: number,
    fn: number,
    count: number,
    durationMs: number,
    since: number,
  ): void {
    const { engine, ledger } = this
    const isCounted = since >= ledger.accountFromMs
    if (engine.outcome === WARM) {
      if (now > since && isCounted) ledger.latencies.delay(app, durationMs, now - since, 0)
      this.run(instance, now, fn, durationMs, now - since)
      return
    }
    if (engine.outcome === LINED_UP || engine.outcome === RACING) {
      this.lines.add({ app, fn, count, durationMs, since, reason: engine.reason })
      if (engine.outcome === RACING) engine.loadBeside(app, now)
      return
    }
    if (engine.outcome === REFUSED) throw new Error(`an invocation of app ${app} was refused where there is room`)
    const isCold = engine.outcome === COLD
    const loadingMs = isCold ? this.latestMs : this.readyAt[instance]! - now
    if (now - since + loadingMs > 0 && isCounted) ledger.latencies.delay(app, durationMs, now - since, loadingMs)
    if (isCold && isCounted) this.countPartial(app, this.latestStage, this.latestMs)
    if (isCold && loadingMs === 0) this.run(instance, now, fn, durationMs, now - since)
    else this.awaited.add(instance, durationMs, fn, since)
  }

  /** Whoever is first in the line of the app begins on an instance. */
  take(app: number, instance: number, now: number, outcome: Taken): void {
    const entry = this.lines.shift(app)
    const { fn, count, durationMs, since } = entry
    this.memory.use?.(app, count)
    if (since >= this.ledger.accountFromMs) this.countTaken(entry, instance, now, outcome)
    this.run(instance, now, fn, durationMs, now - since)
  }

  /** Of the time since it came, what an instance that is new to it loaded is loading, and the rest is waiting. */
  private countTaken(entry: LineEntry, instance: number, now: number, outcome: number): void {
    const { ledger } = this
    const { app, durationMs, since, reason } = entry
    const bornAt = outcome === WARM ? now : this.engine.instances.all[instance]!.bornAt
    const waitedMs = Math.max(0, bornAt - since)
    if (now > since) ledger.latencies.delay(app, durationMs, waitedMs, now - since - waitedMs)
    if (waitedMs > 0) ledger.waits[app]! += 1
    ledger.waitingMs[app]! += waitedMs
    if (outcome === JOINED) ledger.joined[app]! += 1
    if (outcome !== COLD) return
    ledger.coldStarts[app]! += 1
    ledger[reason][app]! += 1
    backdate(ledger, 'coldStarts', app, 1, { since, now })
    if (this.cooling !== null) this.countPartial(app, this.loadedFrom[instance]!, this.readyAt[instance]! - bornAt)
  }

  /** An execution begins whose invocation came `waitedMs` before. */
  private run(instance: number, now: number, fn: number, durationMs: number, waitedMs: number): void {
    const detail = this.executions === null ? fn : this.executions.begin(fn, waitedMs, durationMs)
    this.timers.push(now + durationMs, FINISH, instance, detail)
  }

  /** A cold start whose load took so long began from a stage of what was left of an instance, if any. */
  private countPartial(app: number, stage: number, loadMs: number): void {
    if (stage < 0) return
    const { ledger } = this
    ledger[stage === 0 ? 'fromStage1' : 'fromStage2'][app]! += 1
    ledger[stage === 0 ? 'loadMs1' : 'loadMs2'][app]! += loadMs
  }

  happen(): number {
    const { timers } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const detail = timers.nextDetail
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    if (isFinish) return this.finish(instance, now, detail)
    const app = this.engine.loaded(instance, now)
    this.awaited.release(instance, (durationMs, fn, since) => this.run(instance, now, fn, durationMs, now - since))
    return app
  }

  private finish(instance: number, now: number, detail: number): number {
    const { engine, executions } = this
    if (executions === null) return engine.finished(instance, now, detail)
    executions.end(detail)
    const { fn, waitedMs, tookMs } = executions
    return engine.finished(instance, now, fn[detail]!, waitedMs[detail]!, tookMs[detail]!)
  }

  fire(app: number, now: number): void {
    this.engine.fire(app, now)
  }

  dropFirst(): number {
    throw new Error('nobody waits for room where memory is without limit')
  }

  serveWaiting(): void {}

  cross(now: number, fromApp: number, toApp: number): number {
    return this.engine.cross(now, fromApp, toApp)
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    for (const entry of this.lines.drain()) this.drop(entry)
    this.engine.close(this.horizonMs)
    this.cooling?.close()
    this.executions?.clear()
    if (this.timers.size === 0) return
    this.timers.clear()
    this.awaited.clear()
  }

  /** The end of the accounts drops whoever still stands in the line of an app. */
  private drop({ app, count, durationMs, since }: LineEntry): void {
    const { ledger, horizonMs } = this
    if (since < ledger.accountFromMs) return
    ledger.waits[app]! += 1
    ledger.waitingMs[app]! += horizonMs - since
    ledger.drops[app]! += count
    ledger.latencies.drop(app, durationMs, count)
    backdate(ledger, 'drops', app, count, { since, now: horizonMs })
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
      this.loadedFrom[instance] = this.latestStage
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
