import { DAY, MINUTE } from '../../core/units.ts'
import { type Floor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { floorOfAnswers } from '../../policy/plan/floor-clock.ts'
import type { ParameterTable } from '../../policy/parameters.ts'
import type { AppPlan, Plan, PlannedFunction } from '../../policy/plan/plan.ts'
import type { Policy, PolicyDefinition, Windows } from '../../policy/policy.ts'
import { wrapPolicy } from '../../policy/wrap-policy.ts'
import { type Trace, TRIGGERS } from '../../trace/trace.ts'
import { chargedMemory } from '../charged-memory.ts'
import { lifecycleOf } from '../model.ts'
import { type Simulation, runSimulation, unitsOf } from '../simulation.ts'
import { type ScheduleOptions, scheduledFloor } from './scheduled-floor.ts'
import { WarmDemand } from './warm-demand.ts'

/** How a plan is made of a run. */
export interface PlanOptions {
  /** IANA name of the zone in which floors tell the time. */
  readonly timeZone: string
  /** Minutes from Monday's midnight in that zone to the beginning of the trace. */
  readonly startMinute: number
  /** Invocations that an instance serves at a time where the plan is to be followed; absent: as many as in the model. */
  readonly concurrency?: number
  /** Absent: no floors that stand for windows are looked for. */
  readonly schedule?: ScheduleOptions
}

/** A cold start is worth ten minutes of an idle instance: what the usual fixed window pays at most to avoid one. */
export const COLD_START_WORTH_MS = 10 * MINUTE

/** What was heard of one app. */
interface Heard {
  prewarmMs: number
  keepAliveMs: number
  idleTimes: number
  days: number
  lastDay: number
  shortestMs: number
  longestMs: number
  readonly demand: WarmDemand
}

/**
 * Runs a simulation and gives what its policy settled on: per app its last answer, the one with the most behind it, or
 * what it answers at the end for an app that never went idle. Throws what `simulate` throws.
 */
export function derivePlan<T extends ParameterTable>(simulation: Simulation<T>, options: PlanOptions): Plan {
  const { model, policy, params } = simulation
  const trace = unitsOf(simulation.trace, model)
  const { concurrency } = lifecycleOf(model)
  // Executions of the model `paper` take no time.
  const served = model.kind === 'paper' ? concurrency : (options.concurrency ?? concurrency)
  const heard: Heard[] = Array.from({ length: trace.apps.count }, () => nothingHeard(served))
  const listening = listenedTo(policy, heard, trace)
  runSimulation({ ...simulation, policy: listening.definition })
  listening.askForTheRest()
  const memoryMb = chargedMemory(trace, model)
  const clock = { horizonMs: trace.horizonMs, startMinute: options.startMinute }
  const apps = heard.map((facts, app): AppPlan => {
    const { prewarmMs, keepAliveMs, idleTimes, days, shortestMs, longestMs, demand } = facts
    demand.close(trace.horizonMs)
    const floor = listening.floorOf(app, options.startMinute)
    return {
      app: trace.apps.name.at(app),
      memoryMb: memoryMb[app]!,
      concurrency,
      functions: functionsOf(trace, app, listening.invocations),
      prewarmMs,
      keepAliveMs,
      floor,
      schedule: options.schedule === undefined ? floor : scheduledFloor(demand, { ...clock, floor }, options.schedule),
      evidence: {
        idleTimes,
        days,
        shortestMs: Number.isFinite(shortestMs) ? shortestMs : prewarmMs + keepAliveMs,
        longestMs: longestMs >= 0 ? longestMs : prewarmMs + keepAliveMs,
        peakInstances: demand.peak,
        meanMs: demand.meanMs,
      },
    }
  })
  const { timeZone, startMinute } = options
  return {
    schema: 1,
    policy: { id: policy.id, params: params as Plan['policy']['params'] },
    timeZone,
    startMinute,
    apps,
  }
}

function functionsOf({ apps, functions }: Trace, app: number, invocations: Float64Array): PlannedFunction[] {
  const [first, end] = [apps.firstFunction[app]!, apps.firstFunction[app + 1]!]
  return Array.from({ length: end - first }, (_, each) => {
    const row = first + each
    return { name: functions.name.at(row), trigger: TRIGGERS[functions.trigger[row]!]!, invocations: invocations[row]! }
  })
}

function nothingHeard(concurrency: number): Heard {
  return {
    prewarmMs: 0,
    keepAliveMs: Number.NaN,
    idleTimes: 0,
    days: 0,
    lastDay: -1,
    shortestMs: Number.POSITIVE_INFINITY,
    longestMs: -1,
    demand: new WarmDemand(concurrency),
  }
}

/** The policy with what it hears and answers written down. */
function listenedTo<T extends ParameterTable>(
  policy: PolicyDefinition<T>,
  heard: readonly Heard[],
  { horizonMs, functions }: Pick<Trace, 'horizonMs' | 'functions'>,
) {
  const invocations = new Float64Array(functions.count)
  let listening: Policy | undefined
  // Ways of running that need not ask a policy would leave nothing to hear.
  const { neverUnloads: _asked, ...asked } = policy
  const definition: PolicyDefinition<T> = {
    ...asked,
    create: (params, context) =>
      (listening = listener(policy.create(params, context), { heard, horizonMs, invocations })),
  }
  const askForTheRest = (): void => {
    const out: Windows = { prewarmMs: 0, keepAliveMs: 0 }
    for (const [app, { keepAliveMs }] of heard.entries()) {
      if (Number.isNaN(keepAliveMs)) listening?.decide(app, horizonMs, out)
    }
  }
  const floorOf = (app: number, startMinute: number): Floor =>
    listening?.floor === undefined ? NO_FLOOR : floorOfAnswers(listening.floor.bind(listening), app, startMinute)
  return { definition, askForTheRest, floorOf, invocations }
}

interface Hearing {
  readonly heard: readonly Heard[]
  readonly horizonMs: number
  /** Arrivals per function. */
  readonly invocations: Float64Array
}

function listener(policy: Policy, { heard, horizonMs, invocations }: Hearing): Policy {
  const same = wrapPolicy(policy, (_method, call) => call)
  return {
    ...same,
    arrived(app, now, idleMs, fn) {
      const facts = heard[app]!
      invocations[fn]! += 1
      if (idleMs >= 0) {
        facts.idleTimes += 1
        const day = Math.floor(now / DAY)
        if (day !== facts.lastDay) facts.days += 1
        facts.lastDay = day
      }
      facts.demand.begins(now, idleMs >= 0)
      same.arrived(app, now, idleMs, fn)
    },
    finished(app, now, fn) {
      heard[app]!.demand.ends(now)
      same.finished?.(app, now, fn)
    },
    decide(app, now, out) {
      const answer: unknown = same.decide(app, now, out)
      const facts = heard[app]!
      const { prewarmMs, keepAliveMs } = out
      facts.prewarmMs = prewarmMs
      facts.keepAliveMs = keepAliveMs
      facts.demand.keeps(now + prewarmMs, now + prewarmMs + keepAliveMs, now)
      if (now >= horizonMs / 2) {
        facts.shortestMs = Math.min(facts.shortestMs, prewarmMs + keepAliveMs)
        facts.longestMs = Math.max(facts.longestMs, prewarmMs + keepAliveMs)
      }
      // The engine checks that it is none.
      return answer as undefined
    },
  }
}
