import { TimerQueue } from '../../core/timer-queue.ts'
import { askWindows } from '../../engine/ask.ts'
import { FINISH, LOADED } from '../../engine/outcomes.ts'
import { forgetAccounts, type Ledger, MARKED_ACCOUNTS, nextBorder, type Reason } from '../../engine/ledger.ts'
import { NEVER, NOT_YET } from '../../engine/moments.ts'
import { addResidence, timelineUnits } from '../../engine/residence.ts'
import type { Policy, Windows } from '../../policy/policy.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { chargedMemory } from '../charged-memory.ts'
import { loadingTimes } from '../loading-times.ts'
import { BUSY, GONE, InstanceColumns, LOADING } from './instance-columns.ts'
import { type Quiet, QuietIdles } from './quiet-idles.ts'
import type { ReplayParts } from './replay.ts'

/** The account of the time that an instance spends in each of them. */
const STATE_ACCOUNTS = ['loadingMs', 'loadingMs', 'idleMs', 'busyMs'] as const

/**
 * One app in the model `instances` where an instance serves one invocation at a time and the newest idle one is used first:
 * its idle instances are a stack whose bottom goes first. The same life as `engine/app-lifecycle.ts` tells, in the same
 * order, without what a policy that only has windows never needs; a property test holds the two equal bit for bit. Hot:
 * measured by bench/day.ts.
 */
export class InstancesApp {
  private readonly policy: Policy
  private readonly ledger: Ledger
  private readonly neverLearns: boolean
  private readonly hearsFinishes: boolean
  private readonly hearsRises: boolean
  /** Whether the policy never learns, and hears nothing else. */
  private readonly isSteady: boolean
  private readonly horizonMs: number
  private readonly lastMs: number
  private readonly accountFromMs: number
  private readonly isWarm: boolean
  private readonly units: Float64Array
  private readonly loadingMs: Float64Array
  private readonly windows: Windows = { prewarmMs: 0.5, keepAliveMs: 0.5 }
  /** Ends of executions (detail: the function) and of loads; subjects are instances. */
  private readonly timers = new TimerQueue()

  private app = 0
  /** The next border of the accounts: where they begin, or are marked. Fractions at first, to stay doubles. */
  private from = 0.5
  /** Accounts of the app that most events change; the ledger has them at borders and in the end. */
  private invocations = 0.5
  private idleMs = 0.5
  private busyMs = 0.5

  /** Invocations that run or wait for a load; instances that load and that nobody waits for. */
  private outstanding = 0
  private prewarming = 0
  private wasLoaded = false
  /** When the app last went idle. */
  private idleAt = 0.5
  /** How long an idle instance stays, both windows together, but for what `allGoAt` says: when all of them go. */
  private windowMs = 0.5
  private allGoAt = 0.5
  /** When the pending pre-warm begins to load, and how long its instance stays. */
  private prewarmAt = 0.5
  private prewarmKeepMs = 0.5
  /** No instance goes before this moment, at which something changed that instances go by. */
  private notBefore = 0.5
  /** When something is due by the clock: the pre-warm, or the oldest idle instance goes. */
  private due = 0.5

  private readonly copies = new InstanceColumns()
  private readonly idles: QuietIdles

  constructor(parts: ReplayParts) {
    const { trace, model, policy, ledger, seed } = parts
    this.policy = policy
    this.ledger = ledger
    this.neverLearns = policy.neverLearns === true
    this.hearsFinishes = policy.finished !== undefined
    this.hearsRises = policy.rose !== undefined
    this.isSteady = this.neverLearns && !this.hearsFinishes && !this.hearsRises
    this.idles = new QuietIdles(policy)
    this.horizonMs = trace.horizonMs
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.accountFromMs = ledger.accountFromMs
    this.isWarm = model.warmAtStart === 'all'
    this.units = chargedMemory(trace, model).map(timelineUnits)
    this.loadingMs = loadingTimes(trace, model, seed)
  }

  /** It stands for this app from now on, of which nothing has happened yet, but that it may begin with an instance. */
  open(app: number): void {
    this.app = app
    this.from = nextBorder(this.ledger, 0)
    this.readAccounts()
    this.outstanding = 0
    this.prewarming = 0
    this.wasLoaded = false
    this.idleAt = NOT_YET
    this.windowMs = NOT_YET
    this.allGoAt = NOT_YET
    this.prewarmAt = NEVER
    this.notBefore = NOT_YET
    this.due = NEVER
    if (this.isWarm) this.beginWarm()
  }

  /** The hot loop: takes arrivals of the app. */
  put(block: ArrivalBlock): void {
    const { length, timeMs, fn, count, durationMs } = block
    const { copies, timers } = this
    for (let row = 0; row < length; row += 1) {
      const now = timeMs[row]!
      while (now >= this.from) this.cross()
      if (timers.nextTime <= now || this.due <= now) this.advance(now)
      const end = now + durationMs[row]!
      if (copies.top === copies.bottom) {
        this.hear(now, fn[row]!, count[row]!)
        this.miss(now, fn[row]!, durationMs[row]!)
        continue
      }
      // Of the last row the next arrival is not known.
      const next = row + 1 < length ? timeMs[row + 1]! : NOT_YET
      const isQuiet = end <= next && end < this.from && end < timers.nextTime && this.isUndisturbed(end)
      if (isQuiet && this.windows.prewarmMs === 0) {
        const quiet = this.isSteady ? length : this.hearQuietly(block, row)
        if (quiet > 0) {
          row = this.goQuietly(block, row, quiet) - 1
          continue
        }
      }
      this.hear(now, fn[row]!, count[row]!)
      if (isQuiet) this.interrupt(now, end, fn[row]!)
      else this.wake(now, end, fn[row]!)
    }
  }

  /** No arrival follows: what is still to happen happens, and the accounts of the app end. */
  close(): void {
    while (this.from < NEVER) this.cross()
    this.settle(this.lastMs, false)
    this.writeAccounts()
    for (let instance = 0; instance < this.copies.length; instance += 1) {
      const state = this.copies.state[instance]!
      if (state === GONE) continue
      const now = Math.max(this.horizonMs, this.copies.since[instance]!)
      this.ledger[STATE_ACCOUNTS[state]!][this.app]! += now - this.accounted(this.copies.since[instance]!)
      this.release(instance, now)
    }
    this.copies.clear()
    this.timers.clear()
  }

  // Arrivals.

  private hear(now: number, fn: number, count: number): void {
    const idleMs = this.outstanding === 0 && this.idleAt >= 0 ? now - this.idleAt : -1
    if (!this.neverLearns) this.policy.arrived(this.app, now, idleMs, fn)
    this.invocations += count
    this.outstanding += 1
  }

  /**
   * Whether the newest idle instance, were it to work until `end`, would be the newest idle one then, and no other goes or
   * is loaded before.
   */
  private isUndisturbed(end: number): boolean {
    return this.copies.idle === 1 || (this.allGoAt < 0 && this.due >= end)
  }

  /** The newest idle instance works for a moment in which nothing else happens, and is idle again. */
  private interrupt(now: number, end: number, fn: number): void {
    const instance = this.copies.newest
    this.idleMs += now - this.accounted(this.copies.since[instance]!)
    this.busyMs += end - now
    this.copies.since[instance] = end
    this.copies.isUnused[instance] = 0
    if (this.hearsRises) this.policy.rose!(this.app, now, this.outstanding)
    this.cancelWindows(end)
    this.ended(end, fn)
    if (this.outstanding === 0) this.goIdle(end)
    else this.look()
  }

  /** How many quiet arrivals from the row `from` on the policy heard of at once; only the last changes its answer, if any. */
  private hearQuietly(block: ArrivalBlock, from: number): number {
    return this.outstanding > 0 ? 0 : this.idles.tell(this.app, block, from, this.quiet, this.idleAt)
  }

  /**
   * While the answer of a policy stands, and does not unload, nothing but sums changes by arrivals that come one after the other
   * to the same instance, each within its window. Takes those from the row `from` on, at most `most`, of which the first is such
   * a one; gives the first that is not.
   */
  private goQuietly({ length, timeMs, count, durationMs }: ArrivalBlock, from: number, most: number): number {
    const instance = this.copies.newest
    const { othersUntil, until, windowMs } = this.quiet
    let { idleMs, busyMs, invocations } = this
    let since = this.accounted(this.copies.since[instance]!)
    let then = Math.max(this.due, timeMs[from]!)
    let row = from
    const last = Math.min(length - 1, from + most)
    for (; row < last; row += 1) {
      const now = timeMs[row]!
      const end = now + durationMs[row]!
      if (now > then || end > timeMs[row + 1]! || end >= until || end > othersUntil) break
      idleMs += now - since
      busyMs += end - now
      invocations += count[row]!
      since = end
      then = end + windowMs
    }
    this.idleMs = idleMs
    this.busyMs = busyMs
    this.invocations = invocations
    this.copies.since[instance] = since
    this.copies.isUnused[instance] = 0
    this.cancelWindows(since)
    if (this.outstanding === 0) this.goIdle(since)
    else this.look()
    return row
  }

  private get quiet(): Quiet {
    const { copies, due, from, timers, windowMs } = this
    return { until: Math.min(from, timers.nextTime), othersUntil: copies.idle === 1 ? NEVER : due, windowMs }
  }

  /** The newest idle instance works until `end`. */
  private wake(now: number, end: number, fn: number): void {
    const instance = this.copies.newest
    this.copies.top -= 1
    this.idleMs += now - this.accounted(this.copies.since[instance]!)
    this.copies.since[instance] = now
    this.copies.state[instance] = BUSY
    this.copies.isUnused[instance] = 0
    this.cancelWindows(now)
    this.look()
    if (this.hearsRises) this.policy.rose!(this.app, now, this.outstanding)
    this.timers.push(end, FINISH, instance, fn)
  }

  /** No instance is idle: one is loaded. */
  private miss(now: number, fn: number, durationMs: number): void {
    const { app, ledger, reason } = this
    this.cancelWindows(now)
    ledger.coldStarts[app]! += 1
    ledger[reason][app]! += 1
    const instance = this.begin(now, false)
    if (this.hearsRises) this.policy.rose!(app, now, this.outstanding)
    this.look()
    const loadingMs = this.loadingMs[app]!
    if (loadingMs === 0) {
      this.copies.state[instance] = BUSY
      this.timers.push(now + durationMs, FINISH, instance, fn)
      return
    }
    this.copies.awaitedFn[instance] = fn
    this.copies.awaitedMs[instance] = durationMs
    this.timers.push(now + loadingMs, LOADED, instance, 0)
    if (now >= this.accountFromMs) ledger.latencies.delay(app, durationMs, 0, loadingMs)
  }

  private get reason(): Reason {
    if (!this.wasLoaded && this.outstanding === 1) return 'first'
    if (this.outstanding > 1) return 'scaleOut'
    return this.prewarmAt < NEVER || this.prewarming > 0 ? 'early' : 'expired'
  }

  // Time.

  /** Lets everything happen that comes before an arrival at `now`: of what is due at that very time an unload does not. */
  private advance(now: number): void {
    const { timers } = this
    for (;;) {
      const { due } = this
      if (timers.nextTime <= due) {
        if (timers.nextTime > now) return
        this.happen()
      } else {
        if (due > now || (due === now && this.prewarmAt > now)) return
        this.fire(due)
      }
    }
  }

  /** Lets everything happen up to and including `lastMs`, or only what is before it. */
  private settle(lastMs: number, isBefore: boolean): void {
    const { timers } = this
    for (;;) {
      const { due } = this
      const next = Math.min(due, timers.nextTime)
      if (next > lastMs || (isBefore && next === lastMs)) return
      if (timers.nextTime <= due) this.happen()
      else this.fire(due)
    }
  }

  /** The earliest timer: an execution or a load ends. */
  private happen(): void {
    const { timers } = this
    const now = timers.nextTime
    const instance = timers.nextSubject
    const fn = timers.nextDetail
    const isFinish = timers.nextRank === FINISH
    timers.pop()
    if (isFinish) this.finish(instance, now, fn)
    else this.loaded(instance, now)
  }

  private finish(instance: number, now: number, fn: number): void {
    this.busyMs += now - this.accounted(this.copies.since[instance]!)
    this.becomeIdle(instance, now)
    this.ended(now, fn)
    if (this.outstanding === 0) this.goIdle(now)
    else if (this.windowMs < 0) {
      // It needs a window, and the app was never asked for.
      this.ask(now)
      this.look()
    } else if (this.copies.idle === 1) this.look()
  }

  private ended(now: number, fn: number): void {
    if (this.hearsFinishes) this.policy.finished!(this.app, now, fn)
    this.outstanding -= 1
  }

  private loaded(instance: number, now: number): void {
    this.ledger.loadingMs[this.app]! += now - this.accounted(this.copies.since[instance]!)
    const takesMs = this.copies.awaitedMs[instance]!
    if (takesMs < 0) {
      this.prewarming -= 1
      this.becomeIdle(instance, now)
      this.look()
      return
    }
    this.copies.since[instance] = now
    this.copies.state[instance] = BUSY
    this.timers.push(now + takesMs, FINISH, instance, this.copies.awaitedFn[instance]!)
  }

  /** What is due by the clock. */
  private fire(now: number): void {
    if (this.prewarmAt <= now) this.prewarm(now)
    else this.expire(now)
    this.look()
  }

  private prewarm(now: number): void {
    const { app, ledger } = this
    this.prewarmAt = NEVER
    this.allGoAt = now + this.prewarmKeepMs
    ledger.prewarms[app]! += 1
    const instance = this.begin(now, true)
    const loadingMs = this.loadingMs[app]!
    if (loadingMs === 0) this.becomeIdle(instance, now)
    else {
      this.prewarming += 1
      this.timers.push(now + loadingMs, LOADED, instance, 0)
    }
  }

  /** The window of the oldest idle instance is over. */
  private expire(now: number): void {
    const instance = this.copies.oldest
    this.copies.bottom += 1
    this.idleMs += now - this.accounted(this.copies.since[instance]!)
    this.release(instance, now)
  }

  // Windows.

  private goIdle(now: number): void {
    this.idleAt = now
    this.ask(now)
    const { prewarmMs, keepAliveMs } = this.windows
    if (now + prewarmMs !== now) {
      this.prewarmAt = now + prewarmMs
      this.prewarmKeepMs = keepAliveMs
      this.allGoAt = now
    }
    this.look()
  }

  private ask(now: number): void {
    const { windows } = this
    this.notBefore = now
    if (this.neverLearns && this.windowMs >= 0) return
    askWindows(this.policy, this.app, now, windows)
    this.windowMs = windows.prewarmMs + windows.keepAliveMs
  }

  /** An arrival ends what the windows still had in store. */
  private cancelWindows(now: number): void {
    this.prewarmAt = NEVER
    this.allGoAt = NOT_YET
    this.notBefore = now
  }

  /** Finds what is due next. */
  private look(): void {
    const { allGoAt, notBefore, prewarmAt } = this
    if (this.copies.idle === 0) {
      this.due = prewarmAt
      return
    }
    const end = allGoAt < 0 ? this.copies.since[this.copies.oldest]! + this.windowMs : allGoAt
    const unload = end > notBefore ? end : notBefore
    this.due = prewarmAt < unload ? prewarmAt : unload
  }

  // Instances.

  /** Before the first arrival an instance is idle, and it is not known since when; no load is counted. */
  private beginWarm(): void {
    const instance = this.copies.take()
    this.copies.bornAt[instance] = 0
    this.copies.isUnused[instance] = 0
    this.wasLoaded = true
    this.becomeIdle(instance, 0)
    this.ask(0)
    const { prewarmMs, keepAliveMs } = this.windows
    this.allGoAt = prewarmMs === 0 ? keepAliveMs : 0
    if (prewarmMs > 0) {
      this.prewarmAt = prewarmMs
      this.prewarmKeepMs = keepAliveMs
    }
    this.look()
  }

  /** Begins to load an instance, for an arrival or for nobody. */
  private begin(now: number, isUnused: boolean): number {
    const instance = this.copies.take()
    this.copies.state[instance] = LOADING
    this.copies.since[instance] = now
    this.copies.bornAt[instance] = now
    this.copies.isUnused[instance] = isUnused ? 1 : 0
    this.copies.awaitedMs[instance] = -1
    this.wasLoaded = true
    this.notBefore = now
    this.ledger.loads[this.app]! += 1
    return instance
  }

  private becomeIdle(instance: number, now: number): void {
    this.copies.rest(instance, now)
    this.notBefore = now
  }

  private release(instance: number, now: number): void {
    const { app, ledger, horizonMs } = this
    if (this.copies.isUnused[instance] === 1) ledger.prewarmsUnused[app]! += 1
    addResidence(ledger.timeline, this.accounted(this.copies.bornAt[instance]!), now, horizonMs, this.units[app]!)
    this.copies.give(instance)
  }

  // Accounts.

  /** A moment, or the beginning of accounts where that is later: what is told of the time before is forgotten there. */
  private accounted(at: number): number {
    return at < this.accountFromMs ? this.accountFromMs : at
  }

  private readAccounts(): void {
    const { app, ledger } = this
    this.invocations = ledger.invocations[app]!
    this.idleMs = ledger.idleMs[app]!
    this.busyMs = ledger.busyMs[app]!
  }

  private writeAccounts(): void {
    const { app, ledger } = this
    ledger.invocations[app] = this.invocations
    ledger.idleMs[app] = this.idleMs
    ledger.busyMs[app] = this.busyMs
  }

  /** Accounts of the app begin or are marked: what comes before is over. */
  private cross(): void {
    const { app, from, ledger } = this
    this.settle(from, true)
    this.writeAccounts()
    if (from === this.accountFromMs) {
      this.copies.isUnused.fill(0)
      forgetAccounts(ledger, app, app + 1)
      this.readAccounts()
    } else this.mark(from)
    this.from = nextBorder(ledger, from)
  }

  private mark(at: number): void {
    const { app, ledger } = this
    const kept = ledger.marks.find(({ atMs }) => atMs === at)!
    for (const account of MARKED_ACCOUNTS) kept[account][app] = ledger[account][app]!
    for (let instance = 0; instance < this.copies.length; instance += 1) {
      const state = this.copies.state[instance]!
      if (state !== GONE) kept[STATE_ACCOUNTS[state]!][app]! += at - this.accounted(this.copies.since[instance]!)
    }
  }
}
