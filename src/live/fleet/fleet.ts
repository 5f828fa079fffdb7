import { ARRIVE, type EngineOptions, FINISH, JOINED, REFUSED, UNLOAD, WARM } from '../../engine/contract.ts'
import { Engine } from '../../engine/engine.ts'
import type { Ledger, Reason } from '../../engine/ledger.ts'
import type { SavedWindows } from '../../engine/app-lifecycle.ts'
import type { Policy } from '../../policy/policy.ts'
import { Dues } from './app-timers.ts'
import { Room } from './memory-budget.ts'

/** Who carries out what the fleet orders: real instances, or a test's. Instances are numbers. */
export interface Orders<C> {
  /** Begin to start an instance of the app; tell the fleet's `ready` or `lost` in the end. */
  start(app: number, instance: number, now: number): void
  /** End an instance, which is idle. Its number may be used again at once. */
  stop(app: number, instance: number, now: number): void
  /** Have a call executed; tell the fleet's `ended` or `lost` in the end. */
  run(app: number, instance: number, call: C): void
  /** A timer of the app's windows was fired. It was due at `dueMs`; the clock said `now`. */
  fired?(app: number, rank: number, dueMs: number, now: number): void
}

/** How long after the loss of an instance that the app's floor needs another is started, in ms. */
const REFILL_MS = 1000

/** How an arrival was served. */
export interface Served {
  /** WARM, COLD, JOINED, or REFUSED where there is no room: then it was dropped. */
  readonly outcome: number
  /** Why it was cold or refused; undefined when it was not. */
  readonly reason?: Reason
  readonly instance: number
}

/** What the fleet knows of an instance. */
interface Place<C> {
  readonly app: number
  isReady: boolean
  readonly waiting: { readonly fn: number; readonly call: C }[]
  /** Functions of the executions that run. */
  readonly running: number[]
}

/** The engine's options, but with one concurrency an app, and the memory that instances share. */
export interface FleetOptions extends Omit<EngineOptions, 'concurrency'> {
  readonly concurrency: readonly number[]
  /** MB of an instance, an app; and of all instances together. */
  readonly memoryMb: readonly number[]
  readonly budgetMb: number
  /** When it begins to work: floors hold from then on. By default 0, the origin of its clock. */
  readonly sinceMs?: number
}

/**
 * The clockless core of the live adapter: facts in, orders out, nothing else. The engine, policy and ledger are those of
 * the simulator. Facts must come in the order of their times; at equal times ends of executions and starts go first.
 */
export class Fleet<C> {
  readonly ledger: Ledger
  private readonly orders: Orders<C>
  /** One engine for each concurrency, since an engine knows only one; they share the policy and the ledger. */
  private readonly engines: readonly Engine[]
  private readonly engineOf: readonly number[]
  private readonly places = new Map<number, Place<C>>()
  private readonly dues: Dues
  private readonly room: Room

  constructor(
    { concurrency, memoryMb, budgetMb, sinceMs = 0, ...options }: FleetOptions,
    policy: Policy,
    ledger: Ledger,
    orders: Orders<C>,
  ) {
    this.ledger = ledger
    this.orders = orders
    this.dues = new Dues(ledger.apps)
    this.room = new Room(memoryMb, budgetMb, (instance, now) => {
      const [engine, row] = this.whose(instance)
      engine.evict(row, now)
    })
    const kinds = [...new Set(concurrency)]
    this.engineOf = concurrency.map((each) => kinds.indexOf(each))
    this.engines = kinds.map((each, engine) => {
      const number = (row: number): number => row * kinds.length + engine
      return new Engine({ ...options, concurrency: each }, policy, ledger, {
        admit: (app, _row, now, evicts) => this.room.admit(app, now, evicts),
        asked: (app) => this.schedule(app),
        load: (app, row, now) => this.load(app, number(row), now),
        unload: (app, row, _bornAt, now) => this.unload(app, number(row), now),
        idleness: {
          idle: (app, row) => this.room.idle(app, number(row)),
          wake: (_app, row) => this.room.wake(number(row)),
        },
      })
    })
    // Floors hold from the beginning, before any app is invoked.
    if (policy.floor === undefined) return
    for (const app of concurrency.keys()) {
      this.engines[this.engineOf[app]!]!.askFloorAt(app, sinceMs)
      this.schedule(app)
    }
  }

  /** When something is due, at the earliest; Infinity when nothing is. */
  get nextDue(): number {
    return this.dues.nextTime
  }

  /** An invocation of function `fn` arrived. */
  arrive(app: number, fn: number, now: number, call: C): Served {
    this.advance(now, ARRIVE)
    const engine = this.engines[this.engineOf[app]!]!
    const row = engine.arrive(app, now, fn, 1)
    const { outcome, reason } = engine
    const instance = row * this.engines.length + this.engineOf[app]!
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
  }

  /** An execution of function `fn` on the instance ended, well or not. */
  ended(instance: number, fn: number, now: number): void {
    this.advance(now, FINISH)
    const place = this.places.get(instance)!
    place.running.splice(place.running.indexOf(fn), 1)
    const [engine, row] = this.whose(instance)
    engine.finished(row, now, fn)
    this.schedule(place.app)
  }

  /** An instance failed to start, or is gone, and all that ran on it with it. Gives the calls that it never ran. */
  lost(instance: number, now: number): readonly C[] {
    const place = this.places.get(instance)!
    this.advance(now, FINISH)
    // Its window had ended before; the number may be another one's by now.
    if (this.places.get(instance) !== place) return []
    const [engine, row] = this.whose(instance)
    if (!place.isReady) engine.loaded(row, now)
    for (const fn of [...place.running, ...place.waiting.map(({ fn }) => fn)]) engine.finished(row, now, fn)
    engine.lost(row, now)
    engine.askFloorIfShort(place.app, now + REFILL_MS)
    this.schedule(place.app)
    return place.waiting.map(({ call }) => call)
  }

  /** Lets happen what is due up to `now`; at `now` itself what ranks up to `rank`. */
  advance(now: number, rank: number = UNLOAD): void {
    const { dues } = this
    for (;;) {
      const dueMs = dues.nextTime
      if (dueMs > now || dueMs === Infinity) return
      const dueRank = dues.nextRank
      if (dueMs === now && dueRank > rank) return
      const app = dues.take()
      if (app < 0) continue
      const engine = this.engines[this.engineOf[app]!]!
      if (engine.dueAt(app) === dueMs && engine.dueRank(app) === dueRank) {
        engine.fire(app, dueMs)
        this.orders.fired?.(app, dueRank, dueMs, now)
      }
      this.schedule(app)
    }
  }

  /** What the windows of an app have in store; undefined when it was never loaded. */
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
    for (const engine of this.engines) engine.close(now)
    return waiting
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

  private run(instance: number, place: Place<C>, fn: number, call: C): void {
    place.running.push(fn)
    this.orders.run(place.app, instance, call)
  }

  private schedule(app: number): void {
    const engine = this.engines[this.engineOf[app]!]!
    this.dues.schedule(app, engine.dueAt(app), engine.dueRank(app))
  }

  private whose(instance: number): readonly [Engine, row: number] {
    const count = this.engines.length
    return [this.engines[instance % count]!, Math.floor(instance / count)]
  }
}
