import type { FloorAnswer, Policy, Windows } from '../policy/policy.ts'
import { ASK, AppLifecycle, FLOOR, IDLE, type Instance, STATE_ACCOUNTS } from './app-lifecycle.ts'
import { crossBorder } from './account-borders.ts'
import { demandAccord } from './accord.ts'
import { askFloorBefore, askingApp, askKeepIdle, askLastKeepAlive, askWhenBusy, askWindows } from './ask.ts'
import {
  COLD,
  type EngineOptions,
  type Evicts,
  type Host,
  JOINED,
  LINED_UP,
  PREWARM,
  RACING,
  REFUSED,
  type Taken,
  UNLOAD,
  WARM,
} from './outcomes.ts'
import { InstanceTable } from './instance-table.ts'
import type { Ledger, Reason } from './ledger.ts'
import { NEVER, NOT_YET } from './moments.ts'

/**
 * Routes what happens to the apps' lifecycles, and keeps the accounts: pure and synchronous. It hears arrivals, ends of
 * executions and ends of loads, and fires its own timers when a driver says that they are due; it asks the policy.
 * Drivers present events in the order (time, rank). Apps and instances are numbers to the outside; inside, `app` and
 * `instance` are those numbers, `lifecycle` and `copy` what they stand for. Hot: measured by bench/day.ts.
 */
export class Engine {
  /** How the latest arrival was served: WARM, COLD, JOINED or REFUSED; or that it waits: LINED_UP or RACING. */
  outcome = WARM
  /** Why the latest arrival that was not warm needed a load. */
  reason: Reason = 'first'
  /** What {@link lookAt} found. */
  due = NEVER
  /** What is known of each app that is open. */
  readonly apps: AppLifecycle[]
  readonly instances = new InstanceTable()
  private readonly policy: Policy
  private readonly ledger: Ledger
  /** The ledger's columns that every event writes. */
  private readonly invocations: Float64Array
  private readonly idleMs: Float64Array
  private readonly busyMs: Float64Array
  private readonly host: Host
  private readonly concurrencyOf: (app: number) => number
  private readonly takesOldest: boolean
  private readonly joins: boolean
  private readonly renews: boolean
  private readonly idleness: Host['idleness']
  private readonly keepsEach: boolean
  private readonly hearsRises: boolean
  private readonly hearsFinishes: boolean
  private readonly hearsAnswers: boolean
  private readonly endMs: number
  private readonly windows: Windows = { prewarmMs: 0.5, keepAliveMs: 0.5 }
  private readonly floor: FloorAnswer = { instances: 0, untilMs: 0.5 }
  /** When the policy was last told or asked anything. */
  private now = NOT_YET

  /**
   * Floors are kept, and the policy is asked again, up to `endMs`. All apps are open, or `none` is: then a driver opens
   * each before it tells of it. Throws a UserError where options contradict the policy.
   */
  constructor(
    options: EngineOptions,
    policy: Policy,
    ledger: Ledger,
    host: Host,
    endMs = NEVER,
    opens: 'all' | 'none' = 'all',
  ) {
    this.endMs = endMs
    this.policy = policy
    this.ledger = ledger
    this.invocations = ledger.invocations
    this.idleMs = ledger.idleMs
    this.busyMs = ledger.busyMs
    this.host = host
    this.concurrencyOf = options.concurrencyOf ?? (() => options.concurrency)
    this.takesOldest = options.reuse === 'oldest'
    this.joins = options.whileLoading === 'join'
    this.renews = options.renew
    this.idleness = host.idleness
    this.keepsEach = policy.keepIdleMs !== undefined
    this.hearsRises = policy.rose !== undefined
    this.hearsFinishes = policy.finished !== undefined
    this.hearsAnswers = policy.answered !== undefined
    demandAccord(options, policy, host)
    this.apps = Array.from({ length: ledger.apps })
    if (opens === 'all') for (let app = 0; app < ledger.apps; app += 1) this.open(app)
  }

  /** Nothing has happened yet to the app. */
  open(app: number): void {
    const lifecycle = new AppLifecycle(app, this.keepsEach, this.concurrencyOf(app))
    if (this.policy.floor !== undefined) lifecycle.askFloorAt(0)
    this.apps[app] = lifecycle
  }

  /**
   * The app begins with an instance that was loaded before and is idle since `now`, where there is room for it: no load is
   * counted. The policy is asked for its windows; the first arrival ends no idle time that anybody knows.
   */
  beginWarm(app: number, now: number): void {
    const lifecycle = this.apps[app]!
    const copy = this.admitted(app, now, 'nobody at the start')
    if (copy === null) return
    lifecycle.begin(copy, now, 0, false)
    copy.isUnused = false
    lifecycle.rest(copy, now, false)
    this.keepByAnswer(lifecycle, now)
    this.idleness?.idle(app, copy.number, now, lifecycle.endOf(copy))
  }

  /**
   * Takes an arrival that stands for `count` invocations at once; gives the instance that serves it, or -1 where there is
   * no room for one (REFUSED), or where it waits in the line of its app (LINED_UP, RACING). One that was refused counts as
   * waiting until it is served or dropped.
   */
  arrive(app: number, now: number, fn: number, count: number): number {
    const lifecycle = this.apps[app]!
    this.hear(lifecycle, now, fn, count)
    return this.find(lifecycle, now, null, true)
  }

  /**
   * Takes an arrival whose execution ends at `end`, before any other event that the driver knows of, if all that comes of
   * it is that the latest idle instance works for a moment and is the latest again: the same as {@link arrive} and
   * {@link finished}, but no chain changes. Else false, and nothing happened. Only where {@link suitsInterrupts} says so.
   */
  interrupt(app: number, now: number, end: number, fn: number, count: number): boolean {
    const lifecycle = this.apps[app]!
    const copy = lifecycle.newestIdle
    if (copy === null || !lifecycle.isUndisturbed(copy, end)) return false
    this.hear(lifecycle, now, fn, count)
    this.outcome = WARM
    this.idleMs[app]! += now - copy.since
    this.busyMs[app]! += end - now
    copy.worked(end)
    lifecycle.cancelWindows(end)
    this.ended(lifecycle, end, fn, 0, end - now)
    this.leaveIdle(lifecycle, copy, end)
    return true
  }

  /** Loads an instance beside the line of the app, in which the latest arrival stands now (RACING), where there is room for it. */
  loadBeside(app: number, now: number): void {
    const copy = this.admitted(app, now, 'anybody')
    if (copy !== null) this.begin(this.apps[app]!, copy, now, 0, true)
  }

  /** Takes an arrival that must wait in any case, as others of its app do: REFUSED. */
  defer(app: number, now: number, fn: number, count: number): void {
    const lifecycle = this.apps[app]!
    this.hear(lifecycle, now, fn, count)
    this.reason = lifecycle.reason
    this.outcome = REFUSED
  }

  /**
   * Tries to serve an arrival that was refused for `reason`; gives the instance that serves it, or -1. One that came before
   * the accounts began is not counted.
   */
  serve(app: number, now: number, reason: Reason, isCounted = true): number {
    return this.find(this.apps[app]!, now, reason, isCounted)
  }

  /** Drops an arrival that was refused and stands for `count` invocations. */
  drop(app: number, now: number, count: number): void {
    const lifecycle = this.apps[app]!
    this.ledger.drops[app]! += count
    lifecycle.outstanding -= 1
    if (lifecycle.outstanding > 0) return
    // It ended the app's idle period, and another begins only where something is loaded that can be idle.
    if (lifecycle.newestIdle === null) lifecycle.wentWithout()
    else this.goIdle(lifecycle, now)
  }

  /** The load of an instance ended: who waited for it now runs. Gives its app. */
  loaded(instance: number, now: number): number {
    const copy = this.instances.all[instance]!
    const lifecycle = copy.lifecycle!
    const { app } = lifecycle
    this.ledger.loadingMs[app]! += now - copy.since
    const isBeside = copy.isBesideLine
    copy.isBesideLine = false
    if (copy.taken > 0) {
      lifecycle.work(copy, now, this.joins)
      if (lifecycle.inLine > 0) this.fillFromLine(lifecycle, copy, now)
      return app
    }
    if (lifecycle.inLine > 0) {
      lifecycle.workForLine(copy, now, this.joins && !isBeside)
      if (this.hearsRises) this.rose(lifecycle, now)
      this.takeFirst(lifecycle, copy, now, isBeside ? COLD : JOINED)
      this.fillFromLine(lifecycle, copy, now)
      return app
    }
    // Whoever it was begun for was served before: it is a pre-warm after all, unless accounts began meanwhile.
    if (isBeside && copy.isUnused) this.ledger.prewarms[app]! += 1
    lifecycle.rest(copy, now, this.joins && !isBeside)
    this.now = now
    if (this.keepsEach && lifecycle.commonEnd >= 0) lifecycle.keepUntil(copy, lifecycle.commonEnd)
    else this.giveEnd(lifecycle, copy, now)
    this.idleness?.idle(app, instance, now, lifecycle.endOf(copy))
    return app
  }

  /**
   * An execution of function `fn` on the instance ended; where the policy hears how long each was waited for and took, that
   * too, in ms. Gives its app.
   */
  finished(instance: number, now: number, fn: number, waitedMs = 0, tookMs = 0): number {
    const copy = this.instances.all[instance]!
    const lifecycle = copy.lifecycle!
    const { app } = lifecycle
    if (lifecycle.inLine > 0) {
      this.ended(lifecycle, now, fn, waitedMs, tookMs)
      this.takeFirst(lifecycle, copy, now, WARM)
      return app
    }
    if (copy.taken > 1) {
      lifecycle.unshare(copy)
      this.ended(lifecycle, now, fn, waitedMs, tookMs)
      return app
    }
    this.busyMs[app]! += now - copy.since
    lifecycle.rested(copy, now, this.renews)
    this.ended(lifecycle, now, fn, waitedMs, tookMs)
    this.leaveIdle(lifecycle, copy, now)
    this.idleness?.idle(app, instance, now, lifecycle.endOf(copy))
    return app
  }

  /** Memory pressure takes an idle instance. */
  evict(instance: number, now: number): void {
    this.ledger.evictions[this.appOf(instance)]! += 1
    this.lost(instance, now)
  }

  /** An idle instance is gone though nothing ordered it; of a busy one a driver first tells that its executions ended. */
  lost(instance: number, now: number): void {
    const copy = this.instances.all[instance]!
    const lifecycle = copy.lifecycle!
    this.unload(lifecycle, copy, now)
    lifecycle.wasEvicted = true
  }

  /** The app of an instance that is loaded or loading. */
  appOf(instance: number): number {
    return this.instances.all[instance]!.lifecycle!.app
  }

  /** Whether the app has fewer instances than its floor. */
  isShort(app: number): boolean {
    const { alive, floor } = this.apps[app]!
    return alive < floor
  }

  /** Loads what the app misses of its floor, as far as there is room, and evicts nobody. */
  refill(app: number, now: number): void {
    this.reachFloor(this.apps[app]!, now, 'nobody')
  }

  /** The policy is asked for the app's floor at `at`, whatever it said before. */
  askFloorAt(app: number, at: number): void {
    this.apps[app]!.askFloorAt(at)
  }

  /** Where an app has fewer instances than its floor, since one was lost, the policy is asked for it again at `at`. */
  askFloorIfShort(app: number, at: number): void {
    this.apps[app]!.askFloorIfShort(at)
  }

  /** The policy wants to be asked again of an app at `at`, not before `now` (see PolicyContext). Throws {@link BadAnswer}. */
  askAgain(app: number, at: number, now = this.now): void {
    const lifecycle = askingApp(this.apps, app, at, now)
    if (at >= this.endMs) return
    lifecycle.askAgainAt(at)
    this.host.asked?.(app)
  }

  /** When the app's next timer is due: something begins, or an instance goes. Infinity when it has none. */
  dueAt(app: number): number {
    return this.apps[app]!.dueAt
  }

  /** Finds what {@link dueAt} tells and leaves it in `due`: in a hot loop a field costs less than a returned double. */
  lookAt(app: number): void {
    this.due = this.apps[app]!.dueAt
  }

  /** Rank of the timer that {@link dueAt} tells: PREWARM, of all that begins by the clock, or UNLOAD. */
  dueRank(app: number): number {
    return this.apps[app]!.beginsFirst ? PREWARM : UNLOAD
  }

  /** Fires the timer that {@link dueAt} tells. `now` is its time, or later where a clock was late. */
  fire(app: number, now: number): void {
    const lifecycle = this.apps[app]!
    if (!lifecycle.beginsFirst) return this.expire(lifecycle, lifecycle.firstToGo!, now)
    this.now = now
    if (lifecycle.nextBegin === ASK) this.answerAgain(lifecycle, now)
    else if (lifecycle.nextBegin === FLOOR) this.changeFloor(lifecycle, now)
    else this.prewarm(lifecycle, now)
  }

  /**
   * Accounts of the apps `fromApp` up to, not including, `toApp` come to the border `now`: they begin, or are marked. Gives
   * the next border. All that comes before is over.
   */
  cross(now: number, fromApp: number, toApp: number): number {
    return crossBorder(this.ledger, this.instances.all, now, fromApp, toApp)
  }

  /** Ends the accounts at `horizonMs`: unloads every instance of every app. Of no instance more is known. */
  close(horizonMs: number): void {
    for (const copy of this.instances.all) {
      const { lifecycle } = copy
      if (lifecycle === null) continue
      const now = Math.max(horizonMs, copy.since)
      this.ledger[STATE_ACCOUNTS[copy.state]!][lifecycle.app]! += now - copy.since
      this.release(lifecycle, copy, now)
    }
    this.instances.clear()
  }

  // Arrivals.

  /** Tells the policy of an arrival and counts it as outstanding. */
  private hear(lifecycle: AppLifecycle, now: number, fn: number, count: number): void {
    const { app } = lifecycle
    this.now = now
    this.policy.arrived(app, now, lifecycle.idleTime(now), fn)
    this.invocations[app]! += count
    lifecycle.outstanding += 1
  }

  /** A loaded instance with room takes the arrival; where there is none, it needs a load, for `reason` if it came before. */
  private find(lifecycle: AppLifecycle, now: number, reason: Reason | null, isCounted: boolean): number {
    const copy = lifecycle.busyWithRoom ?? (this.takesOldest ? lifecycle.oldestIdle : lifecycle.newestIdle)
    if (copy === null) return this.miss(lifecycle, now, reason, isCounted)
    this.outcome = WARM
    if (copy.state === IDLE) this.wake(lifecycle, copy, now)
    else lifecycle.share(copy)
    return copy.number
  }

  private wake(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    this.idleMs[lifecycle.app]! += now - copy.since
    lifecycle.wake(copy, now)
    this.idleness?.wake(lifecycle.app, copy.number)
    if (this.hearsRises) this.rose(lifecycle, now)
  }

  /**
   * No loaded instance has room: the arrival joins a load, waits in line where it has just come and the policy wants it to,
   * begins a load for `reason`, or finds no room for it.
   */
  private miss(lifecycle: AppLifecycle, now: number, before: Reason | null, isCounted: boolean): number {
    const { app, loadingWithRoom: loading } = lifecycle
    // What the windows had in store is the reason, and is cancelled by the arrival.
    const reason = before ?? lifecycle.reason
    lifecycle.cancelWindows(now)
    if (loading !== null) {
      if (lifecycle.join(loading) && this.hearsRises) this.rose(lifecycle, now)
      if (isCounted) this.ledger.joined[app]! += 1
      this.outcome = JOINED
      return loading.number
    }
    this.reason = reason
    if (before === null && this.policy.whenBusy !== undefined && lifecycle.alive > 0) {
      const answer = askWhenBusy(this.policy, app, now, lifecycle.alive, lifecycle.outstanding)
      if (answer !== 'load') {
        lifecycle.inLine += 1
        this.outcome = answer === 'both' ? RACING : LINED_UP
        return -1
      }
    }
    const copy = this.admitted(app, now, 'anybody')
    this.outcome = copy === null ? REFUSED : COLD
    if (copy === null) return -1
    if (isCounted) {
      this.ledger.coldStarts[app]! += 1
      this.ledger[reason][app]! += 1
    }
    this.begin(lifecycle, copy, now, 1)
    return copy.number
  }

  /** Whoever is first in line begins on an instance that counts it already. */
  private takeFirst(lifecycle: AppLifecycle, copy: Instance, now: number, outcome: Taken) {
    lifecycle.inLine -= 1
    this.host.take!(lifecycle.app, copy.number, now, outcome)
  }

  /** An instance was loaded just now: those who are in line take the room that it still has. */
  private fillFromLine(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    while (lifecycle.inLine > 0 && copy.taken < lifecycle.concurrency) {
      lifecycle.share(copy)
      this.takeFirst(lifecycle, copy, now, JOINED)
    }
  }

  private rose(lifecycle: AppLifecycle, now: number): void {
    this.now = now
    this.policy.rose!(lifecycle.app, now, lifecycle.inUse)
  }

  // What the policy is asked.

  /** An execution ended: the policy hears of it. */
  private ended(lifecycle: AppLifecycle, now: number, fn: number, waitedMs: number, tookMs: number): void {
    this.now = now
    if (this.hearsFinishes) this.policy.finished!(lifecycle.app, now, fn)
    if (this.hearsAnswers) this.policy.answered!(lifecycle.app, now, waitedMs, tookMs)
    lifecycle.outstanding -= 1
  }

  /** An execution left its instance idle: the policy is asked how long what is idle stays. */
  private leaveIdle(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    if (lifecycle.outstanding === 0) this.goIdle(lifecycle, now)
    else this.giveEnd(lifecycle, copy, now)
  }

  /** An instance became idle, and its app did not go idle by that. */
  private giveEnd(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    if (this.keepsEach) {
      const { inUse } = lifecycle
      if (inUse > 0) return lifecycle.keepUntil(copy, now + askKeepIdle(this.policy, lifecycle.app, now, inUse))
    }
    // It needs a window, and the app was never asked for.
    if (!lifecycle.wasAsked) this.ask(lifecycle, now)
    if (this.keepsEach) lifecycle.keepUntil(copy, lifecycle.ownEnd(now))
  }

  /** Asks the policy for windows that idle instances stay by, and leaves them in `windows`. */
  private ask(lifecycle: AppLifecycle, now: number): void {
    const { policy } = this
    this.now = now
    askWindows(policy, lifecycle.app, now, this.windows)
    lifecycle.answered(now, this.windows)
    if (policy.lastKeepAliveMs !== undefined) lifecycle.sparesLast(askLastKeepAlive(policy, lifecycle.app, now))
  }

  /** The app's last running execution ended: asks the policy for its windows, and plans a pre-warm where it wants one. */
  private goIdle(lifecycle: AppLifecycle, now: number): void {
    lifecycle.wentIdle(now)
    this.ask(lifecycle, now)
    if (now + this.windows.prewarmMs !== now) lifecycle.planPrewarm(now, this.windows)
    else if (this.keepsEach) lifecycle.keepUntil(lifecycle.newestIdle!, lifecycle.ownEnd(now))
  }

  /** The policy is asked again, as it wanted: for the floor, and for the windows of an app that is not in use. */
  private answerAgain(lifecycle: AppLifecycle, now: number): void {
    lifecycle.asks()
    if (this.policy.floor !== undefined) this.changeFloor(lifecycle, now)
    if (lifecycle.outstanding > 0) return
    lifecycle.dropPrewarm()
    if (this.keepByAnswer(lifecycle, now) && lifecycle.alive === 0) this.prewarmNow(lifecycle, now)
  }

  /** Asks for windows that count from now on, whenever instances became idle; says whether they want the app loaded. */
  private keepByAnswer(lifecycle: AppLifecycle, now: number): boolean {
    this.ask(lifecycle, now)
    const stays = now + this.windows.prewarmMs === now
    if (stays) lifecycle.keepAllUntil(now + this.windows.keepAliveMs, now)
    else lifecycle.planPrewarm(now, this.windows)
    return stays
  }

  // What begins and ends by the clock.

  /** The pre-warm is due. */
  private prewarm(lifecycle: AppLifecycle, now: number): void {
    lifecycle.beginPrewarm(now)
    // What the floor holds needs no other beside it.
    if (!lifecycle.isHeldByFloor) this.prewarmNow(lifecycle, now)
  }

  /** Where there is no room for a pre-warm, it does not happen. */
  private prewarmNow(lifecycle: AppLifecycle, now: number): void {
    if (!this.preload(lifecycle, now, 'anybody')) lifecycle.missedPrewarm(now)
  }

  /** The policy is asked for its minimum of instances, and what it needs now is loaded; at the end of the trace there is none. */
  private changeFloor(lifecycle: AppLifecycle, now: number): void {
    askFloorBefore(this.endMs, this.policy, lifecycle.app, now, this.floor)
    const rose = lifecycle.setFloor(now, this.floor)
    this.reachFloor(lifecycle, now, rose ? 'other apps' : 'nobody')
  }

  private reachFloor(lifecycle: AppLifecycle, now: number, evicts: Evicts): void {
    while (lifecycle.alive < lifecycle.floor && this.preload(lifecycle, now, evicts));
  }

  /** Begins to load an instance that nobody waits for; false where there is no room for it. */
  private preload(lifecycle: AppLifecycle, now: number, evicts: Evicts): boolean {
    const copy = this.admitted(lifecycle.app, now, evicts)
    if (copy === null) return false
    this.ledger.prewarms[lifecycle.app]! += 1
    this.begin(lifecycle, copy, now, 0)
    return true
  }

  /** An instance for which the host has room, to be loaded for an app; null where it has none. */
  private admitted(app: number, now: number, evicts: Evicts): Instance | null {
    const copy = this.instances.take()
    if (this.host.admit(app, copy.number, now, evicts)) return copy
    this.instances.give(copy)
    return null
  }

  /** Begins to load an instance that `taken` arrivals wait for; none means that it is pre-warmed, or loads beside the line. */
  private begin(lifecycle: AppLifecycle, copy: Instance, now: number, taken: number, isBesideLine = false): void {
    lifecycle.begin(copy, now, taken, this.joins && !isBesideLine && taken < lifecycle.concurrency)
    copy.isBesideLine = isBesideLine
    this.ledger.loads[lifecycle.app]! += 1
    if (taken > 0 && this.hearsRises) this.rose(lifecycle, now)
    this.host.load(lifecycle.app, copy.number, now)
  }

  /** The window of an idle instance is over. */
  private expire(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    this.unload(lifecycle, copy, now)
    this.host.cool?.(lifecycle.app, copy.number, now)
  }

  private unload(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    this.idleMs[lifecycle.app]! += now - copy.since
    lifecycle.wasEvicted = false
    this.release(lifecycle, copy, now)
  }

  private release(lifecycle: AppLifecycle, copy: Instance, now: number): void {
    // What still loads beside a line is no pre-warm yet.
    if (copy.isUnused && !copy.isBesideLine) this.ledger.prewarmsUnused[lifecycle.app]! += 1
    this.host.unload(lifecycle.app, copy.number, copy.bornAt, now)
    lifecycle.gone(copy)
    this.instances.give(copy)
  }
}
