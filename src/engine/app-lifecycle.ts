import type { FloorAnswer, Windows } from '../policy/policy.ts'
import type { Reason } from './ledger.ts'
import { NEVER, NOT_YET } from './moments.ts'

/** What an instance is doing. */
const LOADING = 0
export const IDLE = 1
const BUSY = 2

/** The account of the time that an instance spends in each of them. */
export const STATE_ACCOUNTS = ['loadingMs', 'idleMs', 'busyMs'] as const

/**
 * One loaded copy of an app, or one that is being loaded; used again for another after it is unloaded. `previous` and
 * `next` chain the idle instances of an app in the order of `keptSince`, or those with room that are busy or loading.
 */
export class Instance {
  /** Hosts and drivers know it by this. */
  readonly number: number
  lifecycle: AppLifecycle | null = null
  state = LOADING
  /** Invocations that are running, or waiting for the load to end. */
  taken = 0
  /** From when on the present state is not yet accounted, and when loading began. Fractions at first, to stay doubles. */
  since = 0.5
  bornAt = 0.5
  /** When the window that it idles under began: as it became idle, or first did where windows do not renew. */
  keptSince = 0.5
  /** When it goes, where every idle instance has an end of its own. */
  until = 0.5
  /** Whether it was pre-warmed and has served nothing yet. */
  isUnused = false
  /** Whether it loads beside the line of its app, for whoever is first in it then. */
  isBesideLine = false
  previous: Instance | null = null
  next: Instance | null = null

  constructor(number: number) {
    this.number = number
  }

  /** It is loaded for an app from now on, for `taken` arrivals that wait for it. */
  begin(lifecycle: AppLifecycle, now: number, taken: number): void {
    this.lifecycle = lifecycle
    this.state = LOADING
    this.taken = taken
    this.since = now
    this.bornAt = now
    this.keptSince = NOT_YET
    this.isUnused = taken === 0
    this.isBesideLine = false
  }

  /** It worked for a moment while it was idle, and its window begins anew. */
  worked(end: number): void {
    this.since = end
    this.keptSince = end
    this.isUnused = false
  }

  /** Its accounts begin now; what it did before is not told. */
  beginAccounts(now: number): void {
    this.since = now
    this.isUnused = false
  }
}

/** What begins by the clock, in this order where it does at one time. */
export const ASK = 0
export const FLOOR = 1
export const PREWARM_LOAD = 2

/** What an app's windows had in store at some moment: enough to go on from in front of instances that are gone. */
export interface SavedWindows {
  /** When the app last went idle; where it was busy, the moment of saving. */
  readonly idleAt: number
  /** When its next instance is to be loaded; Infinity: when it is next invoked. */
  readonly loadAt: number
  /** Until when an instance of it is kept. */
  readonly keepUntil: number
  /** Both windows together, of the latest answer. */
  readonly windowMs: number
}

/** The two chains of instances with room that an app has. */
type RoomChain = 'busyWithRoom' | 'loadingWithRoom'

/**
 * The life of one app: its windows, its floor and the chains of its instances. It changes by its methods alone, and they keep
 * that no instance is ever due to go before the moment that decided it (`notBefore`): an answer that comes late, or a
 * floor that falls, unloads at once and not in the past. An object, not columns: an event touches most of it at once.
 */
export class AppLifecycle {
  /** The app's row in the trace and the ledger. */
  readonly app: number
  /** Whether every idle instance has an end of its own (`keepIdleMs` of the policy). */
  private readonly keepsEach: boolean
  /** Invocations that one instance serves at a time. */
  readonly concurrency: number
  /** Invocations running or waiting, and those of them that wait in the app's line. */
  outstanding = 0
  inLine = 0
  /** Whether a load was ever begun, and memory pressure took the latest instance to go, or the pre-warm to come. */
  wasLoaded = false
  wasEvicted = false
  /** Instances that load, are idle or work; those of them that load and that nobody waits for; those that are idle. */
  alive = 0
  private prewarming = 0
  private idle = 0
  /** When the app last went idle. */
  private idleAt = NOT_YET
  /** How long an idle instance stays, but for what `allGoAt` says: both windows together. */
  private windowMs = NOT_YET
  /** The latest moment at which something changed that instances go by. */
  private notBefore = NOT_YET
  /** When all idle instances go, whenever they became idle. */
  private allGoAt = NOT_YET
  /** When the pending pre-warm begins to load, and the keep-alive window that begins with it. */
  private prewarmAt = NEVER
  private prewarmKeepMs = 0.5
  /** The policy's minimum of instances, and when it is asked for it again. */
  floor = 0
  private floorAt = NEVER
  /** When the policy wants to be asked again. */
  private askAt = NEVER
  /** How long the last instance stays after the app went idle. */
  private lastMs = NOT_YET
  /** So many instances are held, whatever their windows say: by the floor, or as the app's last one. */
  private held = 0
  /** Ends of the chain of idle instances. */
  oldestIdle: Instance | null = null
  newestIdle: Instance | null = null
  /** The idle instance that goes first, where each has an end of its own. */
  private soonest: Instance | null = null
  /** First of the chains of busy instances with room, and of loading instances that an arrival may join. */
  busyWithRoom: Instance | null = null
  loadingWithRoom: Instance | null = null

  constructor(app: number, keepsEach: boolean, concurrency: number) {
    this.app = app
    this.keepsEach = keepsEach
    this.concurrency = concurrency
  }

  // What is due.

  /** When something is due next, be it that something begins or that an instance goes. */
  get dueAt(): number {
    const begin = this.beginAt
    if (this.oldestIdle === null) return begin
    const unload = this.unloadAt
    return begin < unload ? begin : unload
  }

  /** Whether something begins then; else {@link firstToGo} goes. */
  get beginsFirst(): boolean {
    return this.beginAt <= this.unloadAt
  }

  /** What begins then. */
  get nextBegin(): typeof ASK | typeof FLOOR | typeof PREWARM_LOAD {
    if (this.askAt <= this.floorAt && this.askAt <= this.prewarmAt) return ASK
    return this.floorAt <= this.prewarmAt ? FLOOR : PREWARM_LOAD
  }

  /** The idle instance that goes first by the clock. */
  get firstToGo(): Instance | null {
    return this.keepsEach ? this.soonest : this.oldestIdle
  }

  private get beginAt(): number {
    const first = this.prewarmAt < this.floorAt ? this.prewarmAt : this.floorAt
    return this.askAt < first ? this.askAt : first
  }

  private get unloadAt(): number {
    const first = this.firstToGo
    if (first === null) return NEVER
    let due = this.endOf(first)
    if (this.alive <= this.held) {
      if (this.alive <= this.floor) return NEVER
      due = Math.max(due, (this.idleAt < 0 ? first.keptSince : this.idleAt) + this.lastMs)
    }
    return due > this.notBefore ? due : this.notBefore
  }

  /** When an idle instance goes by its window, which may have passed. */
  endOf(instance: Instance): number {
    if (this.keepsEach) return instance.until
    return this.allGoAt < 0 ? instance.keptSince + this.windowMs : this.allGoAt
  }

  /**
   * Whether the app's newest idle instance, were it to work until `end`, would be its only one with room, and still the
   * newest idle one then: nothing begins before, and none of the others goes.
   */
  isUndisturbed(newest: Instance, end: number): boolean {
    if (this.busyWithRoom !== null || this.floorAt < end) return false
    return newest === this.oldestIdle || (this.allGoAt < 0 && this.unloadAt >= end)
  }

  // Arrivals.

  /** The idle time that an arrival ends; -1 where it ends none. */
  idleTime(now: number): number {
    return this.outstanding === 0 && this.idleAt >= 0 ? now - this.idleAt : -1
  }

  /** Why an arrival, which is counted as outstanding already, finds no instance that is loaded and has room. */
  get reason(): Reason {
    if (!this.wasLoaded && this.outstanding === 1) return 'first'
    if (this.outstanding > 1) return 'scaleOut'
    if (this.prewarmAt < NEVER || this.prewarming > 0) return 'early'
    return this.wasEvicted ? 'evicted' : 'expired'
  }

  /** Instances that work, or load for somebody. */
  get inUse(): number {
    return this.alive - this.idle - this.prewarming
  }

  /** An arrival ends what the windows still had in store: they begin anew at the next idle moment. */
  cancelWindows(now: number): void {
    this.prewarmAt = NEVER
    this.allGoAt = NOT_YET
    this.notBefore = now
  }

  // Windows.

  /** Whether the policy was ever asked for this app's windows. */
  get wasAsked(): boolean {
    return this.windowMs >= 0
  }

  /** The app's last running execution ended, or the last invocation that waited was dropped. */
  wentIdle(now: number): void {
    this.idleAt = now
  }

  /** What began no idle time: the last invocation was dropped while nothing was loaded. */
  wentWithout(): void {
    this.idleAt = NOT_YET
  }

  /** The policy's answer, by which idle instances stay from now on. */
  answered(now: number, { prewarmMs, keepAliveMs }: Windows): void {
    this.windowMs = prewarmMs + keepAliveMs
    this.notBefore = now
  }

  /** How long the last instance stays after the app went idle. */
  sparesLast(lastMs: number): void {
    this.lastMs = lastMs
    this.held = Math.max(1, this.floor)
  }

  /** All idle instances go now (or just the newest, where each has its own end), and one is loaded at the end of the window. */
  planPrewarm(now: number, { prewarmMs, keepAliveMs }: Windows): void {
    this.prewarmAt = now + prewarmMs
    this.prewarmKeepMs = keepAliveMs
    this.keepAllUntil(now, now)
  }

  /** All idle instances stay until `until` (or just the newest, where each has its own end), and those that become idle. */
  keepAllUntil(until: number, now: number): void {
    this.allGoAt = until
    this.notBefore = now
    if (this.keepsEach && this.newestIdle !== null) this.keepUntil(this.newestIdle, until)
  }

  /** The pre-warm that was planned begins, and its instance stays for its window. */
  beginPrewarm(now: number): void {
    this.prewarmAt = NEVER
    this.allGoAt = now + this.prewarmKeepMs
    this.notBefore = now
  }

  /** Whether the floor holds an instance, beside which no pre-warm is needed. */
  get isHeldByFloor(): boolean {
    return this.alive > 0 && this.alive <= this.floor
  }

  /** No pre-warm is pending any more. */
  dropPrewarm(): void {
    this.prewarmAt = NEVER
  }

  /** There was no room for a pre-warm. */
  missedPrewarm(now: number): void {
    this.allGoAt = NOT_YET
    this.notBefore = now
    this.wasEvicted = true
  }

  /** When all go that become idle now, as the latest answer has it; negative where it has nothing of that kind. */
  get commonEnd(): number {
    return this.allGoAt
  }

  /** An idle instance has an end of its own. */
  keepUntil(instance: Instance, until: number): void {
    instance.until = until
    if (instance === this.soonest) this.findSoonest()
    else if (this.soonest === null || until < this.soonest.until) this.soonest = instance
  }

  /** The end by the latest answer of an instance that becomes idle now. */
  ownEnd(now: number): number {
    return now + this.windowMs
  }

  // The floor, and being asked again.

  /** The policy is asked for its floor at that time. */
  askFloorAt(at: number): void {
    this.floorAt = at
  }

  /** Where an app has fewer instances than its floor, the policy is asked for it again at `at`, if not before. */
  askFloorIfShort(at: number): void {
    if (this.alive < this.floor && at < this.floorAt) this.floorAt = at
  }

  /** The policy wants to be asked at `at`; of several moments the earliest counts. */
  askAgainAt(at: number): void {
    if (at < this.askAt) this.askAt = at
  }

  /** When the policy wants to be asked next; Infinity: it does not. */
  get asksAt(): number {
    return this.askAt
  }

  /** The policy is asked that wanted to be. */
  asks(): void {
    this.askAt = NEVER
  }

  /** The minimum of instances is another from now on; says whether it rose. */
  setFloor(now: number, { instances, untilMs }: FloorAnswer): boolean {
    const rose = instances > this.floor
    this.floor = instances
    this.floorAt = untilMs
    this.held = this.lastMs < 0 ? instances : Math.max(1, instances)
    this.notBefore = now
    return rose
  }

  // Instances.

  /** An instance is loaded for `taken` arrivals; none means that it is pre-warmed. */
  begin(instance: Instance, now: number, taken: number, isJoinable: boolean): void {
    instance.begin(this, now, taken)
    this.wasLoaded = true
    this.alive += 1
    // One more than the floor holds may let another go.
    this.notBefore = now
    if (taken === 0) this.prewarming += 1
    if (isJoinable) this.chain('loadingWithRoom', instance)
  }

  /** An arrival joins the load of an instance, in whose chain it stays while it has room; says whether it is the first. */
  join(instance: Instance): boolean {
    const isFirst = instance.taken === 0
    if (isFirst) this.prewarming -= 1
    instance.taken += 1
    instance.isUnused = false
    if (instance.taken === this.concurrency) this.unchain('loadingWithRoom', instance)
    return isFirst
  }

  /** The load of an instance ended that may have been joined, and that somebody waits for. */
  work(instance: Instance, now: number, joins: boolean): void {
    if (joins && instance.taken < this.concurrency) this.unchain('loadingWithRoom', instance)
    instance.since = now
    instance.state = BUSY
    if (instance.taken < this.concurrency) this.chain('busyWithRoom', instance)
  }

  /** The load of an instance ended that may have been joined, and nobody waits for it. */
  rest(instance: Instance, now: number, joins: boolean): void {
    if (joins) this.unchain('loadingWithRoom', instance)
    this.prewarming -= 1
    this.becomeIdle(instance, now, true)
  }

  /** The load of an instance ended that nobody was promised, and the first in line takes it. */
  workForLine(instance: Instance, now: number, isJoinable: boolean): void {
    if (isJoinable) this.unchain('loadingWithRoom', instance)
    this.prewarming -= 1
    instance.isUnused = false
    instance.taken = 1
    instance.since = now
    instance.state = BUSY
    if (this.concurrency > 1) this.chain('busyWithRoom', instance)
  }

  /** An idle instance takes an arrival. */
  wake(instance: Instance, now: number): void {
    instance.since = now
    instance.state = BUSY
    instance.taken = 1
    instance.isUnused = false
    this.removeIdle(instance)
    if (this.concurrency > 1) this.chain('busyWithRoom', instance)
    this.cancelWindows(now)
  }

  /** A busy instance with room takes another arrival. */
  share(instance: Instance): void {
    instance.taken += 1
    if (instance.taken === this.concurrency) this.unchain('busyWithRoom', instance)
  }

  /** One of several executions on an instance ended. */
  unshare(instance: Instance): void {
    instance.taken -= 1
    if (instance.taken === this.concurrency - 1) this.chain('busyWithRoom', instance)
  }

  /** The only execution on an instance ended; its window begins anew, or goes on where windows do not renew. */
  rested(instance: Instance, now: number, renews: boolean): void {
    if (this.concurrency > 1) this.unchain('busyWithRoom', instance)
    instance.taken = 0
    this.becomeIdle(instance, now, renews)
  }

  /** An instance is gone: an idle one, or any at the end of the accounts. */
  gone(instance: Instance): void {
    if (instance.state === IDLE) this.removeIdle(instance)
    this.alive -= 1
  }

  // Saving.

  /** What to save of the app; undefined when it was never loaded. */
  save(now: number): SavedWindows | undefined {
    if (!this.wasLoaded) return undefined
    const { idleAt, prewarmAt, newestIdle, windowMs } = this
    if (this.outstanding > 0) return { idleAt: now, loadAt: NEVER, keepUntil: now, windowMs }
    if (prewarmAt < NEVER) return { idleAt, loadAt: prewarmAt, keepUntil: prewarmAt + this.prewarmKeepMs, windowMs }
    if (newestIdle === null && this.prewarming === 0) return { idleAt, loadAt: NEVER, keepUntil: now, windowMs }
    const own = newestIdle === null ? now + windowMs : this.endOf(newestIdle)
    return { idleAt, loadAt: now, keepUntil: this.allGoAt >= 0 ? this.allGoAt : own, windowMs }
  }

  /** Goes on from what was saved, at a time of which that knows nothing: what it still keeps is loaded again. */
  resume(saved: SavedWindows, now: number): void {
    this.wasLoaded = true
    // A clock that was set back meanwhile must not make idle times negative.
    this.idleAt = Math.min(saved.idleAt, now)
    this.windowMs = saved.windowMs
    if (saved.loadAt === NEVER || saved.keepUntil <= now) return
    this.prewarmAt = Math.max(saved.loadAt, now)
    this.prewarmKeepMs = saved.keepUntil - this.prewarmAt
    this.allGoAt = now
    this.notBefore = now
  }

  // Chains.

  private becomeIdle(instance: Instance, now: number, renews: boolean): void {
    instance.since = now
    instance.state = IDLE
    this.idle += 1
    this.notBefore = now
    if (renews || instance.keptSince < 0) {
      instance.keptSince = now
      this.appendIdle(instance)
    } else this.insertIdle(instance)
  }

  /** Appends an instance to its app's idle ones, which stand in the order in which their windows began. */
  private appendIdle(instance: Instance): void {
    const newest = this.newestIdle
    instance.previous = newest
    instance.next = null
    if (newest === null) this.oldestIdle = instance
    else newest.next = instance
    this.newestIdle = instance
  }

  /** Puts an instance whose window began long ago behind those whose windows began earlier. */
  private insertIdle(instance: Instance): void {
    let before = this.newestIdle
    while (before !== null && before.keptSince > instance.keptSince) before = before.previous
    if (before === this.newestIdle) return this.appendIdle(instance)
    const after = before === null ? this.oldestIdle! : before.next!
    instance.previous = before
    instance.next = after
    after.previous = instance
    if (before === null) this.oldestIdle = instance
    else before.next = instance
  }

  private removeIdle(instance: Instance): void {
    const { previous, next } = instance
    if (previous === null) this.oldestIdle = next
    else previous.next = next
    if (next === null) this.newestIdle = previous
    else next.previous = previous
    this.idle -= 1
    if (this.soonest === instance) this.findSoonest()
  }

  private findSoonest(): void {
    let soonest = this.oldestIdle
    for (let each = soonest; each !== null; each = each.next) if (each.until < soonest!.until) soonest = each
    this.soonest = soonest
  }

  /** Puts an instance in front of a chain. */
  private chain(which: RoomChain, instance: Instance): void {
    const second = this[which]
    instance.previous = null
    instance.next = second
    if (second !== null) second.previous = instance
    this[which] = instance
  }

  private unchain(which: RoomChain, instance: Instance): void {
    const { previous, next } = instance
    if (previous === null) this[which] = next
    else previous.next = next
    if (next !== null) next.previous = previous
  }
}
