import type { Timers } from '../core/timers.ts'
import { COLD, FINISH, type Host, type Idleness, LOADED, REFUSED, WARM } from '../engine/contract.ts'
import { Engine } from '../engine/engine.ts'
import type { Ledger } from '../engine/ledger.ts'
import { addResidence, timelineUnits } from '../engine/timeline.ts'
import type { Policy } from '../policy/policy.ts'
import type { Trace } from '../trace/trace.ts'
import { type Cluster, openCluster } from './cluster/cluster.ts'
import type { Future } from './cluster/future.ts'
import { futureFor } from './cluster/future.ts'
import { Overflow } from './cluster/overflow.ts'
import { Shortfall } from './cluster/shortfall.ts'
import type { LineEntry } from './cluster/waiting-line.ts'
import { loadingTimes } from './loading-times.ts'
import { chargedMemory } from './charged-memory.ts'
import type { Model } from './model.ts'
import { Waiting } from './awaited-loads.ts'

/** What a world is made of. */
export interface WorldParts {
  readonly trace: Trace
  readonly model: Model
  readonly policy: Policy
  readonly seed: number
  readonly ledger: Ledger
  /** How long the load of an app takes that begins now, in ms; by default the model says it, the same for all of an app. */
  readonly loadTime?: (app: number, now: number) => number
}

/**
 * A simulated world round the engine: it knows how long loads and executions take, and keeps their ends in a queue; in a
 * cluster it also knows what fits. Drivers put arrivals in and let its events happen in order.
 */
export class World implements Host {
  readonly engine: Engine
  /** Ends of executions (rank FINISH, detail the function) and of loads (rank LOADED); subjects are instances. */
  readonly timers: Timers
  readonly idleness?: Idleness
  private readonly timeless: boolean
  /** How long a load of each app takes; with `loadTime`, how long its latest did. */
  private readonly loadingMs: Float64Array
  private readonly loadTime: WorldParts['loadTime']
  private readonly units: Float64Array
  private readonly waiting = new Waiting()
  private readonly ledger: Ledger
  private readonly horizonMs: number
  /** Null where memory is without limit. */
  private readonly cluster: Cluster | null = null
  private readonly overflow: Overflow | null = null
  private readonly future: Future | null = null
  /** Null where no floor can be missed. */
  private readonly shortfall: Shortfall | null = null

  constructor({ trace, model, policy, seed, ledger, loadTime }: WorldParts, timers: Timers) {
    this.timers = timers
    const memoryMb = chargedMemory(trace, model)
    this.timeless = model.kind === 'paper'
    this.loadingMs = loadingTimes(trace, model, seed)
    this.loadTime = loadTime
    this.units = memoryMb.map(timelineUnits)
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    if (model.kind === 'cluster') {
      this.future = futureFor(trace, model, seed)
      this.cluster = openCluster(trace, model, {
        memoryMb,
        loadingMs: this.loadingMs,
        uses: new Float64Array(trace.apps.count),
        nextUse: (app, instances) => this.future!.nextUse(app, instances),
        seed,
        evict: policy.floor === undefined ? (instance, now) => this.engine.evict(instance, now) : this.evictNoted,
      })
      this.idleness = this.cluster
    }
    this.engine = new Engine(model, policy, ledger, this, trace.horizonMs)
    if (this.cluster === null) return
    this.overflow = new Overflow(model, this.engine, ledger)
    if (policy.floor !== undefined) this.shortfall = new Shortfall(this.engine)
  }

  /**
   * An arrival that stands for `count` invocations, and takes `durationMs` once it runs. The caller knows that nothing
   * else arrives before `quietUntil`: an execution that ends by then, before any timer, needs none itself.
   */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number, quietUntil: number): void {
    const { engine, timers } = this
    const takes = this.timeless ? 0 : durationMs
    const end = now + takes
    if (end <= quietUntil && end < timers.nextTime && engine.interrupt(app, now, end, fn, count)) return
    const instance = this.cluster === null ? engine.arrive(app, now, fn, count) : this.ask(app, now, fn, count, takes)
    if (engine.outcome !== WARM) {
      if (engine.outcome !== REFUSED) this.startDelayed(app, instance, now, fn, takes, 0)
      return
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

  /** When the invocation that waits longest for room is dropped; Infinity when none is. */
  get limitAt(): number {
    return this.overflow === null ? Number.POSITIVE_INFINITY : this.overflow.limitAt
  }

  /** Drops the invocation that waits longest for room; gives its app. */
  dropFirst(now: number): number {
    return this.overflow!.dropFirst(now)
  }

  /** After an event that may have made room: serves those who wait for it, then apps that miss some of their floor. */
  serveWaiting(now: number): void {
    const { overflow, shortfall } = this
    if (overflow === null) return
    if (!overflow.isEmpty) overflow.serve(now, this.startWaiting)
    if (shortfall !== null && overflow.isEmpty) shortfall.refill(now)
  }

  admit(app: number, instance: number, now: number): boolean {
    if (this.cluster === null) return true
    const { shortfall } = this
    const evicts = shortfall === null || !shortfall.isRefilling
    if (this.overflow!.mayLoad && this.cluster.admit(app, instance, now, evicts)) return true
    shortfall?.note(app)
    return false
  }

  load(app: number, instance: number, now: number): void {
    if (this.loadTime !== undefined) this.loadingMs[app] = this.loadTime(app, now)
    const takes = this.loadingMs[app]!
    if (takes === 0) this.engine.loaded(instance, now)
    else this.timers.push(now + takes, LOADED, instance, 0)
  }

  unload(app: number, instance: number, bornAt: number, now: number): void {
    this.cluster?.unload(app, instance)
    this.shortfall?.madeRoom()
    addResidence(this.ledger.timeline, bornAt, now, this.horizonMs, this.units[app]!)
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    this.overflow?.close(this.horizonMs)
    this.engine.close(this.horizonMs)
    if (this.timers.size === 0) return
    this.timers.clear()
    this.waiting.clear()
  }

  /** In a cluster, an arrival may find no room, and must not overtake others of its app. */
  private ask(app: number, now: number, fn: number, count: number, durationMs: number): number {
    const { engine, overflow, cluster } = this
    this.future?.advance(app)
    let instance = -1
    if (!overflow!.isEmpty && overflow!.mustWait(app)) engine.defer(app, now, fn, count)
    else instance = engine.arrive(app, now, fn, count)
    if (engine.outcome !== REFUSED) cluster!.use(app, count)
    else overflow!.take({ app, fn, count, durationMs, since: now, reason: engine.reason })
    return instance
  }

  private readonly evictNoted = (instance: number, now: number): void => {
    const { row } = this.engine.instances.rows[instance]!.app!
    this.engine.evict(instance, now)
    this.shortfall!.note(row)
  }

  private readonly startWaiting = (entry: LineEntry, instance: number, now: number): void => {
    const { app, fn, count, durationMs, since } = entry
    this.cluster!.use(app, count)
    if (this.engine.outcome !== WARM) return this.startDelayed(app, instance, now, fn, durationMs, now - since)
    if (now > since) this.ledger.latencies.delay(app, durationMs, now - since, 0)
    this.timers.push(now + durationMs, FINISH, instance, fn)
  }

  /** An invocation runs once its instance is loaded; it waited for room before. */
  private startDelayed(
    app: number,
    instance: number,
    now: number,
    fn: number,
    durationMs: number,
    waitedMs: number,
  ): void {
    const takes = this.loadingMs[app]!
    const loadingMs = this.engine.outcome === COLD ? takes : this.engine.instances.rows[instance]!.bornAt + takes - now
    if (waitedMs + loadingMs > 0) this.ledger.latencies.delay(app, durationMs, waitedMs, loadingMs)
    if (takes === 0) this.timers.push(now + durationMs, FINISH, instance, fn)
    else this.waiting.add(instance, durationMs, fn)
  }
}
