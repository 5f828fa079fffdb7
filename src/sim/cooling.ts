import { TimerQueue } from '../core/timer-queue.ts'
import { UserError } from '../core/user-error.ts'
import { askCool, askKind } from '../engine/ask.ts'
import type { Ledger } from '../engine/ledger.ts'
import { addResidence, timelineUnits } from '../engine/residence.ts'
import type { Policy, PolicyDefinition, Stage } from '../policy/policy.ts'
import { chargedMemory } from './charged-memory.ts'
import { instanceUnits } from './cluster/memory-units.ts'
import type { Model } from './model.ts'
import type { Trace } from '../trace/trace.ts'

/** Nodes by their numbers. */
export interface Places {
  readonly count: number
  /** The node of an instance that was loaded last by that number. */
  nodeOf(instance: number): number
  free(node: number): number
}

interface CoolingParts {
  readonly trace: Trace
  readonly model: Model
  readonly policy: Policy
  readonly ledger: Ledger
}

/** The accounts are of so many stages. */
const MOST_STAGES = 2

/** What is left of one instance. */
class Remains {
  /** Its row in the table of all. */
  readonly row: number
  /** Counts what the row stood for: a timer of what was there before means nothing. */
  generation = 0
  app = 0
  node = 0
  /** The stage that it is in; -1 when it is gone. */
  stage = -1
  since = 0.5
  /** When it leaves each stage. */
  readonly ends = new Float64Array(MOST_STAGES)

  constructor(row: number) {
    this.row = row
  }
}

/** What is left of instances in a world whose policy has stages; null where nothing is. */
export function openCooling(parts: CoolingParts, places?: Places): Cooling | null {
  return parts.model.stages === undefined ? null : new Cooling(parts, parts.model.stages, places)
}

/**
 * Instances whose windows are over, as they cool from stage to stage until nothing is left of them. A load takes the one
 * that came to the warmest stage first, and is then shorter. Nothing of it is an event: where each is at a time is worked
 * out when a load asks. On a cluster they have the memory that instances leave free, and what has cooled for longest goes
 * as an instance needs that.
 */
export class Cooling {
  private readonly stages: readonly Stage[]
  private readonly policy: Policy
  private readonly ledger: Ledger
  private readonly places: Places | undefined
  private readonly horizonMs: number
  private readonly expires: boolean
  private readonly memoryMb: Float64Array
  private readonly timers = new TimerQueue()
  private readonly all: Remains[] = []
  private readonly free: Remains[] = []
  /** Per stage: those that are in it, by node and kind, first come first. */
  private readonly pools: readonly Map<number, Set<Remains>>[]
  /** Per node: those that are on it, in the order in which they began to cool, and the units that they take. */
  private readonly onNode: readonly Set<Remains>[]
  private readonly used: Float64Array
  /** Per stage and app: its kind, once it was asked for. */
  private readonly kinds: readonly (number | undefined)[][]
  private readonly windows: Float64Array

  constructor({ trace, model, policy, ledger }: CoolingParts, stages: readonly Stage[], places?: Places) {
    this.stages = stages
    this.policy = policy
    this.ledger = ledger
    this.places = places
    this.horizonMs = trace.horizonMs
    this.expires = model.horizon === 'expire'
    this.memoryMb = chargedMemory(trace, model)
    this.pools = stages.map(() => new Map<number, Set<Remains>>())
    this.onNode = Array.from({ length: places?.count ?? 0 }, () => new Set<Remains>())
    this.used = new Float64Array(places?.count ?? 0)
    this.kinds = stages.map(() => Array.from<number | undefined>({ length: trace.apps.count }))
    this.windows = new Float64Array(stages.length)
  }

  /** An instance of the app was unloaded because its window was over. */
  cool(app: number, instance: number, now: number): void {
    this.settle(now)
    askCool(this.policy, app, now, this.windows)
    const remains = this.free.pop() ?? this.made()
    remains.generation += 1
    remains.app = app
    remains.node = this.places?.nodeOf(instance) ?? 0
    let end = now
    for (const [stage, ms] of this.windows.entries()) {
      end += ms
      remains.ends[stage] = end
    }
    this.onNode[remains.node]?.add(remains)
    this.enter(remains, 0, now)
  }

  /** A load of the app begins: the stage that it begins from, -1 where nothing is left that it could. */
  take(app: number, instance: number, now: number): number {
    this.settle(now)
    const node = this.places?.nodeOf(instance) ?? 0
    const from = this.warmest(app, node)
    const stage = from?.stage ?? -1
    if (from !== undefined) this.drop(from, now)
    if (this.places !== undefined) this.makeRoom(node, this.places.free(node), now)
    return stage
  }

  /** How long a load takes from a stage that would take `wholeMs` from nothing, in whole ms. */
  loadingMs(stage: number, wholeMs: number): number {
    return stage < 0 ? wholeMs : Math.round(wholeMs * (1 - this.stages[stage]!.savedShare))
  }

  /** Ends the accounts: at the end of the trace, or of the stages where these are waited for and have one. */
  close(): void {
    if (this.expires) this.settle(Number.POSITIVE_INFINITY)
    else this.settle(this.horizonMs)
    for (const remains of this.all) {
      if (remains.stage >= 0) this.drop(remains, Math.max(this.horizonMs, remains.since))
    }
    this.timers.clear()
  }

  private warmest(app: number, node: number): Remains | undefined {
    for (const [stage, pool] of this.pools.entries()) {
      for (const first of pool.get(this.keyOf(stage, app, node)) ?? []) return first
    }
    return undefined
  }

  /** What has cooled for longest goes until no more is left than fits. */
  private makeRoom(node: number, units: number, now: number): void {
    for (const oldest of this.onNode[node]!) {
      if (this.used[node]! <= units) return
      this.drop(oldest, now)
    }
  }

  /** Lets all leave their stages that were to before `now`. */
  private settle(now: number): void {
    const { timers } = this
    while (timers.size > 0 && timers.nextTime < now) {
      const at = timers.nextTime
      const remains = this.all[timers.nextSubject]!
      const isCurrent = remains.generation === timers.nextDetail && remains.stage >= 0
      timers.pop()
      if (!isCurrent) continue
      const next = remains.stage + 1
      this.leave(remains, at)
      this.enter(remains, next, at)
    }
  }

  /** Comes to the first stage from `from` on that it stays in for a time; to none, and it is gone. */
  private enter(remains: Remains, from: number, now: number): void {
    const { app, node, ends } = remains
    let stage = from
    while (stage < this.stages.length && ends[stage]! <= now) stage += 1
    if (stage === this.stages.length) return this.forget(remains)
    remains.stage = stage
    remains.since = now
    const pool = this.pools[stage]!
    const key = this.keyOf(stage, app, node)
    const others = pool.get(key)
    if (others === undefined) pool.set(key, new Set([remains]))
    else others.add(remains)
    if (this.places !== undefined) this.used[node]! += this.unitsOf(app, stage)
    if (ends[stage]! < Number.POSITIVE_INFINITY) this.timers.push(ends[stage]!, 0, remains.row, remains.generation)
  }

  /** Leaves its stage, and is accounted for. */
  private leave(remains: Remains, now: number): void {
    const { app, node, stage, since } = remains
    const { ledger, horizonMs } = this
    const { memoryShare } = this.stages[stage]!
    const from = Math.max(since, ledger.accountFromMs)
    const ms = memoryShare * Math.max(0, now - from)
    ledger.idleMs[app]! += ms
    ledger.cooledMs[app]! += ms
    // It is told late: marks that were passed meanwhile lack what came before them, and those to come are still to be filled.
    for (const mark of ledger.marks) mark.idleMs[app]! += memoryShare * Math.max(0, Math.min(now, mark.atMs) - from)
    addResidence(ledger.timeline, from, now, horizonMs, timelineUnits(this.memoryMb[app]! * memoryShare))
    if (this.places !== undefined) this.used[node]! -= this.unitsOf(app, stage)
    this.pools[stage]!.get(this.keyOf(stage, app, node))!.delete(remains)
  }

  private drop(remains: Remains, now: number): void {
    this.leave(remains, now)
    this.forget(remains)
  }

  private forget(remains: Remains): void {
    remains.stage = -1
    this.onNode[remains.node]?.delete(remains)
    this.free.push(remains)
  }

  private unitsOf(app: number, stage: number): number {
    const { memoryShare } = this.stages[stage]!
    return memoryShare === 0 ? 0 : instanceUnits(this.memoryMb[app]! * memoryShare)
  }

  /** Those of a stage, a node and a kind are together. */
  private keyOf(stage: number, app: number, node: number): number {
    const kinds = this.kinds[stage]!
    const kind = (kinds[app] ??= this.policy.kindOf === undefined ? app : askKind(this.policy, app, stage))
    return kind * Math.max(1, this.used.length) + node
  }

  private made(): Remains {
    const remains = new Remains(this.all.length)
    this.all.push(remains)
    return remains
  }
}

/** Throws a UserError where a policy and its stages do not go together. */
export function demandStages(
  { id, scope }: Pick<PolicyDefinition, 'id' | 'scope'>,
  policy: Policy,
  { stages }: Pick<Model, 'stages'>,
): void {
  const fail = (problem: string): never => {
    throw new UserError({ where: `policy ${id}`, problem, hint: 'docs/own-policy.md says how stages are declared.' })
  }
  if (policy.kindOf !== undefined && scope !== 'fleet') {
    fail('kindOf() shares between apps, which needs the scope "fleet", found the scope "app"')
  }
  if (stages === undefined) {
    if (policy.cool !== undefined) fail('it has cool(), and its world() names no stages')
    return
  }
  if (policy.cool === undefined) fail('its world() names stages, and it has no cool()')
  if (!(stages.length >= 1 && stages.length <= MOST_STAGES)) {
    fail(`expected 1 to ${MOST_STAGES} stages, found ${stages.length}`)
  }
  for (const [index, { memoryShare, savedShare }] of stages.entries()) {
    for (const [name, share] of Object.entries({ memoryShare, savedShare })) {
      if (typeof share === 'number' && share >= 0 && share <= 1) continue
      fail(`${name} of stage ${index + 1} must be a number from 0 to 1, found ${String(share)}`)
    }
  }
}
