import fc from 'fast-check'
import {
  definePolicy,
  type Policy,
  type PolicyDefinition,
  type Stage,
  type WhenBusy,
} from '../../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../../src/sim/model.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { EventColumns, Trace } from '../../../src/trace/trace.ts'
import type { NaiveArrival, NaiveCluster, NaiveScenario } from './scenario.ts'

const NAMES = ['a', 'b', 'c'] as const

/** A whole random scenario, from which both a trace with its model and a naive scenario are made. */
export interface RandomScenario {
  readonly kind: Model['kind']
  readonly end: number
  readonly from: number
  readonly expires: boolean
  /** App, function, begin and duration. */
  readonly executions: readonly (readonly [app: number, fn: number, at: number, takes: number])[]
  /** Per app: MB, and how long loading takes. */
  readonly apps: readonly (readonly [mb: number, loadMs: number])[]
  readonly concurrency: number
  readonly takesOldest: boolean
  readonly joins: boolean
  readonly renews: boolean
  readonly warmAtStart: boolean
  readonly nodesMb: readonly number[]
  readonly placement: NaiveCluster['placement']
  readonly eviction: NaiveCluster['eviction']
  readonly queues: boolean
  readonly queueLimit: number
  readonly answers: Answers
}

/** What the policy answers, list after list from its beginning, the last answer for ever; null where it has no such method. */
interface Answers {
  readonly windows: readonly (readonly [prewarmMs: number, keepAliveMs: number])[]
  readonly floor: { readonly steps: readonly (readonly [fromMs: number, instances: number])[]; everyMs: number } | null
  readonly lastMs: number | null
  readonly keepIdleMs: readonly number[] | null
  /** At every arrival: after how long to be asked again, negative: not; and of the next app or of its own. */
  readonly askAfterMs: readonly number[] | null
  readonly asksForOthers: boolean
  readonly hearsRises: boolean
  /** Of arrivals that find no instance with room; and whether the policy hears what each was waited for and took. */
  readonly whenBusy: readonly WhenBusy[] | null
  readonly hearsAnswers: boolean
  /** Stages, the windows in them answer after answer, and whether apps b and c share what is left of them. */
  readonly cooling: {
    readonly stages: readonly Stage[]
    readonly windows: readonly (readonly number[])[]
    readonly areShared: boolean
  } | null
}

const share = fc.constantFrom(0, 0.25, 0.5, 1)
const time = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2.5, 30, Number.POSITIVE_INFINITY))
const floor = fc.record({
  steps: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 45 }), fc.nat(3)), { maxLength: 5, selector: ([at]) => at })
    .map((steps) => steps.toSorted(([a], [b]) => a - b)),
  everyMs: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 7),
})
const often = { nil: null, freq: 2 }

const answers: fc.Arbitrary<Answers> = fc.record({
  windows: fc.array(fc.tuple(fc.oneof(fc.constant(0), time), time), { minLength: 1, maxLength: 6 }),
  floor: fc.option(floor, often),
  lastMs: fc.option(fc.oneof(fc.nat(12), fc.constant(Number.POSITIVE_INFINITY)), { nil: null, freq: 1 }),
  keepIdleMs: fc.option(fc.array(time, { minLength: 1, maxLength: 5 }), { nil: null, freq: 1 }),
  askAfterMs: fc.option(fc.array(fc.integer({ min: -4, max: 12 }), { minLength: 1, maxLength: 5 }), {
    nil: null,
    freq: 1,
  }),
  asksForOthers: fc.boolean(),
  hearsRises: fc.boolean(),
  whenBusy: fc.option(
    fc.array(fc.constantFrom<WhenBusy[]>('load', 'wait', 'wait', 'both', 'both'), { minLength: 1, maxLength: 6 }),
    often,
  ),
  hearsAnswers: fc.boolean(),
  cooling: fc.option(
    fc.record({
      stages: fc.array(fc.record({ memoryShare: share, savedShare: share }), { minLength: 1, maxLength: 2 }),
      windows: fc.array(fc.array(time, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
      areShared: fc.constantFrom(false, false, true),
    }),
    often,
  ),
})

/** Scenarios so dense that everything keeps falling on the same milliseconds. */
export const scenarios: fc.Arbitrary<RandomScenario> = fc
  .record({
    kind: fc.constantFrom<Model['kind'][]>('paper', 'instances', 'instances', 'cluster', 'cluster'),
    end: fc.constantFrom(50, 80),
    from: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 45 })),
    expires: fc.boolean(),
    executions: fc.array(
      fc.tuple(fc.nat(2), fc.nat(1), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 })),
      { minLength: 1, maxLength: 30 },
    ),
    apps: fc.array(fc.tuple(fc.constantFrom(0.5, 1, 2, 3), fc.integer({ min: 0, max: 5 })), {
      minLength: NAMES.length,
      maxLength: NAMES.length,
    }),
    concurrency: fc.constantFrom(1, 1, 2, 3, Number.POSITIVE_INFINITY),
    takesOldest: fc.boolean(),
    joins: fc.boolean(),
    renews: fc.boolean(),
    warmAtStart: fc.boolean(),
    nodesMb: fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 1, maxLength: 3 }),
    placement: fc.constantFrom<NaiveCluster['placement'][]>('first-fit', 'least-loaded', 'round-robin'),
    eviction: fc.constantFrom<NaiveCluster['eviction'][]>('lru', 'size'),
    queues: fc.boolean(),
    queueLimit: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 12 })),
    answers,
  })
  .map(possible)

/** Takes back what contradicts itself. */
function possible(given: RandomScenario): RandomScenario {
  const keepsEach = given.answers.keepIdleMs !== null
  return keepsEach ? { ...given, takesOldest: false, renews: true } : given
}

/** What a policy heard and was asked, per app, in its order. */
export type Heard = string[][]

/** The policy of a scenario; writes down what it hears. */
function policyOf(given: Answers, apps: number, askAgain: Ask, heard: Heard): Policy {
  const { cooling } = given
  const nth = {
    cool: new Uint32Array(apps),
    windows: new Uint32Array(apps),
    keep: new Uint32Array(apps),
    ask: new Uint32Array(apps),
    busy: new Uint32Array(apps),
  }
  const { floor: floors, lastMs, keepIdleMs, askAfterMs, asksForOthers, whenBusy } = given
  return {
    arrived(app, now, idleMs, fn) {
      heard[app]!.push(`arrived ${now} ${idleMs} ${fn}`)
      if (askAfterMs === null) return
      const after = next(askAfterMs, nth.ask, app)
      if (after >= 0) askAgain(asksForOthers ? (app + 1) % apps : app, now + after)
    },
    decide(app, now, out) {
      heard[app]!.push(`decide ${now}`)
      const [prewarmMs, keepAliveMs] = next(given.windows, nth.windows, app)
      out.prewarmMs = prewarmMs
      out.keepAliveMs = keepAliveMs
    },
    finished(app, now, fn) {
      heard[app]!.push(`finished ${now} ${fn}`)
    },
    ...(given.hearsRises
      ? { rose: (app: number, now: number, inUse: number) => void heard[app]!.push(`rose ${now} ${inUse}`) }
      : {}),
    ...(given.hearsAnswers
      ? {
          answered: (app: number, now: number, waitedMs: number, tookMs: number) =>
            void heard[app]!.push(`answered ${now} ${waitedMs} ${tookMs}`),
        }
      : {}),
    ...(whenBusy === null
      ? {}
      : {
          whenBusy(app, now, instances, outstanding) {
            heard[app]!.push(`busy ${now} ${instances} ${outstanding}`)
            return next(whenBusy, nth.busy, app)
          },
        }),
    ...(floors === null
      ? {}
      : {
          floor(app, now, out) {
            heard[app]!.push(`floor ${now}`)
            out.instances = floors.steps.findLast(([at]) => at <= now)?.[1] ?? 0
            const change = floors.steps.find(([at]) => at > now)?.[0] ?? Number.POSITIVE_INFINITY
            out.untilMs = Math.min(change, now + floors.everyMs)
          },
        }),
    ...(cooling === null
      ? {}
      : {
          cool(app, now, out) {
            heard[app]!.push(`cool ${now}`)
            out.set(next(cooling.windows, nth.cool, app).slice(0, out.length))
          },
          ...(cooling.areShared ? { kindOf: (app: number, stage: number) => (stage === 0 ? app >> 1 : 0) } : {}),
        }),
    ...(lastMs === null ? {} : { lastKeepAliveMs: () => lastMs }),
    ...(keepIdleMs === null
      ? {}
      : {
          keepIdleMs(app, now, inUse) {
            heard[app]!.push(`keep ${now} ${inUse}`)
            return next(keepIdleMs, nth.keep, app)
          },
        }),
  }
}

type Ask = (app: number, at: number) => void

/** The app's next answer of a list. */
function next<T>(list: readonly T[], counts: Uint32Array, app: number): T {
  const answer = list[Math.min(counts[app]!, list.length - 1)]!
  counts[app]! += 1
  return answer
}

/** A scenario for pilotlight. What its policy hears is written to `heard`. */
export function realOf(given: RandomScenario): { trace: Trace; model: Model; policy(heard: Heard): PolicyDefinition } {
  const builder = new TraceBuilder({ id: 'scenario', format: 'events' })
  for (const [name, [mb, loadMs]] of given.apps.map((app, index) => [NAMES[index]!, app] as const)) {
    builder.addMemory('', name, mb, 1)
    for (const fn of ['f', 'g']) builder.addColdStart(builder.functionRow('', name, fn), loadMs)
  }
  for (const [app, fn, at, takes] of given.executions)
    builder.addEvent(builder.functionRow('', NAMES[app]!, 'fg'[fn]!), at, takes)
  const trace = builder.build(given.end, { files: [], defects: [] })
  const base = given.kind === 'paper' ? PAPER_MODEL : given.kind === 'instances' ? INSTANCES_MODEL : CLUSTER_MODEL
  const lifecycle = {
    concurrency: given.concurrency,
    reuse: given.takesOldest ? 'oldest' : 'newest',
    whileLoading: given.joins ? 'join' : 'new',
    renew: given.renews,
  } as const
  const cluster = {
    nodes: given.nodesMb.map((memoryMb) => ({ count: 1, memoryMb })),
    placement: given.placement,
    eviction: given.eviction,
    overflow: given.queues ? 'queue' : 'drop',
    queueLimit: given.queueLimit === Number.POSITIVE_INFINITY ? 'none' : given.queueLimit,
  } as const
  const model = {
    ...base,
    horizon: given.expires ? 'expire' : 'cut',
    warmAtStart: given.warmAtStart ? 'all' : 'none',
    ...(given.kind === 'paper' ? {} : lifecycle),
    ...(given.kind === 'cluster' ? cluster : {}),
  } as Model
  const { cooling, askAfterMs, asksForOthers } = given.answers
  const isFleet = (askAfterMs !== null && asksForOthers) || cooling?.areShared === true
  const policy = (heard: Heard): PolicyDefinition =>
    definePolicy({
      id: 'random',
      summary: 'Answers at random.',
      parameters: {},
      scope: isFleet ? 'fleet' : 'app',
      needs: [],
      ...(cooling === null ? {} : { world: () => ({ stages: cooling.stages }) }),
      create: (_params, context) => {
        const asks = given.answers.askAfterMs !== null
        return policyOf(given.answers, context.apps, asks ? context.askAgain! : () => {}, heard)
      },
    })
  return { trace, model, policy }
}

/** The same scenario for the naive simulation, with the rows of that trace. Of two apps at one time the first row is first. */
export function naiveOf(given: RandomScenario, trace: Trace, heard: Heard): NaiveScenario {
  const { apps } = trace
  const events = trace.arrivals as EventColumns
  const arrivals = rows(apps.count)
    .flatMap((app) =>
      rows(events.fn.length)
        .slice(events.firstEvent[app], events.firstEvent[app + 1])
        .map((row): NaiveArrival => {
          return { app, fn: events.fn[row]!, at: events.startMs[row]!, takes: events.durationMs[row]! }
        }),
    )
    .toSorted((a, b) => a.at - b.at)
  const isPaper = given.kind === 'paper'
  return {
    end: given.end,
    from: given.from,
    expires: given.expires,
    apps: apps.count,
    arrivals: isPaper ? arrivals.map((arrival) => ({ ...arrival, takes: 0 })) : arrivals,
    loadMs: [...apps.coldStartMs].map((loadMs) => (isPaper ? 0 : loadMs)),
    size: [...apps.memoryMb].map((mb) => mb * 64),
    concurrency: isPaper ? Number.POSITIVE_INFINITY : given.concurrency,
    takesOldest: !isPaper && given.takesOldest,
    joins: !isPaper && given.joins,
    renews: isPaper || given.renews,
    warmAtStart: given.warmAtStart,
    cluster:
      given.kind === 'cluster'
        ? {
            nodes: given.nodesMb.map((mb) => mb * 64),
            placement: given.placement,
            eviction: given.eviction,
            queues: given.queues,
            queueLimit: given.queueLimit,
          }
        : null,
    stages: given.answers.cooling?.stages ?? [],
    policy: (askAgain) => policyOf(given.answers, apps.count, askAgain, heard),
  }
}

function rows(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row)
}
