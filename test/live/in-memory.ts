import fc from 'fast-check'
import { TimerQueue } from '../../src/core/timer-queue.ts'
import { ARRIVE, FINISH, LOADED } from '../../src/engine/outcomes.ts'
import { createLedger, type Ledger } from '../../src/engine/ledger.ts'
import { Fleet, type FleetOptions, type Orders } from '../../src/live/fleet/fleet.ts'
import { defaultsOf, type ParameterValues } from '../../src/policy/parameters.ts'
import type { Policy, PolicyContext, PolicyDefinition } from '../../src/policy/policy.ts'
import { INSTANCES_MODEL, type ClusterModel, type InstancesModel } from '../../src/sim/model.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { answers, traceOf } from '../sim/scenario.ts'

/** Calls carry how long they take, and what they are of. */
interface Call {
  readonly fn: number
  readonly durationMs: number
}

/** What a fleet needs of a model; every app has 1 MB. */
export type World = Pick<InstancesModel, 'concurrency' | 'reuse' | 'whileLoading' | 'renew'> &
  Partial<Pick<ClusterModel, 'nodes'>>

export function optionsOf(apps: number, { concurrency, reuse, whileLoading, renew, nodes }: World): FleetOptions {
  const each = <T>(value: T): T[] => Array.from({ length: apps }, () => value)
  const budgetMb = nodes?.[0]?.memoryMb ?? Number.POSITIVE_INFINITY
  return { concurrency: each(concurrency), memoryMb: each(1), budgetMb, reuse, whileLoading, renew }
}

/** Instances that take as long to start as the test says, and a clock that the test moves. */
export class InMemory implements Orders<Call> {
  readonly fleet: Fleet<Call>
  readonly ended: string[] = []
  /** Whether the clock never tells the fleet that something is due. */
  isLate = false
  private readonly timers = new TimerQueue()
  private readonly startMs: number
  private now = 0

  constructor(apps: number, model: World, policy: Policy, startMs: number) {
    this.startMs = startMs
    this.fleet = new Fleet(optionsOf(apps, model), policy, createLedger(apps, 0), this)
  }

  start(_app: number, instance: number, now: number): void {
    if (this.startMs === 0) this.fleet.ready(instance, now)
    else this.timers.push(now + this.startMs, LOADED, instance, 0)
  }

  stop(app: number, _instance: number, now: number): void {
    this.ended.push(`${app}@${now}`)
  }

  run(_app: number, instance: number, { fn, durationMs }: Call): void {
    this.timers.push(this.now + durationMs, FINISH, instance, fn)
  }

  arrive(app: number, fn: number, now: number, durationMs: number): void {
    this.until(now)
    this.now = now
    this.fleet.arrive(app, fn, now, { fn, durationMs })
  }

  /** Lets everything happen that comes before an arrival at `now`; with a clock that is late, no timer of windows. */
  until(now: number): void {
    const { timers, fleet } = this
    for (;;) {
      const due = timers.size > 0 ? timers.nextTime : Number.POSITIVE_INFINITY
      const next = this.isLate ? due : Math.min(due, fleet.nextDue)
      if (next > now || next === Number.POSITIVE_INFINITY) return
      this.now = next
      if (due > next) {
        if (next === now) return fleet.advance(now, ARRIVE)
        fleet.advance(next)
        continue
      }
      const { nextRank, nextSubject, nextDetail } = timers
      timers.pop()
      if (nextRank === FINISH) fleet.ended(nextSubject, nextDetail, next)
      else fleet.ready(nextSubject, next)
    }
  }

  /** An instance is lost; of what was to happen to it nothing does. */
  lose(instance: number, now: number): readonly Call[] {
    this.until(now)
    this.timers.clear()
    return this.fleet.lost(instance, now)
  }

  close(horizonMs: number): Ledger {
    this.until(horizonMs)
    this.fleet.advance(horizonMs)
    this.fleet.close(horizonMs)
    return this.fleet.ledger
  }
}

export function policyFor(
  definition: PolicyDefinition,
  trace: Trace,
  askAgain?: NonNullable<PolicyContext['askAgain']>,
): Policy {
  return definition.create(defaultsOf(definition.parameters) as ParameterValues<never>, {
    apps: trace.apps.count,
    functions: trace.functions.count,
    horizonMs: Number.POSITIVE_INFINITY,
    memoryMb: trace.apps.memoryMb,
    coldStartMs: trace.apps.coldStartMs,
    trigger: trace.functions.trigger,
    functionApp: trace.functions.app,
    seed: 1,
    ...(askAgain === undefined ? {} : { askAgain }),
  })
}

export const execution = fc.tuple(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom('a', 'b', 'c'),
  fc.constantFrom('f', 'g'),
)
const window = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2.5, 30, Number.POSITIVE_INFINITY))
export const windows = fc.array(fc.tuple(fc.oneof(fc.constant(0), window), window), { minLength: 1, maxLength: 6 })
export const worlds = fc.record({
  coldStart: fc.integer({ min: 0, max: 5 }),
  concurrency: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  reuse: fc.constantFrom('newest', 'oldest'),
  whileLoading: fc.constantFrom('new', 'join'),
  renew: fc.boolean(),
}) satisfies fc.Arbitrary<Partial<InstancesModel>>

/** One app whose policy gives these windows one after the other; starts take 5 ms. */
export function inMemory(...given: readonly (readonly [number, number])[]): InMemory {
  const trace = traceOf([[0, 0]], 1)
  return new InMemory(1, INSTANCES_MODEL, policyFor(answers(...given), trace), 5)
}
