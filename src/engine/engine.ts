import { UserError } from '../core/user-error.ts'
import type { Policy, Windows } from '../policy/policy.ts'
import { goIdle, leftIdle } from './ask.ts'
import { beginsFirst, cancelWindows, dueTime, isLatest, reasonOf, windowEnd } from './app-windows.ts'
import { chain, chainIdle, joinLoad, removeIdle, unchain } from './chains.ts'
import { COLD, type EngineOptions, type Host, JOINED, PREWARM, REFUSED, UNLOAD, WARM } from './contract.ts'
import { askAgain, reachFloor, setFloor } from './floors.ts'
import type { Ledger, Reason } from './ledger.ts'
import { InstanceTable } from './instance-table.ts'
import { AppState, BUSY, IDLE, type Instance, STATE_ACCOUNTS } from './state.ts'

/**
 * The lifecycle of the instances of all apps, and their accounts: pure and synchronous. It hears arrivals, ends of
 * executions and ends of loads, and fires its own timers when a driver says that they are due; it asks the policy once
 * per idle period. Drivers present events in the order (time, rank). Apps and instances are numbers to the outside.
 * Hot: measured by bench/day.ts.
 */
export class Engine {
  /** How the latest arrival was served: WARM, COLD, JOINED or REFUSED. */
  outcome = WARM
  /** Why the latest arrival that was not warm needed a load. */
  reason: Reason = 'first'
  /** What {@link lookAt} found. */
  due = Number.POSITIVE_INFINITY
  private readonly policy: Policy
  private readonly ledger: Ledger
  /** The ledger's columns that every event writes. */
  private readonly invocations: Float64Array
  private readonly idleMs: Float64Array
  private readonly busyMs: Float64Array
  private readonly host: Host
  private readonly concurrency: number
  private readonly takesOldest: boolean
  private readonly joins: boolean
  private readonly renews: boolean
  private readonly idleness: Host['idleness']
  /** Whether the instance that is idle last works next, and is then idle last again, and nobody needs to know of it. */
  private readonly isPlain: boolean
  /** What is known of each app; for reading, and for going on from saved windows. */
  readonly apps: readonly AppState[]
  readonly instances = new InstanceTable()
  private readonly endMs: number
  private readonly windows: Windows = { prewarmMs: 0.5, keepAliveMs: 0.5 }

  /** Floors are kept up to `endMs`. */
  constructor(options: EngineOptions, policy: Policy, ledger: Ledger, host: Host, endMs = Number.POSITIVE_INFINITY) {
    for (const method of ['rose', 'keepIdleMs'] as const) {
      if (policy[method] === undefined) continue
      throw new UserError({ where: 'policy', problem: `a policy with ${method}() cannot be run yet` })
    }
    this.endMs = endMs
    this.policy = policy
    this.ledger = ledger
    this.invocations = ledger.invocations
    this.idleMs = ledger.idleMs
    this.busyMs = ledger.busyMs
    this.host = host
    this.concurrency = options.concurrency
    this.takesOldest = options.reuse === 'oldest'
    this.joins = options.whileLoading === 'join'
    this.renews = options.renew
    this.idleness = host.idleness
    this.isPlain = !this.takesOldest && this.renews && host.idleness === undefined
    this.apps = Array.from({ length: ledger.apps }, (_, row) => new AppState(row, policy.floor !== undefined))
  }

  /**
   * Takes an arrival that stands for `count` invocations at once; gives the instance that serves it, or -1 where there is
   * no room for one (REFUSED). One that was refused counts as waiting until it is served or dropped.
   */
  arrive(row: number, now: number, fn: number, count: number): number {
    const app = this.apps[row]!
    this.hear(app, now, fn, count)
    return this.find(app, now, null)
  }

  /**
   * Takes an arrival whose execution ends at `end`, before any other event that the driver knows of, if all that comes of
   * it is that the latest idle instance works for a moment and is the latest again: the same as {@link arrive} and
   * {@link finished}, but no chain changes. Else false, and nothing happened.
   */
  interrupt(row: number, now: number, end: number, fn: number, count: number): boolean {
    const app = this.apps[row]!
    const instance = app.newestIdle
    if (instance === null || !this.isPlain || !isLatest(app, instance, end)) return false
    this.hear(app, now, fn, count)
    this.outcome = WARM
    this.idleMs[row]! += now - instance.since
    this.busyMs[row]! += end - now
    instance.worked(end)
    cancelWindows(app)
    leftIdle(app, this.policy, end, fn, this.windows)
    return true
  }

  /** Takes an arrival that must wait in any case, as others of its app do: REFUSED. */
  defer(row: number, now: number, fn: number, count: number): void {
    const app = this.apps[row]!
    this.hear(app, now, fn, count)
    this.reason = reasonOf(app)
    this.outcome = REFUSED
  }

  /** Tries to serve an arrival that was refused for `reason`; gives the instance that serves it, or -1. */
  serve(row: number, now: number, reason: Reason): number {
    return this.find(this.apps[row]!, now, reason)
  }

  /** Drops an arrival that was refused and stands for `count` invocations. */
  drop(row: number, now: number, count: number): void {
    const app = this.apps[row]!
    this.ledger.drops[row]! += count
    app.outstanding -= 1
    if (app.outstanding > 0) return
    // It ended the app's idle period, and another begins only where something is loaded that can be idle.
    if (app.oldestIdle === null) app.idleAt = -0.5
    else goIdle(app, this.policy, now, this.windows)
  }

  /** The load of an instance ended: who waited for it now runs. Gives its app. */
  loaded(row: number, now: number): number {
    const instance = this.instances.rows[row]!
    const app = instance.app!
    this.ledger.loadingMs[app.row]! += now - instance.since
    instance.since = now
    const { taken } = instance
    if (this.joins && taken < this.concurrency) unchain(app, 'loadingWithRoom', instance)
    if (taken > 0) {
      instance.state = BUSY
      if (taken < this.concurrency) chain(app, 'busyWithRoom', instance)
    } else {
      app.prewarming -= 1
      instance.state = IDLE
      chainIdle(app, instance, this.renews)
      this.idleness?.idle(app.row, row, now, windowEnd(app, instance))
    }
    return app.row
  }

  /** An execution of function `fn` on the instance ended. Gives its app. */
  finished(row: number, now: number, fn: number): number {
    const instance = this.instances.rows[row]!
    const app = instance.app!
    const taken = (instance.taken -= 1)
    if (taken > 0) {
      if (taken === this.concurrency - 1) chain(app, 'busyWithRoom', instance)
      app.outstanding -= 1
      this.policy.finished?.(app.row, now, fn)
      return app.row
    }
    if (this.concurrency > 1) unchain(app, 'busyWithRoom', instance)
    this.busyMs[app.row]! += now - instance.since
    instance.since = now
    instance.state = IDLE
    chainIdle(app, instance, this.renews)
    leftIdle(app, this.policy, now, fn, this.windows)
    this.idleness?.idle(app.row, row, now, windowEnd(app, instance))
    return app.row
  }

  /** Memory pressure takes an idle instance. */
  evict(row: number, now: number): void {
    this.ledger.evictions[this.instances.rows[row]!.app!.row]! += 1
    this.lost(row, now)
  }

  /** An idle instance is gone though nothing ordered it; of a busy one a driver first tells that its executions ended. */
  lost(row: number, now: number): void {
    const instance = this.instances.rows[row]!
    const app = instance.app!
    this.unload(app, instance, now)
    app.wasEvicted = true
  }

  /** Where an app has fewer instances than its floor, since one was lost, it is asked for its floor again at `at`. */
  refill(row: number, at: number): void {
    askAgain(this.apps[row]!, at)
  }

  /** When the app's next timer is due: a pre-warm, a change of its floor or an unload. Infinity when it has none. */
  dueAt(row: number): number {
    return dueTime(this.apps[row]!)
  }

  /** Finds what {@link dueAt} tells and leaves it in `due`: in a hot loop a field costs less than a returned double. */
  lookAt(row: number): void {
    this.due = dueTime(this.apps[row]!)
  }

  /** Rank of the timer that {@link dueAt} tells: PREWARM, also of a change of the floor, or UNLOAD. */
  dueRank(row: number): number {
    return beginsFirst(this.apps[row]!) ? PREWARM : UNLOAD
  }

  /** Fires the timer that {@link dueAt} tells. `now` is its time, or later where a clock was late. */
  fire(row: number, now: number): void {
    const app = this.apps[row]!
    if (!beginsFirst(app)) this.unload(app, app.oldestIdle!, now)
    else if (app.floorAt <= app.prewarmAt) this.changeFloor(app, now)
    else this.prewarm(app, now)
  }

  /** Ends the accounts at `horizonMs`: unloads every instance of every app. Of no instance more is known. */
  close(horizonMs: number): void {
    for (const instance of this.instances.rows) {
      const { app } = instance
      if (app === null) continue
      const now = Math.max(horizonMs, instance.since)
      this.ledger[STATE_ACCOUNTS[instance.state]!][app.row]! += now - instance.since
      this.release(app, instance, now)
    }
    this.instances.clear()
  }

  /** Tells the policy of an arrival and counts it as outstanding. */
  private hear(app: AppState, now: number, fn: number, count: number): void {
    const { outstanding, row } = app
    this.policy.arrived(row, now, outstanding === 0 && app.idleAt >= 0 ? now - app.idleAt : -1, fn)
    this.invocations[row]! += count
    app.outstanding = outstanding + 1
  }

  /** A loaded instance with room takes the arrival; where there is none, it needs a load, for `reason` if it came before. */
  private find(app: AppState, now: number, reason: Reason | null): number {
    const instance = app.busyWithRoom ?? (this.takesOldest ? app.oldestIdle : app.newestIdle)
    if (instance === null) return this.miss(app, now, reason ?? reasonOf(app))
    this.outcome = WARM
    if (instance.state === IDLE) this.wake(app, instance, now)
    else {
      instance.taken += 1
      if (instance.taken === this.concurrency) unchain(app, 'busyWithRoom', instance)
    }
    return instance.row
  }

  private wake(app: AppState, instance: Instance, now: number): void {
    this.idleMs[app.row]! += now - instance.since
    instance.since = now
    instance.state = BUSY
    instance.taken = 1
    instance.isUnused = false
    removeIdle(app, instance)
    this.idleness?.wake(app.row, instance.row)
    if (this.concurrency > 1) chain(app, 'busyWithRoom', instance)
    cancelWindows(app)
  }

  /** No loaded instance has room: the arrival joins a load, begins one for `reason`, or finds no room for it. */
  private miss(app: AppState, now: number, reason: Reason): number {
    const loading = app.loadingWithRoom
    cancelWindows(app)
    if (loading !== null) {
      joinLoad(app, loading, this.concurrency)
      this.ledger.joined[app.row]! += 1
      this.outcome = JOINED
      return loading.row
    }
    this.reason = reason
    const instance = this.instances.admitted(this.host, app.row, now)
    this.outcome = instance === null ? REFUSED : COLD
    if (instance === null) return -1
    this.ledger.coldStarts[app.row]! += 1
    this.ledger[reason][app.row]! += 1
    this.begin(app, instance, now, 1)
    return instance.row
  }

  /** The pre-warm is due; where there is no room for it, it does not happen. */
  private prewarm(app: AppState, now: number): void {
    app.prewarmAt = Number.POSITIVE_INFINITY
    app.unloadBy = now + app.keepAliveMs
    // What the floor holds needs no other beside it.
    if ((app.alive > 0 && app.alive <= app.floor) || this.preload(app, now)) return
    app.unloadBy = -1
    app.wasEvicted = true
  }

  /** The policy's minimum of instances is another from now on. */
  private changeFloor(app: AppState, now: number): void {
    setFloor(app, this.policy, now, this.endMs)
    reachFloor(app, () => this.preload(app, now))
  }

  /** Begins to load an instance that nobody waits for; false where there is no room for it. */
  private preload(app: AppState, now: number): boolean {
    const instance = this.instances.admitted(this.host, app.row, now)
    if (instance === null) return false
    app.prewarming += 1
    this.ledger.prewarms[app.row]! += 1
    this.begin(app, instance, now, 0)
    return true
  }

  /** Begins to load an instance that `taken` arrivals wait for; none means that it is pre-warmed. */
  private begin(app: AppState, instance: Instance, now: number, taken: number): void {
    instance.begin(app, now, taken)
    if (this.joins && taken < this.concurrency) chain(app, 'loadingWithRoom', instance)
    this.ledger.loads[app.row]! += 1
    this.host.load(app.row, instance.row, now)
  }

  private unload(app: AppState, instance: Instance, now: number): void {
    this.idleMs[app.row]! += now - instance.since
    app.wasEvicted = false
    removeIdle(app, instance)
    this.release(app, instance, now)
  }

  private release(app: AppState, instance: Instance, now: number): void {
    if (instance.isUnused) this.ledger.prewarmsUnused[app.row]! += 1
    this.host.unload(app.row, instance.row, instance.bornAt, now)
    app.alive -= 1
    instance.app = null
    this.instances.give(instance)
  }
}
