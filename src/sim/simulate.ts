import { BadAnswer } from '../engine/ask.ts'
import type { LatencyTable } from '../engine/latency.ts'
import { createLedger, type Ledger } from '../engine/ledger.ts'
import type { ParameterTable, ParameterValues } from '../policy/parameters.ts'
import type { PolicyContext, PolicyDefinition } from '../policy/policy.ts'
import { byFunction } from '../trace/by-function.ts'
import type { Trace } from '../trace/trace.ts'
import { MINUTE } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { replayByApp } from './replays/by-app.ts'
import { replayInTime } from './replays/by-time.ts'
import { isPlainCache, replayCaching } from './replays/caching.ts'
import { eachDuration } from './durations.ts'
import { chargedMemory } from './charged-memory.ts'
import { loadingTimes } from './loading-times.ts'
import type { Model } from './model.ts'
import { replayPaper } from './replays/paper.ts'
import type { WorldParts } from './world.ts'

/** One simulation: a trace, a world, a policy. */
export interface Simulation<T extends ParameterTable = ParameterTable> {
  readonly trace: Trace
  readonly model: Model
  readonly policy: PolicyDefinition<T>
  readonly params: ParameterValues<T>
  /** A whole number; together with the trace, the model and the parameters it fixes every bit of the result. */
  readonly seed: number
  /**
   * `app`: app by app, for policies of the scope `app` and unlimited memory only; `time`: all apps in time order; `engine`: app by app through
   * the engine also where a faster way is known. The accounts are the same. Default: the fastest that the policy allows.
   */
  readonly order?: 'app' | 'time' | 'engine'
  /** How long the load of an app takes that begins at `now`, in ms, where it is known of each; else the model says it. */
  readonly loadTime?: (app: number, now: number) => number
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

/** A part of a simulation: the apps `from` up to, not including, `to`; their accounts go to the rows of `ledger`. */
export interface Part {
  readonly ledger: Ledger
  readonly from: number
  readonly to: number
}

/**
 * Runs a simulation to its end and gives its accounts, one row an app of the trace (a function, by `model.unit`).
 * Throws a UserError where the trace does not offer what the model or the policy needs, or the policy answers nonsense.
 */
export function simulate<T extends ParameterTable>(simulation: Simulation<T>): Ledger {
  const trace = unitsOf(simulation.trace, simulation.model)
  const ledger = createLedger(trace.apps.count, trace.horizonMs)
  simulatePart({ ...simulation, trace }, { ledger, from: 0, to: trace.apps.count })
  return ledger
}

/** Traces by function, made once for each trace however many runs ask for it. */
const tracesByFunction = new WeakMap<Trace, Trace>()

/** The trace as the model decides over it: its apps, or each function as an app of its own. */
export function unitsOf(trace: Trace, model: Pick<Model, 'unit'>): Trace {
  if (model.unit === 'app') return trace
  const made = tracesByFunction.get(trace) ?? byFunction(trace)
  tracesByFunction.set(trace, made)
  return made
}

/**
 * Runs the part of a simulation whose trace is already in the model's units (see {@link unitsOf}); a policy of the scope
 * `fleet`, or of a cluster, takes no part but the whole.
 */
export function simulatePart<T extends ParameterTable>(simulation: Simulation<T>, part: Part): void {
  const { trace, model, policy: definition, params, seed, onProgress } = simulation
  const needsTime = runsWhole(definition, model)
  const order = simulation.order ?? (needsTime ? 'time' : 'app')
  if (order !== 'time' && needsTime) {
    throw new Error(`the policy ${definition.id} in the model ${model.kind} must be run in time order`)
  }
  const policy = definition.create(params, contextOf(trace, model, seed))
  const { ledger } = part
  const { loadTime } = simulation
  const parts = { trace, model, policy, seed, ledger, ...(loadTime === undefined ? {} : { loadTime }) }
  try {
    if (order === 'time') {
      const minutes = trace.horizonMs / MINUTE
      const isCache = simulation.order === undefined && definition.neverUnloads === true && isPlainCache(model)
      const replay = isCache ? replayCaching : replayInTime
      replay(parts, (minute) => onProgress?.(Math.min(1, (minute + 1) / minutes)))
    } else {
      const onApp = every64th((app) => onProgress?.((app + 1 - part.from) / (part.to - part.from)))
      const isClosed = model.kind === 'paper' && HOOKS.every((hook) => policy[hook] === undefined)
      const replay = isClosed && order === 'app' ? replayPaper : replayByApp
      replay(parts, { from: part.from, to: part.to, onApp })
    }
    if (model.kind !== 'paper') ledger.latency = latencyOf(parts, part)
  } catch (error) {
    throw error instanceof BadAnswer ? namingTheApp(error, definition, trace) : error
  }
}

/** Methods that only the engine asks. */
const HOOKS = ['floor', 'lastKeepAliveMs', 'rose', 'keepIdleMs'] as const

/** Whether a policy in a model can only be run whole, in time order: it learns across apps, or apps share memory. */
export function runsWhole({ scope }: Pick<PolicyDefinition, 'scope'>, { kind }: Pick<Model, 'kind'>): boolean {
  return scope === 'fleet' || kind === 'cluster'
}

/** The distributions of the part's latencies, once it was replayed. */
function latencyOf({ trace, model, ledger }: WorldParts, { from, to }: Part): LatencyTable {
  const { latencies } = ledger
  eachDuration(trace, model.spread, { from, to }, (app, ms, count) => latencies.serve(app, ms, count))
  return latencies.table(from, to)
}

/** What the policy is told: copies, and functions instead of what they read from. */
function contextOf(trace: Trace, model: Model, seed: number): PolicyContext {
  const { apps, functions, horizonMs } = trace
  return Object.freeze({
    apps: apps.count,
    functions: functions.count,
    horizonMs,
    appNames: Object.freeze({ at: (app: number) => apps.name.at(app) }),
    memoryMb: chargedMemory(trace, model).slice(),
    coldStartMs: loadingTimes(trace, model, seed).slice(),
    trigger: functions.trigger.slice(),
    functionApp: functions.app.slice(),
    functionNames: Object.freeze({ at: (fn: number) => functions.name.at(fn) }),
    seed,
  })
}

function every64th(report: (app: number) => void): (app: number) => void {
  return (app) => {
    if (app % 64 === 63) report(app)
  }
}

function namingTheApp(error: BadAnswer, { id }: Pick<PolicyDefinition, 'id'>, trace: Trace): UserError {
  return new UserError({ where: `policy ${id}, app ${trace.apps.name.at(error.app)}`, problem: error.message })
}
