import { TimerWheel } from '../../core/timer-wheel.ts'
import { COLD, FINISH, LOADED, REFUSED, WARM } from '../../engine/contract.ts'
import type { Ledger, Reason } from '../../engine/ledger.ts'
import { addResidence, timelineUnits } from '../../engine/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { loadingTimes } from '../loading-times.ts'
import { chargedMemory } from '../memory.ts'
import type { Model } from '../model.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { type Future, futureFor } from './future.ts'
import { Overflow, type Server } from './overflow.ts'
import type { LineEntry } from './waiting-line.ts'

/** Columns of an app, one cache line: accounts that every invocation changes, and what is known between two events. */
const APP = 8
const INVOCATIONS = 0
const BUSY_MS = 1
const IDLE_MS = 2
const OUTSTANDING = 3
/** Its newest idle instance, or NONE; and whether it was ever loaded. */
const NEWEST = 4
const WAS_LOADED = 5

/** Columns of an instance, one cache line. */
const INSTANCE = 8
const STATE = 0
/** When that state began, and when loading did. */
const SINCE = 1
const BORN_AT = 2
const OF_APP = 3
/** While idle: the neighbours in the chain of the app's idle instances. */
const OLDER = 4
const NEWER = 5
/** While loading: how long the invocation takes that waits for it. While busy: when the execution ends. */
const WORK = 6

const NONE = -1
const LOADING = 0
const IDLE = 1
const BUSY = 2

/**
 * A cluster in which nothing is unloaded but for memory: keep-alive as caching, where no policy need be asked and no
 * window ends. Instances serve one invocation at a time, the newest idle one first. The engine gives the same accounts
 * more slowly; a property test holds the two equal. Hot: measured by bench/cluster.ts.
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
  private readonly apps: Float64Array
  private instances = new Float64Array(64 * INSTANCE)
  private made = 0
  private readonly free: number[] = []

  constructor(trace: Trace, model: Model, seed: number, ledger: Ledger) {
    const memoryMb = chargedMemory(trace, model)
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    this.units = memoryMb.map(timelineUnits)
    this.loadingMs = loadingTimes(trace, model, seed)
    this.uses = new Float64Array(trace.apps.count)
    this.future = futureFor(trace, model, seed)
    this.apps = new Float64Array(APP * trace.apps.count)
    for (let app = 0; app < trace.apps.count; app += 1) this.apps[app * APP + NEWEST] = NONE
    this.overflow = new Overflow(model, this, ledger)
    const { loadingMs, uses } = this
    const nextUse = this.future?.nextUse ?? new Float64Array(0)
    const evict = (instance: number, now: number): void => this.evict(instance, now)
    this.cluster = openCluster(trace, model, { memoryMb, loadingMs, uses, nextUse, seed, evict })
  }

  /** An arrival that stands for `count` invocations, and takes `durationMs` once it runs. */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const { apps, overflow } = this
    this.future?.advance(app)
    apps[app * APP + INVOCATIONS]! += count
    apps[app * APP + OUTSTANDING]! += 1
    const instance = apps[app * APP + NEWEST]!
    if (instance !== NONE && (overflow.isEmpty || !overflow.mustWait(app))) {
      this.uses[app]! += count
      this.wake(app, instance, now, durationMs)
      return
    }
    this.miss(app, now, fn, count, durationMs)
  }

  /** Lets the earliest timer happen. */
  happen(): void {
    const { timers, instances } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    const at = instance * INSTANCE
    const app = instances[at + OF_APP]!
    if (isFinish) {
      this.apps[app * APP + OUTSTANDING]! -= 1
      instances[at + STATE] = IDLE
      instances[at + SINCE] = now
      this.append(app, instance)
      this.cluster.idle(app, instance, now, Number.POSITIVE_INFINITY)
    } else {
      this.ledger.loadingMs[app]! += now - instances[at + SINCE]!
      this.run(app, instance, now, instances[at + WORK]!)
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

  drop(app: number, _now: number, count: number): void {
    this.ledger.drops[app]! += count
    this.apps[app * APP + OUTSTANDING]! -= 1
  }

  /** Ends the accounts: what is still pending never happens. */
  close(): void {
    const { apps, horizonMs, instances, ledger } = this
    this.overflow.close(horizonMs)
    for (let instance = 0; instance < this.made; instance += 1) {
      const at = instance * INSTANCE
      const app = instances[at + OF_APP]!
      if (app === NONE) continue
      const now = Math.max(horizonMs, instances[at + SINCE]!)
      const passed = now - instances[at + SINCE]!
      if (instances[at + STATE] === LOADING) ledger.loadingMs[app]! += passed
      else if (instances[at + STATE] === IDLE) apps[app * APP + IDLE_MS]! += passed
      // The whole execution was counted when it began.
      else apps[app * APP + BUSY_MS]! -= instances[at + WORK]! - now
      addResidence(ledger.timeline, instances[at + BORN_AT]!, now, horizonMs, this.units[app]!)
    }
    for (let app = 0; app < ledger.apps; app += 1) {
      ledger.invocations[app] = apps[app * APP + INVOCATIONS]!
      ledger.busyMs[app] = apps[app * APP + BUSY_MS]!
      ledger.idleMs[app] = apps[app * APP + IDLE_MS]!
    }
  }

  private serveWaiting(now: number): void {
    this.overflow.serve(now, this.startWaiting)
  }

  private readonly startWaiting = (entry: LineEntry, instance: number, now: number): void => {
    const { app, count, durationMs, since } = entry
    this.uses[app]! += count
    if (this.outcome === COLD) return this.startDelayed(app, instance, now, durationMs, now - since)
    if (now > since) this.ledger.latencies.delay(app, durationMs, now - since, 0)
    this.wake(app, instance, now, durationMs)
  }

  private startDelayed(app: number, instance: number, now: number, durationMs: number, waitedMs: number): void {
    const takes = this.loadingMs[app]!
    if (waitedMs + takes > 0) this.ledger.latencies.delay(app, durationMs, waitedMs, takes)
    if (takes === 0) return this.run(app, instance, now, durationMs)
    this.instances[instance * INSTANCE + WORK] = durationMs
    this.timers.push(now + takes, LOADED, instance, 0)
  }

  private wake(app: number, instance: number, now: number, durationMs: number): void {
    this.apps[app * APP + IDLE_MS]! += now - this.instances[instance * INSTANCE + SINCE]!
    this.unchain(app, instance)
    this.cluster.wake(app, instance)
    this.run(app, instance, now, durationMs)
  }

  private run(app: number, instance: number, now: number, durationMs: number): void {
    const { instances } = this
    const at = instance * INSTANCE
    this.apps[app * APP + BUSY_MS]! += durationMs
    instances[at + STATE] = BUSY
    instances[at + SINCE] = now
    instances[at + WORK] = now + durationMs
    this.timers.push(now + durationMs, FINISH, instance, 0)
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
    return this.apps[app * APP + WAS_LOADED] === 0 ? 'first' : 'evicted'
  }

  /** Begins to load an instance where there is room for it; NONE and REFUSED where not. */
  private load(app: number, now: number, reason: Reason): number {
    const instance = this.free.pop() ?? this.newInstance()
    if (!this.cluster.admit(app, instance, now)) {
      this.free.push(instance)
      this.outcome = REFUSED
      return NONE
    }
    const { instances, ledger } = this
    const at = instance * INSTANCE
    instances[at + STATE] = LOADING
    instances[at + SINCE] = now
    instances[at + BORN_AT] = now
    instances[at + OF_APP] = app
    this.apps[app * APP + WAS_LOADED] = 1
    ledger.coldStarts[app]! += 1
    ledger[reason][app]! += 1
    ledger.loads[app]! += 1
    this.outcome = COLD
    return instance
  }

  private newInstance(): number {
    const instance = this.made
    this.made += 1
    if (this.made * INSTANCE > this.instances.length) {
      const larger = new Float64Array(2 * this.instances.length)
      larger.set(this.instances)
      this.instances = larger
    }
    this.instances[instance * INSTANCE + OF_APP] = NONE
    return instance
  }

  private evict(instance: number, now: number): void {
    const { instances, ledger } = this
    const at = instance * INSTANCE
    const app = instances[at + OF_APP]!
    this.apps[app * APP + IDLE_MS]! += now - instances[at + SINCE]!
    ledger.evictions[app]! += 1
    this.unchain(app, instance)
    this.cluster.unload(app, instance)
    addResidence(ledger.timeline, instances[at + BORN_AT]!, now, this.horizonMs, this.units[app]!)
    instances[at + OF_APP] = NONE
    this.free.push(instance)
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
