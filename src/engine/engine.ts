import type { Policy, Windows } from '../policy/policy.ts'
import { type AppStates, appStates } from './apps.ts'
import { askWindows } from './ask.ts'
import { appendIdle, chain, removeIdle, unchain } from './chains.ts'
import { COLD, type EngineOptions, type Host, JOINED, PREWARM, UNLOAD, WARM } from './contract.ts'
import { BUSY, IDLE, type InstanceTable, instanceTable, LOADING, NONE } from './instances.ts'
import type { Ledger } from './ledger.ts'

/**
 * The lifecycle of the instances of all apps, and their accounts: pure and synchronous. It hears arrivals, ends of
 * executions and ends of loads, and fires its own timers when a driver says that they are due; it asks the policy once
 * per idle period. Drivers present events in the order (time, rank); between apps the order does not matter here.
 * Hot: measured by bench/engine.ts.
 */
export class Engine {
  /** How the latest arrival was served: {@link WARM}, {@link COLD} or {@link JOINED}. */
  outcome = WARM
  private readonly policy: Policy
  private readonly ledger: Ledger
  private readonly host: Host
  private readonly concurrency: number
  private readonly takesOldest: boolean
  private readonly joins: boolean
  private readonly hearsFinish: boolean
  private readonly apps: AppStates
  private instances: InstanceTable = instanceTable(64)
  private rows = 0
  private freeRow = NONE
  private readonly windows: Windows = { prewarmMs: 0, keepAliveMs: 0 }

  constructor(options: EngineOptions, policy: Policy, ledger: Ledger, host: Host) {
    this.policy = policy
    this.ledger = ledger
    this.host = host
    this.concurrency = options.concurrency
    this.takesOldest = options.reuse === 'oldest'
    this.joins = options.whileLoading === 'join'
    this.hearsFinish = policy.finished !== undefined
    this.apps = appStates(ledger.apps)
  }

  /** Takes an arrival that stands for `count` invocations at once; gives the instance that serves it. */
  arrive(app: number, now: number, fn: number, count: number): number {
    const { apps, ledger } = this
    const outstanding = apps.outstanding[app]!
    const idleAt = apps.idleAt[app]!
    this.policy.arrived(app, now, outstanding === 0 && idleAt >= 0 ? now - idleAt : -1, fn)
    ledger.invocations[app]! += count
    apps.outstanding[app] = outstanding + 1
    if (apps.busyWithRoom[app] !== NONE) return this.share(app)
    const idle = this.takesOldest ? apps.oldestIdle[app]! : apps.newestIdle[app]!
    if (idle !== NONE) {
      this.wake(app, idle, now)
      this.cancelWindows(app)
      this.outcome = WARM
      return idle
    }
    return this.miss(app, now, outstanding)
  }

  /** The load of an instance ended: who waited for it now runs. Gives its app. */
  loaded(instance: number, now: number): number {
    const { apps, instances, ledger } = this
    const app = instances.app[instance]!
    ledger.loadingMs[app]! += now - instances.since[instance]!
    instances.since[instance] = now
    const taken = instances.taken[instance]!
    if (this.joins && taken < this.concurrency) unchain(apps.loadingWithRoom, instances, app, instance)
    if (taken > 0) {
      instances.state[instance] = BUSY
      if (taken < this.concurrency) chain(apps.busyWithRoom, instances, app, instance)
      return app
    }
    apps.prewarming[app]! -= 1
    instances.state[instance] = IDLE
    appendIdle(apps, instances, app, instance)
    return app
  }

  /** An execution of function `fn` on the instance ended. Gives its app. */
  finished(instance: number, now: number, fn: number): number {
    const { apps, instances, ledger } = this
    const app = instances.app[instance]!
    if (this.hearsFinish) this.policy.finished!(app, now, fn)
    const outstanding = apps.outstanding[app]! - 1
    apps.outstanding[app] = outstanding
    const taken = instances.taken[instance]! - 1
    instances.taken[instance] = taken
    if (taken > 0) {
      if (taken === this.concurrency - 1) chain(apps.busyWithRoom, instances, app, instance)
      return app
    }
    if (this.concurrency > 1) unchain(apps.busyWithRoom, instances, app, instance)
    ledger.busyMs[app]! += now - instances.since[instance]!
    instances.since[instance] = now
    instances.state[instance] = IDLE
    appendIdle(apps, instances, app, instance)
    if (outstanding === 0) this.goIdle(app, now)
    else if (apps.asked[app] === 0) this.ask(app, now)
    return app
  }

  /** When the app's next timer is due: a pre-warm or an unload. Infinity when it has none. */
  dueAt(app: number): number {
    const { apps } = this
    const prewarmAt = apps.prewarmAt[app]!
    const unloadAt = this.unloadAt(app)
    return prewarmAt < unloadAt ? prewarmAt : unloadAt
  }

  /** Rank of the timer that {@link dueAt} tells: {@link PREWARM} or {@link UNLOAD}. */
  dueRank(app: number): number {
    return this.apps.prewarmAt[app]! <= this.unloadAt(app) ? PREWARM : UNLOAD
  }

  /** Fires the timer that {@link dueAt} tells. `now` is its time, or later where a clock was late. */
  fire(app: number, now: number): void {
    if (this.dueRank(app) === PREWARM) this.prewarm(app, now)
    else this.unload(app, this.apps.oldestIdle[app]!, now)
  }

  /** Ends the accounts at `horizonMs`: unloads every instance of every app. Of no instance more is known. */
  close(horizonMs: number): void {
    const { instances } = this
    for (let row = 0; row < this.rows; row += 1) {
      const app = instances.app[row]!
      if (app === NONE) continue
      const now = Math.max(horizonMs, instances.since[row]!)
      if (instances.state[row] === IDLE) this.unload(app, row, now)
      else this.abandon(app, row, now)
    }
    this.rows = 0
    this.freeRow = NONE
  }

  private share(app: number): number {
    const { apps, instances } = this
    const instance = apps.busyWithRoom[app]!
    const taken = instances.taken[instance]! + 1
    instances.taken[instance] = taken
    if (taken === this.concurrency) unchain(apps.busyWithRoom, instances, app, instance)
    this.outcome = WARM
    return instance
  }

  private wake(app: number, instance: number, now: number): void {
    const { apps, instances, ledger } = this
    ledger.idleMs[app]! += now - instances.since[instance]!
    instances.since[instance] = now
    instances.state[instance] = BUSY
    instances.taken[instance] = 1
    instances.unused[instance] = 0
    removeIdle(apps, instances, app, instance)
    if (this.concurrency > 1) chain(apps.busyWithRoom, instances, app, instance)
  }

  /** No loaded instance has room: the arrival joins a load, or begins one. */
  private miss(app: number, now: number, outstanding: number): number {
    const { apps, instances, ledger } = this
    const loading = apps.loadingWithRoom[app]!
    const early = apps.prewarmAt[app]! < Number.POSITIVE_INFINITY || apps.prewarming[app]! > 0
    this.cancelWindows(app)
    if (loading !== NONE) {
      const taken = instances.taken[loading]! + 1
      if (taken === 1) apps.prewarming[app]! -= 1
      if (taken === this.concurrency) unchain(apps.loadingWithRoom, instances, app, loading)
      instances.taken[loading] = taken
      instances.unused[loading] = 0
      ledger.joined[app]! += 1
      this.outcome = JOINED
      return loading
    }
    ledger.coldStarts[app]! += 1
    if (apps.known[app] === 0) ledger.first[app]! += 1
    else if (outstanding > 0) ledger.scaleOut[app]! += 1
    else if (early) ledger.early[app]! += 1
    else if (apps.wasEvicted[app] === 1) ledger.evicted[app]! += 1
    else ledger.expired[app]! += 1
    this.outcome = COLD
    const instance = this.begin(app, now, 1)
    this.host.load(app, instance, now)
    return instance
  }

  /** An arrival ends what the windows still had in store: they restart at the next idle moment. */
  private cancelWindows(app: number): void {
    this.apps.prewarmAt[app] = Number.POSITIVE_INFINITY
    this.apps.unloadBy[app] = -1
  }

  private goIdle(app: number, now: number): void {
    const { apps } = this
    apps.idleAt[app] = now
    this.ask(app, now)
    const prewarmAt = now + this.windows.prewarmMs
    if (prewarmAt === now) return
    apps.unloadBy[app] = now
    apps.prewarmAt[app] = prewarmAt
  }

  private ask(app: number, now: number): void {
    const { apps, windows } = this
    askWindows(this.policy, app, now, windows)
    const { prewarmMs, keepAliveMs } = windows
    apps.asked[app] = 1
    apps.askedAt[app] = now
    apps.windowMs[app] = prewarmMs + keepAliveMs
    apps.keepAliveMs[app] = keepAliveMs
  }

  /** When the app's longest idle instance goes; never before the answer that says so. */
  private unloadAt(app: number): number {
    const { apps } = this
    const oldest = apps.oldestIdle[app]!
    if (oldest === NONE) return Number.POSITIVE_INFINITY
    const since = this.instances.since[oldest]!
    const unloadBy = apps.unloadBy[app]!
    if (unloadBy >= 0) return unloadBy > since ? unloadBy : since
    const due = since + apps.windowMs[app]!
    const askedAt = apps.askedAt[app]!
    return due > askedAt ? due : askedAt
  }

  private prewarm(app: number, now: number): void {
    const { apps, ledger } = this
    apps.prewarmAt[app] = Number.POSITIVE_INFINITY
    apps.unloadBy[app] = now + apps.keepAliveMs[app]!
    apps.prewarming[app]! += 1
    ledger.prewarms[app]! += 1
    const instance = this.begin(app, now, 0)
    this.instances.unused[instance] = 1
    this.host.load(app, instance, now)
  }

  private begin(app: number, now: number, taken: number): number {
    const { apps, ledger } = this
    const instance = this.takeRow()
    const { instances } = this
    instances.app[instance] = app
    instances.state[instance] = LOADING
    instances.taken[instance] = taken
    instances.since[instance] = now
    instances.bornAt[instance] = now
    instances.unused[instance] = 0
    if (this.joins && taken < this.concurrency) chain(apps.loadingWithRoom, instances, app, instance)
    apps.known[app] = 1
    ledger.loads[app]! += 1
    return instance
  }

  private unload(app: number, instance: number, now: number): void {
    const { apps, instances, ledger } = this
    ledger.idleMs[app]! += now - instances.since[instance]!
    if (instances.unused[instance] === 1) ledger.prewarmsUnused[app]! += 1
    apps.wasEvicted[app] = 0
    removeIdle(apps, instances, app, instance)
    this.freeInstance(app, instance, now)
  }

  /** The end of the accounts finds the instance loading or busy. */
  private abandon(app: number, instance: number, now: number): void {
    const { instances, ledger } = this
    const account = instances.state[instance] === LOADING ? ledger.loadingMs : ledger.busyMs
    account[app]! += now - instances.since[instance]!
    if (instances.unused[instance] === 1) ledger.prewarmsUnused[app]! += 1
    this.freeInstance(app, instance, now)
  }

  private takeRow(): number {
    const row = this.freeRow
    if (row !== NONE) {
      this.freeRow = this.instances.next[row]!
      return row
    }
    if (this.rows === this.instances.app.length) this.instances = instanceTable(this.rows * 2, this.instances)
    this.rows += 1
    return this.rows - 1
  }

  private freeInstance(app: number, instance: number, now: number): void {
    const { instances } = this
    this.host.unload(app, instance, instances.bornAt[instance]!, now)
    instances.app[instance] = NONE
    instances.next[instance] = this.freeRow
    this.freeRow = instance
  }
}
