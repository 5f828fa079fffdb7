import type { Timers } from '../../core/timers.ts'
import { type Evicts, REFUSED } from '../../engine/outcomes.ts'
import type { Engine } from '../../engine/engine.ts'
import { chargedMemory } from '../charged-memory.ts'
import { loadingTimes } from '../loading-times.ts'
import type { ClusterModel } from '../model.ts'
import { type Memory, type TimedWorld, World, type WorldParts } from '../world.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { futureFor } from './future.ts'
import { Overflow } from './overflow.ts'
import { Shortfall } from './shortfall.ts'
import type { LineEntry } from './waiting-line.ts'

/** A world on nodes of limited memory: loads need room, idle instances are evicted for it, and who finds none waits or drops. */
export class ClusterWorld implements TimedWorld {
  readonly engine: Engine
  readonly timers: Timers
  readonly cluster: Cluster
  private readonly world: World
  private readonly horizonMs: number
  private readonly hasFloors: boolean
  private readonly overflow: Overflow
  private readonly shortfall: Shortfall
  /** The next arrival in time order comes. */
  private readonly advance: (app: number) => void

  constructor(parts: WorldParts<ClusterModel>, timers: Timers) {
    const { trace, model, policy, seed } = parts
    const future = futureFor(trace, model, seed)
    this.advance = future === null ? () => {} : (app) => future.advance(app)
    this.horizonMs = trace.horizonMs
    this.hasFloors = policy.floor !== undefined
    this.timers = timers
    this.cluster = openCluster(trace, model, {
      memoryMb: chargedMemory(trace, model),
      loadingMs: loadingTimes(trace, model, seed),
      uses: new Float64Array(trace.apps.count),
      nextUse: (app, instances) => future!.nextUse(app, instances),
      seed,
      evict: this.hasFloors
        ? (instance, now) => this.evictNoted(instance, now)
        : (instance, now) => this.engine.evict(instance, now),
    })
    this.world = new World(parts, timers, this.hasFloors ? this.memoryWithFloors() : this.memory())
    this.engine = this.world.engine
    this.overflow = new Overflow(model, this.engine, parts.ledger)
    this.shortfall = new Shortfall(this.engine)
  }

  set onAsked(hear: ((app: number) => void) | undefined) {
    this.world.onAsked = hear
  }

  /** An arrival may find no room, and must not overtake others of its app. */
  arrive(app: number, now: number, fn: number, count: number, durationMs: number): void {
    const { engine, overflow } = this
    this.advance(app)
    let instance = -1
    if (!overflow.isEmpty && overflow.mustWait(app)) engine.defer(app, now, fn, count)
    else instance = engine.arrive(app, now, fn, count)
    if (engine.outcome === REFUSED) {
      overflow.take({ app, fn, count, durationMs, since: now, reason: engine.reason })
    } else {
      if (instance >= 0) this.cluster.use(app, count)
      this.world.start(app, instance, now, fn, count, durationMs, now)
    }
    // A load may have evicted more than it took, and a floor of another app misses an instance.
    if (this.hasFloors) this.serveWaiting(now)
  }

  happen(): number {
    return this.world.happen()
  }

  fire(app: number, now: number): void {
    this.engine.fire(app, now)
    if (this.hasFloors) this.shortfall.settle(app)
  }

  get limitAt(): number {
    return this.overflow.limitAt
  }

  dropFirst(now: number): number {
    return this.overflow.dropFirst(now)
  }

  /** Serves those who wait for room, then apps that miss some of their floor. */
  serveWaiting(now: number): void {
    const { overflow } = this
    if (!overflow.isEmpty) overflow.serve(now, this.startWaiting)
    if (this.hasFloors && overflow.isEmpty) this.shortfall.refill(now)
  }

  cross(now: number, fromApp: number, toApp: number): number {
    return this.world.cross(now, fromApp, toApp)
  }

  close(): void {
    this.overflow.close(this.horizonMs)
    this.world.close()
  }

  private memory(): Memory {
    const { cluster } = this
    return {
      idleness: cluster,
      places: cluster.places,
      admit: (app, instance, now, evicts) =>
        this.overflow.mayLoad && cluster.admit(app, instance, now, evicts !== 'nobody at the start'),
      unload: (app, instance) => cluster.unload(app, instance),
      use: (app, count) => cluster.use(app, count),
    }
  }

  private memoryWithFloors(): Memory {
    const { cluster } = this
    return {
      idleness: cluster,
      places: cluster.places,
      admit: (app, instance, now, evicts) => {
        if (this.overflow.mayLoad && this.admit(app, instance, now, evicts)) return true
        this.shortfall.note(app)
        return false
      },
      begin: (app) => this.shortfall.settle(app),
      unload: (app, instance) => {
        cluster.unload(app, instance)
        this.shortfall.madeRoom()
      },
      use: (app, count) => cluster.use(app, count),
    }
  }

  private admit(app: number, instance: number, now: number, evicts: Evicts): boolean {
    const { cluster } = this
    if (evicts === 'anybody') return cluster.admit(app, instance, now)
    if (evicts === 'other apps') return cluster.admit(app, instance, now, true, this.idleOf(app))
    if (evicts === 'nobody at the start') return cluster.admit(app, instance, now, false)
    // Who misses some of a floor waits for its turn.
    return this.shortfall.isRefilling && cluster.admit(app, instance, now, false)
  }

  /** The idle instances of an app. */
  private idleOf(app: number): ReadonlySet<number> {
    const idle = new Set<number>()
    for (let each = this.engine.apps[app]!.oldestIdle; each !== null; each = each.next) idle.add(each.number)
    return idle
  }

  private evictNoted(instance: number, now: number): void {
    const app = this.engine.appOf(instance)
    this.engine.evict(instance, now)
    this.shortfall.note(app)
  }

  private readonly startWaiting = (entry: LineEntry, instance: number, now: number): void => {
    const { app, fn, count, durationMs, since } = entry
    this.cluster.use(app, count)
    this.world.start(app, instance, now, fn, count, durationMs, since)
  }
}
