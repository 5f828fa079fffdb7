import { ARRIVE, COLD, type EngineOptions, FINISH, JOINED, REFUSED, UNLOAD, WARM } from '../../engine/outcomes.ts'
import { Engine } from '../../engine/engine.ts'
import type { Ledger, Reason } from '../../engine/ledger.ts'
import type { SavedWindows } from '../../engine/app-lifecycle.ts'
import type { Policy } from '../../policy/policy.ts'
import { AppTimers } from './app-timers.ts'
import { MemoryBudget } from './memory-budget.ts'
import { CallLine } from './call-line.ts'

/** Who carries out what the fleet orders: real instances, or a test's. Instances are numbers. */
export interface Orders<C> {
  /** Begin to start an instance of the app; tell the fleet's `ready` or `lost` in the end. */
  start(app: number, instance: number, now: number): void
  /** End an instance, which is idle. Its number may be used again at once. */
  stop(app: number, instance: number, now: number): void
  /** Have a call executed; tell the fleet's `ended` or `lost` in the end. */
  run(app: number, instance: number, call: C): void
  /** A call that waited for room will be served now. Reported before it runs. */
  served?(call: C, served: Served): void
  /** A call that waited for room has waited for too long, and is dropped. */
  dropped?(call: C): void
  /** A timer of the app's windows was fired. It was due at `dueMs`; the clock said `now`. */
  fired?(app: number, rank: number, dueMs: number, now: number): void
}

/** How long after the loss of an instance that the app's floor needs another is started, in ms. */
const REFILL_MS = 1000

/** Different concurrencies of apps, at most: numbers of instances are made of a row and of which one it is. */
const MOST_KINDS = 16_384

/** How an arrival is served. */
export interface Served {
  /** WARM, COLD, JOINED, or REFUSED where there is no room: then it waits for some, or was dropped. */
  readonly outcome: number
  /** Whether it waits for room. */
  readonly waits?: true
  /** Why it was cold or refused; undefined when it was not. */
  readonly reason?: Reason
  readonly instance: number
}

/** What the fleet knows of an instance. */
interface FleetInstance<C> {
  readonly app: number
  isReady: boolean
  readonly waiting: { readonly fn: number; readonly call: C }[]
  /** Functions of the executions that run. */
  readonly running: number[]
}

/** The engine's options, but with one concurrency per app, and the memory that instances share. */
export interface FleetOptions extends Omit<EngineOptions, 'concurrency'> {
  readonly concurrency: readonly number[]
  /** MB of an instance, per app; and of all instances together. */
  readonly memoryMb: readonly number[]
  readonly budgetMb: number
  /** Calls that wait for room at most, and for how long, in ms; by default none waits. */
  readonly mostWaiting?: number
  readonly waitMs?: number
  /** When it begins to work: floors hold from then on. By default 0, the origin of its clock. */
  readonly sinceMs?: number
}

/**
 * The core of the live adapter, without a clock: it takes facts and gives orders. The engine, policy and ledger are those of
 * the simulator. Facts must come in the order of their times; at equal times ends of executions and starts go first.
 */
export class Fleet<C> {
  readonly ledger: Ledger
  private readonly orders: Orders<C>
  /** One engine for each concurrency, since an engine knows only one; they share the policy and the ledger. */
  private readonly engines: Engine[] = []
  private readonly kinds: number[] = []
  private readonly engineOf: number[] = []
  /** Apps that are gone: nothing of theirs is loaded any more. */
  private readonly retired = new Set<number>()
  private readonly memoryMb: number[]
  private readonly make: (concurrency: number) => Engine
  private readonly places = new Map<number, FleetInstance<C>>()
  private readonly timers: AppTimers
  private readonly room: MemoryBudget
  private readonly line = new CallLine<C>()
  private readonly mostWaiting: number
  private readonly waitMs: number
  private isServingLine = false
  /** The time of the latest fact. An engine knows only when its own policy was asked last. */
  private now: number
  private readonly hasFloors: boolean

  constructor(
    { concurrency, memoryMb, budgetMb, sinceMs = 0, mostWaiting = 0, waitMs = 0, ...options }: FleetOptions,
    policy: Policy,
    ledger: Ledger,
    orders: Orders<C>,
  ) {
    this.ledger = ledger
    this.orders = orders
    this.now = sinceMs
    this.timers = new AppTimers(ledger.apps)
    this.mostWaiting = waitMs > 0 ? mostWaiting : 0
    this.waitMs = waitMs
    this.memoryMb = [...memoryMb]
    this.room = new MemoryBudget(this.memoryMb, budgetMb, (instance, now) => {
      const [engine, row] = this.whose(instance)
      engine.evict(row, now)
    })
    this.make = (each) => {
      const engine = this.engines.length
      const number = (row: number): number => row * MOST_KINDS + engine
      return new Engine({ ...options, concurrency: each }, policy, ledger, {
        // No call overtakes those that wait for room.
        admit: (app, _row, now, evicts) => this.mayLoad(app) && this.room.admit(app, now, evicts),
        asked: (app) => this.schedule(app),
        load: (app, row, now) => this.load(app, number(row), now),
        unload: (app, row, _bornAt, now) => this.unload(app, number(row), now),
        idleness: {
          idle: (app, row) => this.room.idle(app, number(row)),
          wake: (_app, row) => this.room.wake(number(row)),
        },
      })
    }
    this.hasFloors = policy.floor !== undefined
    for (const [app, each] of concurrency.entries()) this.place(app, each, sinceMs)
  }

  /** A spare row has an app from now on. */
  enter(app: number, concurrency: number, memoryMb: number, now: number): void {
    this.memoryMb[app] = memoryMb
    this.place(app, concurrency, now)
  }

  /** An app is gone: its idle instances end now, those that work once they are idle, and none is loaded any more. */
  retire(app: number, now: number): void {
    this.advance(now)
    this.retired.add(app)
    for (const [instance, place] of this.places) if (place.app === app) this.letGo(instance, place, now)
  }

  /** When something is due, at the earliest; Infinity when nothing is. */
  get nextDue(): number {
    const { line, timers } = this
    return line.size === 0 ? timers.nextTime : Math.min(timers.nextTime, line.first.since + this.waitMs)
  }

  /** Calls that wait for room now. */
  get waiting(): number {
    return this.line.size
  }

  /** An invocation of function `fn` arrived. */
  arrive(app: number, fn: number, now: number, call: C): Served {
    this.advance(now, ARRIVE)
    const engine = this.engines[this.engineOf[app]!]!
    let row = -1
    if (this.line.of(app) > 0) engine.defer(app, now, fn, 1)
    else row = engine.arrive(app, now, fn, 1)
    const { outcome, reason } = engine
    const instance = row * MOST_KINDS + this.engineOf[app]!
    if (outcome === REFUSED && this.line.size < this.mostWaiting) {
      this.line.add({ app, fn, call, since: now, reason })
      this.schedule(app)
      return { outcome, instance, reason, waits: true }
    }
    if (outcome === REFUSED) engine.drop(app, now, 1)
    else this.begin(instance, fn, call)
    this.schedule(app)
    return outcome === WARM || outcome === JOINED ? { outcome, instance } : { outcome, instance, reason }
  }

  /** An instance that was ordered can take calls. */
  ready(instance: number, now: number): void {
    this.advance(now, FINISH)
    const place = this.places.get(instance)!
    place.isReady = true
    const [engine, row] = this.whose(instance)
    engine.loaded(row, now)
    for (const { fn, call } of place.waiting.splice(0)) this.run(instance, place, fn, call)
    this.schedule(place.app)
    if (this.retired.has(place.app)) this.letGo(instance, place, now)
    this.serveLine(now)
  }

  /** An execution of function `fn` on the instance ended, well or not. */
  ended(instance: number, fn: number, now: number): void {
    this.advance(now, FINISH)
    const place = this.places.get(instance)!
    place.running.splice(place.running.indexOf(fn), 1)
    const [engine, row] = this.whose(instance)
    engine.finished(row, now, fn)
    this.schedule(place.app)
    if (this.retired.has(place.app)) this.letGo(instance, place, now)
    this.serveLine(now)
  }

  /** An instance failed to start, or is gone, and all that ran on it with it. Gives the calls that it never ran. */
  lost(instance: number, now: number): readonly C[] {
    const place = this.places.get(instance)!
    this.advance(now, FINISH)
    // Its window had ended before. Its number may now be another instance's.
    if (this.places.get(instance) !== place) return []
    const [engine, row] = this.whose(instance)
    if (!place.isReady) engine.loaded(row, now)
    for (const fn of [...place.running, ...place.waiting.map(({ fn }) => fn)]) engine.finished(row, now, fn)
    engine.lost(row, now)
    engine.askFloorIfShort(place.app, now + REFILL_MS)
    this.schedule(place.app)
    this.serveLine(now)
    return place.waiting.map(({ call }) => call)
  }

  /** Lets happen what is due up to `now`; at `now` itself what ranks up to `rank`. */
  advance(now: number, rank: number = UNLOAD): void {
    const { timers } = this
    for (;;) {
      const dueMs = timers.nextTime
      this.now = Math.max(this.now, Math.min(now, dueMs))
      this.dropLate(Math.min(now, dueMs))
      if (dueMs > now || dueMs === Infinity) return
      const dueRank = timers.nextRank
      if (dueMs === now && dueRank > rank) return
      const app = timers.take()
      if (app < 0) continue
      const engine = this.engines[this.engineOf[app]!]!
      if (engine.dueAt(app) === dueMs && engine.dueRank(app) === dueRank) {
        engine.fire(app, dueMs)
        this.orders.fired?.(app, dueRank, dueMs, now)
      }
      this.schedule(app)
      this.serveLine(dueMs)
    }
  }

  /** The policy wants to be asked again of an app at `at`, see PolicyContext. Throws {@link BadAnswer} for what is none. */
  askAgain(app: number, at: number): void {
    const kind = this.engineOf[app]
    // A spare row, for an app that may come later: it has no floor to ask for yet.
    if (kind === undefined && Number.isInteger(app) && app >= 0 && app < this.ledger.apps) return
    this.engines[kind ?? 0]?.askAgain(app, at, this.now)
  }

  /** When the policy wants to be asked again of an app; Infinity: it does not. */
  asksAt(app: number): number {
    return this.engines[this.engineOf[app]!]!.apps[app]!.asksAt
  }

  /** The windows of an app as they stand; undefined when it was never loaded. */
  save(app: number, now: number): SavedWindows | undefined {
    return this.engines[this.engineOf[app]!]!.apps[app]!.save(now)
  }

  /** Goes on from saved windows, before any other fact of the app. */
  resume(app: number, saved: SavedWindows, now: number): void {
    this.engines[this.engineOf[app]!]!.apps[app]!.resume(saved, now)
    this.schedule(app)
  }

  /** Ends the accounts: orders every instance to end. Gives the calls that never ran. Nothing may be told after it. */
  close(now: number): readonly C[] {
    const waiting = [...this.places.values()].flatMap((place) => place.waiting.map(({ call }) => call))
    while (this.line.size > 0) waiting.push(this.dropFirst(now))
    for (const engine of this.engines) engine.close(now)
    return waiting
  }

  /** Serves those at the head of the line for whom there is room by now; strictly in the order in which they came. */
  private serveLine(now: number): void {
    const { line } = this
    if (this.isServingLine) return
    this.isServingLine = true
    while (line.size > 0) {
      const { app, fn, call, since, reason } = line.first
      const engine = this.engines[this.engineOf[app]!]!
      const row = engine.serve(app, now, reason)
      const { outcome } = engine
      if (outcome === REFUSED) break
      line.shift()
      this.wait(app, now - since)
      const instance = row * MOST_KINDS + this.engineOf[app]!
      this.orders.served?.(call, outcome === COLD ? { outcome, instance, reason } : { outcome, instance })
      this.begin(instance, fn, call)
      this.schedule(app)
    }
    this.isServingLine = false
  }

  /** Drops those who have waited for too long at `now`. */
  private dropLate(now: number): void {
    const { line } = this
    while (line.size > 0 && line.first.since + this.waitMs <= now) {
      this.orders.dropped?.(this.dropFirst(line.first.since + this.waitMs))
    }
  }

  private dropFirst(now: number): C {
    const { app, call, since } = this.line.shift()
    this.wait(app, now - since)
    this.engines[this.engineOf[app]!]!.drop(app, now, 1)
    this.schedule(app)
    return call
  }

  private wait(app: number, ms: number): void {
    this.ledger.waits[app]! += 1
    this.ledger.waitingMs[app]! += ms
  }

  /** Gives an app its engine; its floor holds from then on, before it is invoked. */
  private place(app: number, concurrency: number, now: number): void {
    let kind = this.kinds.indexOf(concurrency)
    if (kind < 0) {
      kind = this.kinds.push(concurrency) - 1
      this.engines.push(this.make(concurrency))
    }
    this.engineOf[app] = kind
    if (!this.hasFloors) return
    this.engines[kind]!.askFloorAt(app, now)
    this.schedule(app)
  }

  private mayLoad(app: number): boolean {
    return !this.retired.has(app) && (this.line.size === 0 || this.isServingLine)
  }

  /** Ends an instance of an app that is gone, once it is idle. */
  private letGo(instance: number, { app, isReady, running, waiting }: FleetInstance<C>, now: number): void {
    if (!isReady || running.length > 0 || waiting.length > 0) return
    const [engine, row] = this.whose(instance)
    engine.lost(row, now)
    this.schedule(app)
  }

  private load(app: number, instance: number, now: number): void {
    this.places.set(instance, { app, isReady: false, waiting: [], running: [] })
    this.orders.start(app, instance, now)
  }

  private unload(app: number, instance: number, now: number): void {
    this.places.delete(instance)
    this.room.leave(app, instance)
    this.orders.stop(app, instance, now)
  }

  private begin(instance: number, fn: number, call: C): void {
    const place = this.places.get(instance)!
    if (place.isReady) this.run(instance, place, fn, call)
    else place.waiting.push({ fn, call })
  }

  private run(instance: number, place: FleetInstance<C>, fn: number, call: C): void {
    place.running.push(fn)
    this.orders.run(place.app, instance, call)
  }

  private schedule(app: number): void {
    const engine = this.engines[this.engineOf[app]!]!
    this.timers.schedule(app, engine.dueAt(app), engine.dueRank(app))
  }

  private whose(instance: number): readonly [Engine, row: number] {
    return [this.engines[instance % MOST_KINDS]!, Math.floor(instance / MOST_KINDS)]
  }
}
