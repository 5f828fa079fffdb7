import { UserError } from '../core/user-error.ts'
import { AskAgain } from '../engine/ask-again.ts'
import { BadAnswer } from '../engine/ask.ts'
import type { LatencyTable } from '../engine/latency.ts'
import { createLedger, type Ledger } from '../engine/ledger.ts'
import { type ParameterTable, type ParameterValues, parametersOf, withTexts } from '../policy/parameters.ts'
import type { Policy, PolicyContext, PolicyDefinition } from '../policy/policy.ts'
import { byFunction } from '../trace/by-function.ts'
import type { Trace } from '../trace/trace.ts'
import { MINUTE } from '../core/units.ts'
import { chargedMemory } from './charged-memory.ts'
import { eachDuration } from './each-duration.ts'
import { demandStages } from './cooling.ts'
import { loadingTimes } from './loading-times.ts'
import { chosenWorld, type Model } from './model.ts'
import { replays } from './replays/index.ts'
import { Audience, feedByApp, feedInTime } from './replays/pass.ts'
import { goesByApp, type ReplayParts, type RunByApp, type RunInTime, type Stretch } from './replays/replay.ts'

/** One simulation: a trace, a world, a policy. */
export interface Simulation<T extends ParameterTable = ParameterTable> {
  readonly trace: Trace
  readonly model: Model
  readonly policy: PolicyDefinition<T>
  /** Those that are left out have their defaults. */
  readonly params?: Partial<ParameterValues<T>> | undefined
  /** Texts by their digests, where a parameter of the kind `file` stands for its text by the digest. */
  readonly files?: Readonly<Record<string, string>>
  /** A whole number; together with the trace, the model and the parameters it fixes every bit of the result. */
  readonly seed: number
  /** When accounts begin, in whole ms, of counts per minute whole minutes: the policy learns before it. Default: 0. */
  readonly accountFromMs?: number
  /** Moments after it, in the order of time and of the same unit, at which accounts are marked. Default: none. */
  readonly marksMs?: readonly number[]
  /** Id of the way of replaying that is used; all that suit give the same accounts. Default: the fastest that suits. */
  readonly replay?: string
  /** How long the load of an app takes that begins at `now`, in ms, where it is known of each; else the model says it. */
  readonly loadTime?: (app: number, now: number) => number
  /**
   * Invocations that one instance of an app serves at a time, where apps differ in that; else the model says it. Not for the
   * model `paper`, in which executions take no time.
   */
  readonly concurrencyOf?: (app: number) => number
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
 * Runs a simulation to its end and gives its accounts, one row per app of the trace (per function, by `model.unit`).
 * Throws a UserError for parameters that the policy does not have or that are out of range, where the trace does not offer
 * what the model or the policy needs, and where the policy answers nonsense.
 */
export function runSimulation<T extends ParameterTable>(simulation: Simulation<T>): Ledger {
  const trace = unitsOf(simulation.trace, simulation.model)
  const ledger = createLedger(
    trace.apps.count,
    trace.horizonMs,
    undefined,
    simulation.accountFromMs,
    simulation.marksMs,
  )
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
 * Runs the part of a simulation whose trace is already in the model's units (see {@link unitsOf}); where
 * {@link runsWhole} says so, that is all of it. The ledger must be one of the same `accountFromMs`.
 */
export function simulatePart<T extends ParameterTable>(simulation: Simulation<T>, { ledger, from, to }: Part): void {
  const [failure] = simulateTogether([{ simulation, ledger }], { from, to }, simulation.onProgress)
  if (failure !== undefined) throw failure
}

/** One of several simulations that share a pass over the arrivals, and the ledger that it fills. */
export interface Participant<T extends ParameterTable = ParameterTable> {
  readonly simulation: Simulation<T>
  readonly ledger: Ledger
}

/**
 * Runs a part of several simulations for which {@link passOf} is the same, and whose trace is already in the models'
 * units: the arrivals are made once for all of them, and each has the accounts that it would have alone. Gives what each
 * threw, or undefined: one that throws does not stop the others.
 */
export function simulateTogether<T extends ParameterTable>(
  participants: readonly Participant<T>[],
  stretch: Stretch,
  onProgress: (done: number) => void = () => {},
): readonly unknown[] {
  const [first] = participants
  if (first === undefined) return []
  const { trace, model, seed } = first.simulation
  const origin = { trace, spread: model.spread, seed }
  const failures: unknown[] = participants.map(() => undefined)
  const openings = participants.flatMap((participant, index) => {
    try {
      return [openRun(participant, index)]
    } catch (error) {
      failures[index] = error
      return []
    }
  })
  const byApp = openings.filter((opening) => opening.order === 'app')
  const inTime = openings.filter((opening) => opening.order === 'time')
  const feed = <O extends Opening>(group: readonly O[], pass: (audience: Audience<O['run']>) => void): void => {
    if (group.length === 0) return
    const audience = new Audience<O['run']>(group.map(({ run }) => run))
    try {
      pass(audience)
    } catch (error) {
      // The arrivals themselves cannot be made.
      audience.each(() => {
        throw error
      })
    }
    for (const [place, { parts, index }] of group.entries()) {
      const failure = audience.failures[place]
      if (failure !== undefined) {
        failures[index] =
          failure instanceof BadAnswer ? namingTheApp(failure, participants[index]!.simulation) : failure
      } else if (parts.model.kind !== 'paper') parts.ledger.latency = latencyOf(parts, stretch)
    }
  }
  const share = byApp.length / openings.length
  feed(byApp, (audience) => feedByApp(origin, stretch, audience, (done) => onProgress(done * share)))
  feed(inTime, (audience) => feedInTime(origin, audience, (done) => onProgress(share + done * (1 - share))))
  return failures
}

type Opening = { readonly parts: ReplayParts; readonly index: number } & (
  | { readonly order: 'app'; readonly run: RunByApp }
  | { readonly order: 'time'; readonly run: RunInTime }
)

function openRun<T extends ParameterTable>({ simulation, ledger }: Participant<T>, index: number): Opening {
  const parts = partsOf(simulation, ledger)
  const { replay: id } = simulation
  const replay = replays.find((each) => (id === undefined || each.id === id) && each.suits(parts))
  if (replay === undefined) throw new Error(`there is no replay "${id}" that suits the policy and the model`)
  if (replay.order === 'app') return { parts, index, order: 'app', run: replay.open(parts) }
  return { parts, index, order: 'time', run: replay.open(parts) }
}

/**
 * Simulations over one trace that give the same text here may share a pass: they decide over the same units, whose
 * arrivals are the same.
 */
export function passOf(
  { model, seed }: Pick<Simulation, 'model' | 'seed'>,
  { arrivals }: Pick<Trace, 'arrivals'>,
): string {
  const { unit, spread } = model
  if (arrivals.kind === 'events') return unit
  return DRAWN.has(spread) ? `${unit} ${spread} ${seed}` : `${unit} ${spread}`
}

/** Spreads whose arrivals depend on the seed. */
const DRAWN: ReadonlySet<Model['spread']> = new Set(['uniform', 'poisson'])

/** Ids of the ways of replaying that suit a simulation, the fastest first. */
export function suitableReplays<T extends ParameterTable>(simulation: Simulation<T>): readonly string[] {
  const trace = unitsOf(simulation.trace, simulation.model)
  const parts = partsOf({ ...simulation, trace }, createLedger(0, trace.horizonMs, undefined, simulation.accountFromMs))
  return replays.filter((each) => each.suits(parts)).map(({ id }) => id)
}

function partsOf<T extends ParameterTable>(simulation: Simulation<T>, ledger: Ledger): ReplayParts {
  const { trace, policy: definition, seed, loadTime, concurrencyOf } = simulation
  demandNeeds(definition, trace)
  demandBorder(ledger.accountFromMs, trace)
  for (const { atMs } of ledger.marks) demandBorder(atMs, trace)
  const askAgain = new AskAgain()
  const { parameters, contradiction } = definition
  const params = parametersOf(parameters, simulation.params ?? {}, `policy ${definition.id}`, {
    contradiction,
    calendar: trace,
  })
  const model = chosenWorld(simulation.model, definition.world?.(params) ?? {})
  const read = withTexts(parameters, params, simulation.files ?? {})
  const { policy, mayAskAgain } = makePolicy(definition, read, contextOf(trace, model, seed), askAgain)
  demandStages(definition, policy, model)
  const parts = { trace, model, policy, definition, askAgain, mayAskAgain, seed, ledger }
  return {
    ...parts,
    ...(loadTime === undefined ? {} : { loadTime }),
    ...(concurrencyOf === undefined ? {} : { concurrencyOf }),
  }
}

/** Whether a policy in a model can only be run whole, in time order: it learns across apps, or apps share memory. */
export function runsWhole(definition: Pick<PolicyDefinition, 'scope'>, model: Model): boolean {
  return !goesByApp({ definition, model })
}

/** The policy, and whether it took the means to be asked again. */
function makePolicy<T extends ParameterTable>(
  definition: PolicyDefinition<T>,
  params: ParameterValues<T>,
  facts: Omit<PolicyContext, 'askAgain'>,
  line: AskAgain,
): { policy: Policy; mayAskAgain: boolean } {
  let mayAskAgain = false
  let isMade = false
  const context = Object.freeze({
    ...facts,
    get askAgain() {
      // How a simulation is run depends on it.
      if (isMade) {
        const problem = 'context.askAgain was read after create() had returned'
        const hint = 'Read it in create(): const { askAgain } = context.'
        throw new UserError({ where: `policy ${definition.id}`, problem, hint })
      }
      mayAskAgain = true
      return line.ask
    },
  })
  const policy = definition.create(params, context)
  isMade = true
  return { policy, mayAskAgain }
}

function demandNeeds({ id, needs }: Pick<PolicyDefinition, 'id' | 'needs'>, trace: Trace): void {
  const missing = needs.filter((need) => !(trace.offers as readonly string[]).includes(need))
  if (missing.length === 0) return
  const problem = `it needs ${missing.join(' and ')}, which the trace ${trace.id} does not have`
  throw new UserError({ where: `policy ${id}`, problem, hint: 'Take another policy, or a trace that has it.' })
}

/** Counts of a minute are on one side of the moment at which accounts begin. */
function demandBorder(accountFromMs: number, { arrivals, horizonMs }: Trace): void {
  const unit = arrivals.kind === 'counts' ? MINUTE : 1
  if (accountFromMs === 0 || (accountFromMs % unit === 0 && accountFromMs > 0 && accountFromMs < horizonMs)) return
  const kind = unit === 1 ? 'whole ms' : 'whole minutes in ms'
  const problem = `expected ${kind} from 0 to less than the trace's ${horizonMs}, found ${accountFromMs}`
  throw new UserError({ where: 'accountFromMs', problem })
}

/** The distributions of the part's latencies, once it was replayed. */
function latencyOf({ trace, model, ledger }: ReplayParts, { from, to }: Stretch): LatencyTable {
  const { latencies, accountFromMs: sinceMs } = ledger
  eachDuration(trace, model.spread, { from, to, sinceMs }, (app, ms, count) => latencies.serve(app, ms, count))
  return latencies.table(from, to)
}

/** What the policy is told: copies, and functions instead of what they read from. */
function contextOf(trace: Trace, model: Model, seed: number): Omit<PolicyContext, 'askAgain'> {
  const { apps, functions, horizonMs } = trace
  return {
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
  }
}

function namingTheApp<T extends ParameterTable>(error: BadAnswer, { policy: { id }, trace }: Simulation<T>): UserError {
  const { apps } = trace
  const app = error.app >= 0 && error.app < apps.count ? `, app ${apps.name.at(error.app)}` : ''
  return new UserError({ where: `policy ${id}${app}`, problem: error.message })
}
