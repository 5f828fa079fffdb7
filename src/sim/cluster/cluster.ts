import { grown } from '../../core/column.ts'
import type { Idleness } from '../../engine/outcomes.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ClusterModel } from '../model.ts'
import type { EvictionFacts, IdlePool } from './idle-pool.ts'
import { pooledPlacement } from './memory-pools.ts'
import { demandRoomForAll, emptyNodes, ONE_POOL } from './node-table.ts'
import { type NodeTable, NOWHERE, type Placement } from './placement.ts'
import { RankedPool } from './ranked-pool.ts'
import { RankTable } from './rank-table.ts'
import type { Places } from '../cooling.ts'
import { evictionOf, placementOf } from './rules.ts'
import { dividingMb, instanceUnits } from './memory-units.ts'

/** What a cluster must know of the apps, and whom it tells to evict. */
export interface ClusterFacts extends Omit<EvictionFacts, 'ranked' | 'busy'> {
  evict(instance: number, now: number): void
}

/** The cluster of a model. Throws a UserError for a model that cannot be, or an app that fits no node. */
export function openCluster(trace: Trace, model: ClusterModel, facts: ClusterFacts): Cluster {
  const pools = model.pools ?? ONE_POOL
  const nodes = emptyNodes(model.nodes, pools)
  demandRoomForAll(trace, facts.memoryMb, nodes, pools)
  const placement = placementOf(model)
  const order = evictionOf(model)
  const busy = new Uint32Array(trace.apps.count)
  // An instance is on one node at a time, so the pools of all nodes share their columns.
  const ranks = new RankTable()
  const ranked: EvictionFacts['ranked'] = (ranking) => new RankedPool(ranking, ranks)
  const orderFacts = { ...facts, memoryMb: facts.memoryMb.map(dividingMb), busy, ranked }
  return new Cluster(facts, {
    nodes,
    busy,
    placement: pooledPlacement(placement, { nodes, names: trace.apps.name, seed: facts.seed }, facts.memoryMb, pools),
    pools: Array.from({ length: nodes.count }, (_, node) => order.pool(orderFacts, node)),
  })
}

interface ClusterParts {
  readonly nodes: NodeTable
  /** Per app: its instances that load or work. */
  readonly busy: Uint32Array
  readonly placement: Placement
  /** One per node. */
  readonly pools: readonly IdlePool[]
}

/**
 * The nodes of a cluster: which instance is on which, which of them are idle, and who goes when a load needs room. No node
 * ever holds more than its memory. Instances and apps are numbers. Hot: measured by bench/cluster.ts.
 */
export class Cluster implements Idleness {
  readonly nodes: NodeTable
  private readonly placement: Placement
  private readonly pools: readonly IdlePool[]
  private readonly units: Float64Array
  private readonly uses: Float64Array
  private readonly busy: Uint32Array
  private readonly evict: (instance: number, now: number) => void
  /** Instances of each app. */
  private readonly residents: Uint32Array
  /** Per instance: twice its node, and one more while it is idle. */
  private place = new Int32Array(64)

  constructor({ memoryMb, uses, evict }: ClusterFacts, { nodes, busy, placement, pools }: ClusterParts) {
    this.nodes = nodes
    this.placement = placement
    this.pools = pools
    this.units = memoryMb.map(instanceUnits)
    this.uses = uses
    this.busy = busy
    this.evict = evict
    this.residents = new Uint32Array(memoryMb.length)
  }

  /** Where instances are, also those that have just been unloaded. */
  get places(): Places {
    const { nodes } = this
    return {
      count: nodes.count,
      nodeOf: (instance) => this.place[instance]! >> 1,
      free: (node) => nodes.free[node]!,
    }
  }

  /**
   * Whether there is room for an instance of the app on a node, evicting no more than it takes, and nobody that is
   * `spared`; or nobody at all.
   */
  admit(app: number, instance: number, now: number, evicts = true, spared?: ReadonlySet<number>): boolean {
    const units = this.units[app]!
    if (spared !== undefined) for (const idle of spared) this.nodes.idle[this.place[idle]! >> 1]! -= units
    const node = this.placement.choose(app, units, evicts)
    if (spared !== undefined) for (const idle of spared) this.nodes.idle[this.place[idle]! >> 1]! += units
    if (node === NOWHERE) return false
    const { free } = this.nodes
    while (free[node]! < units) this.evict(this.pools[node]!.victim(spared), now)
    free[node]! -= units
    if (instance >= this.place.length) this.grow(instance)
    this.place[instance] = 2 * node
    this.residents[app]! += 1
    this.busy[app]! += 1
    return true
  }

  /** The app's instances take so many invocations. */
  use(app: number, count: number): void {
    this.uses[app]! += count
  }

  idle(app: number, instance: number, now: number, until: number): void {
    const node = this.place[instance]! >> 1
    this.place[instance] = 2 * node + 1
    this.nodes.idle[node]! += this.units[app]!
    this.busy[app]! -= 1
    this.pools[node]!.add(instance, app, now, until)
  }

  wake(app: number, instance: number): void {
    const node = this.place[instance]! >> 1
    this.place[instance] = 2 * node
    this.nodes.idle[node]! -= this.units[app]!
    this.busy[app]! += 1
    this.pools[node]!.remove(instance)
  }

  /** An instance was unloaded, idle or not. */
  unload(app: number, instance: number): void {
    const place = this.place[instance]!
    if (place % 2 === 1) this.wake(app, instance)
    const node = place >> 1
    this.nodes.free[node]! += this.units[app]!
    this.pools[node]!.forget(instance)
    this.residents[app]! -= 1
    this.busy[app]! -= 1
    if (this.residents[app] === 0) this.uses[app] = 0
  }

  private grow(instance: number): void {
    this.place = grown(this.place, 2 * instance)
  }
}
