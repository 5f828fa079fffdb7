import { RankedPool } from '../../../src/sim/cluster/ranked-pool.ts'
import { RankTable } from '../../../src/sim/cluster/rank-table.ts'
import { Cluster } from '../../../src/sim/cluster/cluster.ts'
import { emptyNodes } from '../../../src/sim/cluster/node-table.ts'
import { NOWHERE, type NodeTable } from '../../../src/sim/cluster/placement.ts'
import { dividingMb } from '../../../src/sim/cluster/memory-units.ts'
import type { EvictionFacts } from '../../../src/sim/cluster/idle-pool.ts'
import { evictionOf, placementOf } from '../../../src/sim/cluster/rules.ts'
import { CLUSTER_MODEL, type ClusterModel } from '../../../src/sim/model.ts'
import type { Apps } from './cluster-scenario.ts'

interface Piece {
  readonly app: number
  readonly node: number
  isIdle: boolean
}

/** A cluster without clock or engine: a test loads, uses and rests instances on it as on a board. */
export class Board {
  /** The apps whose instances were evicted, in that order. */
  readonly evicted: string[] = []
  /** The number of each app's next arrival, for orders that know. */
  readonly nextUse: Float64Array
  readonly nodes: NodeTable
  private readonly names: readonly string[]
  private readonly cluster: Cluster
  private readonly pieces: (Piece | null)[] = []
  private chosen = NOWHERE

  constructor(apps: Apps, options: Partial<ClusterModel> & Pick<ClusterModel, 'nodes'>, seed = 1) {
    const model = { ...CLUSTER_MODEL, ...options }
    this.names = Object.keys(apps)
    this.nodes = emptyNodes(model.nodes)
    this.nextUse = new Float64Array(this.names.length)
    const { nodes, names } = this
    const ranks = new RankTable()
    const ranked: EvictionFacts['ranked'] = (ranking) => new RankedPool(ranking, ranks)
    const facts = {
      memoryMb: Float64Array.from(Object.values(apps), ([memoryMb]) => memoryMb),
      loadingMs: Float64Array.from(Object.values(apps), ([, coldStartMs = 0]) => coldStartMs),
      uses: new Float64Array(names.length),
      busy: new Uint32Array(names.length),
      nextUse: (app: number) => this.nextUse[app]!,
      ranked,
      seed,
      evict: (instance: number) => this.evict(instance),
    }
    const rule = placementOf(model).create({ nodes, names: { at: (app) => names[app]! }, seed })
    const order = evictionOf(model)
    const orderFacts = { ...facts, memoryMb: facts.memoryMb.map(dividingMb) }
    this.cluster = new Cluster(facts, {
      nodes,
      busy: facts.busy,
      placement: { choose: (app, units, evicts) => (this.chosen = rule.choose(app, units, evicts)) },
      pools: Array.from({ length: nodes.count }, (_, node) => order.pool(orderFacts, node)),
    })
  }

  /** Loads an instance of the app for work; gives its node, or NOWHERE. */
  load(name: string, now = 0): number {
    const app = this.names.indexOf(name)
    const vacant = this.pieces.indexOf(null)
    const instance = vacant === -1 ? this.pieces.length : vacant
    if (!this.cluster.admit(app, instance, now)) return NOWHERE
    this.pieces[instance] = { app, node: this.chosen, isIdle: false }
    this.cluster.use(app, 1)
    return this.chosen
  }

  /** A working instance of the app becomes idle, on that node if one is given. */
  rest(name: string, now = 0, until = Number.POSITIVE_INFINITY, node?: number): void {
    const instance = this.find(name, false, node)
    this.pieces[instance]!.isIdle = true
    this.cluster.idle(this.names.indexOf(name), instance, now, until)
  }

  /** An idle instance of the app takes an invocation. */
  wake(name: string): void {
    const app = this.names.indexOf(name)
    const instance = this.find(name, true)
    this.pieces[instance]!.isIdle = false
    this.cluster.wake(app, instance)
    this.cluster.use(app, 1)
  }

  /** An app is loaded, works and rests, all at that time. */
  run(name: string, now: number, until?: number): void {
    this.load(name, now)
    this.rest(name, now, until)
  }

  /** An idle instance of the app works and rests, all at that time. */
  touch(name: string, now: number): void {
    this.wake(name)
    this.rest(name, now)
  }

  private find(name: string, isIdle: boolean, node?: number): number {
    const app = this.names.indexOf(name)
    const found = this.pieces.findIndex(
      (piece) => piece?.app === app && piece.isIdle === isIdle && (node ?? piece.node) === piece.node,
    )
    if (found === -1) throw new Error(`no instance of ${name} is ${isIdle ? 'idle' : 'at work'}`)
    return found
  }

  private evict(instance: number): void {
    const { app } = this.pieces[instance]!
    this.evicted.push(this.names[app]!)
    this.cluster.unload(app, instance)
    this.pieces[instance] = null
  }
}
