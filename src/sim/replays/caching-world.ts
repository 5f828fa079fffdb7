import { grown } from '../../core/column.ts'
import { TimerWheel } from '../../core/timer-wheel.ts'
import { COLD, FINISH, LOADED, REFUSED, WARM } from '../../engine/outcomes.ts'
import type { Ledger, Reason } from '../../engine/ledger.ts'
import { addResidence, timelineUnits } from '../../engine/residence.ts'
import type { Trace } from '../../trace/trace.ts'
import { eachDuration } from '../each-duration.ts'
import { loadingTimes } from '../loading-times.ts'
import { chargedMemory } from '../charged-memory.ts'
import type { ClusterModel } from '../model.ts'
import { type Cluster, openCluster } from '../cluster/cluster.ts'
import { type Future, futureFor } from '../cluster/future.ts'
import { Overflow, type Server } from '../cluster/overflow.ts'
import type { LineEntry } from '../cluster/waiting-line.ts'

const NONE = -1

/** Columns of an app: its newest idle instance, or NONE; and its invocations that run or wait. */
const APP = 2
const NEWEST = 0
const OUTSTANDING = 1

/** Columns of an instance: while idle, its neighbours in the chain of the app's idle instances. */
const INSTANCE = 2
const OLDER = 0
const NEWER = 1

/**
 * A cluster in which nothing is unloaded but for memory: keep-alive as caching, where no policy need be asked and no
 * window ends. Instances serve one invocation at a time, the newest idle one first. The engine gives the same accounts
 * more slowly; a property test holds the two equal.
 *
 * A warm invocation touches as little memory as can be. What it runs is known from the trace, so it is counted at the end
 * for all of them at once, less what was dropped or did not run; and what was resident but neither busy nor loading was
 * idle. Times are whole milliseconds, so these sums and differences are exact. Hot: measured by bench/cluster.ts.
 */
export class CachingWorld implements Server {
  readonly timers = new TimerWheel()
  readonly overflow: Overflow
  outcome = WARM
  private readonly ledger: Ledger
  private readonly horizonMs: number
  private readonly units: Float64Array
  private readonly loadingMs: Float64Array
  private readonly uses: Float64Array
  private readonly cluster: Cluster
  private readonly future: Future | null
  private readonly trace: Trace
  private readonly spread: ClusterModel['spread']
  private readonly apps: Int32Array
  private readonly wasLoaded: Uint8Array
  /** Instance-milliseconds of instances that are gone. */
  private readonly residentMs: Float64Array
  private instances = new Int32Array(64 * INSTANCE)
  /** Per instance: its app, or NONE; when loading began; how long the invocation takes that waits for it. */
  private readonly appOf: number[] = []
  private readonly bornAt: number[] = []
  private readonly awaited: number[] = []
  /** When instances became idle after the end of the trace. */
  private readonly lateIdleAt = new Map<number, number>()
  private readonly free: number[] = []

  constructor(trace: Trace, model: ClusterModel, seed: number, ledger: Ledger) {
    const memoryMb = chargedMemory(trace, model)
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    this.units = memoryMb.map(timelineUnits)
    this.loadingMs = loadingTimes(trace, model, seed)
    this.uses = new Float64Array(trace.apps.count)
    this.future = futureFor(trace, model, seed)
    this.trace = trace
    this.spread = model.spread
    this.apps = new Int32Array(APP * trace.apps.count)
    for (let app = 0; app < trace.apps.count; app += 1) this.apps[app * APP + NEWEST] = NONE
    this.wasLoaded = new Uint8Array(trace.apps.count)
    this.residentMs = new Float64Array(trace.apps.count)
    this.overflow = new Overflow(model, this, ledger)
    const { loadingMs, uses } = this
    const nextUse = (app: number, instances: number): number => this.future!.nextUse(app, instances)
    const evict = (instance: number, now: number): void => this.evict(instance, now)
    this.cluster = openCluster(trace, model, { memoryMb, loadingMs, uses, nextUse, seed, evict })
  }

  /** An arrival that stands for `count` invocations, and takes `durationMs` once it runs. */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const { apps, overflow } = this
    this.future?.advance(app)
    apps[app * APP + OUTSTANDING]! += 1
    const instance = apps[app * APP + NEWEST]!
    if (instance !== NONE && (overflow.isEmpty || !overflow.mustWait(app))) {
      this.uses[app]! += count
      this.wake(app, instance)
      this.timers.push(now + durationMs, FINISH, instance, app)
      return
    }
    this.miss(app, now, fn, count, durationMs)
  }

  /** Lets the earliest timer happen. */
  happen(): void {
    const { timers } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const app = timers.nextDetail
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    if (isFinish) {
      this.apps[app * APP + OUTSTANDING]! -= 1
      this.append(app, instance)
      this.cluster.idle(app, instance, now, Number.POSITIVE_INFINITY)
      if (now > this.horizonMs) this.lateIdleAt.set(instance, now)
    } else {
      this.ledger.loadingMs[app]! += this.loadingMs[app]!
      timers.push(now + this.awaited[instance]!, FINISH, instance, app)
    }
    if (!this.overflow.isEmpty) this.serveWaiting(now)
  }

  /** Drops the invocation that waits longest, and serves those behind it. */
  dropFirst(now: number): void {
    this.overflow.dropFirst(now)
    this.serveWaiting(now)
  }

  serve(app: number, now: number, reason: Reason): number {
    const instance = this.apps[app * APP + NEWEST]!
    this.outcome = WARM
    return instance === NONE ? this.load(app, now, reason) : instance
  }

  drop(app: number, _now: number, count: number, durationMs: number): void {
    this.ledger.drops[app]! += count
    this.ledger.busyMs[app]! -= durationMs
    this.apps[app * APP + OUTSTANDING]! -= 1
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    const { horizonMs, ledger, timers, trace } = this
    this.overflow.close(horizonMs)
    for (; timers.size > 0; timers.pop()) this.abandon()
    for (const [instance, app] of this.appOf.entries()) {
      if (app !== NONE) this.leave(app, instance, Math.max(horizonMs, this.lateIdleAt.get(instance) ?? 0))
    }
    const isOnce = trace.arrivals.kind === 'counts' && this.spread === 'minute'
    eachDuration(trace, this.spread, { from: 0, to: ledger.apps }, (app, durationMs, count) => {
      ledger.invocations[app]! += count
      // A minute's invocations are one execution.
      ledger.busyMs[app]! += isOnce ? durationMs : count * durationMs
    })
    for (let app = 0; app < ledger.apps; app += 1)
      ledger.idleMs[app] = this.residentMs[app]! - ledger.busyMs[app]! - ledger.loadingMs[app]!
  }

  /** The end of the accounts finds the earliest timer pending: an execution that runs on, or a load. */
  private abandon(): void {
    const { horizonMs, ledger, timers } = this
    const app = timers.nextDetail
    if (timers.nextRank === FINISH) {
      ledger.busyMs[app]! -= timers.nextTime - horizonMs
      return
    }
    ledger.busyMs[app]! -= this.awaited[timers.nextSubject]!
    ledger.loadingMs[app]! += this.loadingMs[app]! - (timers.nextTime - horizonMs)
  }

  private serveWaiting(now: number): void {
    this.overflow.serve(now, this.startWaiting)
  }

  private readonly startWaiting = (entry: LineEntry, instance: number, now: number): void => {
    const { app, count, durationMs, since } = entry
    this.uses[app]! += count
    if (this.outcome === COLD) return this.startDelayed(app, instance, now, durationMs, now - since)
    if (now > since) this.ledger.latencies.delay(app, durationMs, now - since, 0)
    this.wake(app, instance)
    this.timers.push(now + durationMs, FINISH, instance, app)
  }

  private startDelayed(app: number, instance: number, now: number, durationMs: number, waitedMs: number): void {
    const takes = this.loadingMs[app]!
    if (waitedMs + takes > 0) this.ledger.latencies.delay(app, durationMs, waitedMs, takes)
    this.awaited[instance] = durationMs
    if (takes === 0) this.timers.push(now + durationMs, FINISH, instance, app)
    else this.timers.push(now + takes, LOADED, instance, app)
  }

  private wake(app: number, instance: number): void {
    this.unchain(app, instance)
    this.cluster.wake(app, instance)
  }

  /** No idle instance, or others of the app wait for one. */
  private miss(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const reason = this.reasonOf(app)
    const mustWait = !this.overflow.isEmpty
    const instance = mustWait ? NONE : this.load(app, now, reason)
    if (mustWait || this.outcome === REFUSED) {
      this.overflow.take({ app, fn, count, durationMs, since: now, reason })
      return
    }
    this.uses[app]! += count
    this.startDelayed(app, instance, now, durationMs, 0)
  }

  private reasonOf(app: number): Reason {
    if (this.apps[app * APP + OUTSTANDING]! > 1) return 'scaleOut'
    return this.wasLoaded[app] === 0 ? 'first' : 'evicted'
  }

  /** Begins to load an instance where there is room for it; NONE and REFUSED where not. */
  private load(app: number, now: number, reason: Reason): number {
    const instance = this.free.pop() ?? this.newInstance()
    if (!this.cluster.admit(app, instance, now)) {
      this.free.push(instance)
      this.outcome = REFUSED
      return NONE
    }
    const { ledger } = this
    this.appOf[instance] = app
    this.bornAt[instance] = now
    this.wasLoaded[app] = 1
    ledger.coldStarts[app]! += 1
    ledger[reason][app]! += 1
    ledger.loads[app]! += 1
    this.outcome = COLD
    return instance
  }

  private newInstance(): number {
    const instance = this.appOf.length
    this.appOf.push(NONE)
    if (this.appOf.length * INSTANCE > this.instances.length) {
      this.instances = grown(this.instances, 2 * this.instances.length)
    }
    return instance
  }

  private evict(instance: number, now: number): void {
    const app = this.appOf[instance]!
    this.ledger.evictions[app]! += 1
    this.unchain(app, instance)
    this.cluster.unload(app, instance)
    this.leave(app, instance, now)
    this.appOf[instance] = NONE
    this.free.push(instance)
  }

  /** Accounts the residence of an instance that goes, or ends with the accounts. */
  private leave(app: number, instance: number, now: number): void {
    const bornAt = this.bornAt[instance]!
    this.residentMs[app]! += now - bornAt
    addResidence(this.ledger.timeline, bornAt, now, this.horizonMs, this.units[app]!)
  }

  private append(app: number, instance: number): void {
    const { apps, instances } = this
    const newest = apps[app * APP + NEWEST]!
    instances[instance * INSTANCE + OLDER] = newest
    instances[instance * INSTANCE + NEWER] = NONE
    if (newest !== NONE) instances[newest * INSTANCE + NEWER] = instance
    apps[app * APP + NEWEST] = instance
  }

  private unchain(app: number, instance: number): void {
    const { apps, instances } = this
    const older = instances[instance * INSTANCE + OLDER]!
    const newer = instances[instance * INSTANCE + NEWER]!
    if (newer === NONE) apps[app * APP + NEWEST] = older
    else instances[newer * INSTANCE + OLDER] = older
    if (older !== NONE) instances[older * INSTANCE + NEWER] = newer
  }
}
