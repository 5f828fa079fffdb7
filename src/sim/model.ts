import type { EngineOptions } from '../engine/outcomes.ts'
import type { MemoryPool, Stage, WorldChoice } from '../policy/policy.ts'
import { MINUTE_SPREADS } from '../trace/arrivals/spread.ts'
import type { EvictionDefinition } from './cluster/idle-pool.ts'
import type { PlacementDefinition } from './cluster/placement.ts'

/** How minute counts become arrivals (model.md). */
export const SPREADS = ['minute', ...MINUTE_SPREADS] as const
export type Spread = (typeof SPREADS)[number]

/** Loading times that are drawn once per app from a log-normal law with this median and 99th percentile, in ms. */
export type LogNormalColdStart = {
  readonly medianMs: number
  readonly p99Ms: number
}

/** Loading times that grow with an app's memory: so many ms, and so many more per MB. */
export type SizedColdStart = {
  readonly baseMs: number
  readonly msPerMb: number
}

/** Equal nodes of a cluster. */
export type NodeGroup = {
  readonly count: number
  /** Memory of each for instances, in MB. */
  readonly memoryMb: number
}

/** The options that all worlds have. */
interface CommonOptions {
  /** What is loaded and decided for: an app, or each function as an app of its own. */
  readonly unit: 'app' | 'function'
  /** `trace`: each app its own MB; `equal`: 1 MB each, so that MB·s reads as instance-seconds. */
  readonly memory: 'trace' | 'equal'
  /** Counts only; a trace of events has its own times. */
  readonly spread: Spread
  /** `cut`: account until the end of the trace; `expire`: until each instance's window ends. */
  readonly horizon: 'cut' | 'expire'
  /** What is loaded as the trace begins: nothing, or one idle instance of every app. */
  readonly warmAtStart: 'none' | 'all'
  /** What instances cool to when their windows are over; a policy's choice, and no option of an experiment. */
  readonly stages?: readonly Stage[]
}

/** The options of worlds with durations, loading times and scale-out. */
interface InstanceOptions {
  /** Invocations that one instance serves at a time. */
  readonly concurrency: number
  /** Which idle instance takes an arrival. */
  readonly reuse: 'newest' | 'oldest'
  /** Does an arrival start an instance of its own while one is loading, or wait for that one. */
  readonly whileLoading: 'new' | 'join'
  /** Whether windows begin anew whenever an instance becomes idle; else only when it first does. */
  readonly renew: boolean
  /** Loading time of every app, in ms, or a law for it, or `trace`: the trace's own, one second where it has none. */
  readonly coldStart: 'trace' | number | LogNormalColdStart | SizedColdStart
}

/** The options of worlds with limited memory. */
interface ClusterOptions {
  /** What instances are loaded on; at least one node. */
  readonly nodes: readonly NodeGroup[]
  /** The rule by which a load chooses its node: an id (`placements`), or one of your own. */
  readonly placement: string | PlacementDefinition
  /** The order in which idle instances go when memory is short: an id (`evictions`), or one of your own. */
  readonly eviction: string | EvictionDefinition
  /** What becomes of an invocation that finds no room: it waits in line, or is dropped at once. */
  readonly overflow: 'queue' | 'drop'
  /** How long it waits at most, in ms, before it is dropped; `none` is without limit. */
  readonly queueLimit: 'none' | number
  /** Parts of each node's memory for apps by their size; a policy's choice, and no option of an experiment. */
  readonly pools?: readonly MemoryPool[]
}

/** Executions take no time, one instance per app serves everything, and memory is without limit. */
export interface PaperModel extends CommonOptions {
  readonly kind: 'paper'
}

/** The trace's durations, loading times, and as many instances as are needed; memory is without limit. */
export interface InstancesModel extends CommonOptions, InstanceOptions {
  readonly kind: 'instances'
}

/** The same on nodes of limited memory. */
export interface ClusterModel extends CommonOptions, InstanceOptions, ClusterOptions {
  readonly kind: 'cluster'
}

/** Every option in force of a simulated world, part of a run's digest; plain data but for rules of a user's own. */
export type Model = PaperModel | InstancesModel | ClusterModel

/** The model of the published evaluation (Shahrad et al., USENIX ATC 2020, section 5.1) at its defaults. */
export const PAPER_MODEL: PaperModel = {
  kind: 'paper',
  unit: 'app',
  memory: 'trace',
  spread: 'minute',
  horizon: 'cut',
  warmAtStart: 'none',
}

/** The model of instances with durations, loading time and scale-out at its defaults. */
export const INSTANCES_MODEL: InstancesModel = {
  ...PAPER_MODEL,
  kind: 'instances',
  spread: 'uniform',
  concurrency: 1,
  reuse: 'newest',
  whileLoading: 'new',
  renew: true,
  coldStart: 'trace',
}

/** The model of a cluster at its defaults, but for its nodes, which have none: `{ ...CLUSTER_MODEL, nodes: [...] }`. */
export const CLUSTER_MODEL: ClusterModel = {
  ...INSTANCES_MODEL,
  kind: 'cluster',
  nodes: [],
  placement: 'least-loaded',
  eviction: 'lru',
  overflow: 'queue',
  queueLimit: 'none',
}

/** One instance serves everything: how the engine runs the model `paper`. */
const ONE_INSTANCE: EngineOptions = {
  concurrency: Number.POSITIVE_INFINITY,
  reuse: 'newest',
  whileLoading: 'new',
  renew: true,
}

/** A world as a policy demands it. */
export function chosenWorld(given: Model, { reuse, pools, stages }: WorldChoice): Model {
  const model = stages === undefined ? given : { ...given, stages }
  if (model.kind === 'paper') return model
  const reusing = reuse === undefined ? model : { ...model, reuse }
  return pools === undefined || reusing.kind !== 'cluster' ? reusing : { ...reusing, pools }
}

/** What the engine must know of a model. */
export function lifecycleOf(model: Model): EngineOptions {
  return model.kind === 'paper' ? ONE_INSTANCE : model
}
