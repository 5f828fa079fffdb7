import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { DAY, HOUR } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { defaultPlan, type Export, exportPlan } from '../export/export-plan.ts'
import type { Listing } from '../export/files/present.ts'
import { type NameMap, OWN_NAMES } from '../export/files/deployed-names.ts'
import type { Platform, ServingWorld } from '../export/platform.ts'
import { formatQuantity } from '../metrics/figure-text.ts'
import { compareRuns } from '../metrics/compare-runs.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun, Money } from '../metrics/run.ts'
import { PRICES } from '../metrics/prices/providers/index.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../policy/parameters.ts'
import { policies } from '../policy/policies/index.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { planToJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import { chosenWorld, type Model } from '../sim/model.ts'
import { COLD_START_WORTH_MS } from '../sim/plan/derive-plan.ts'
import { traceUntil } from './judged.ts'
import { guardedPolicy } from '../own/guarded-policy.ts'
import { inPool, type PooledSimulation } from '../sim/workers/pool.ts'
import { guardedModel } from '../sim/workers/sent-model.ts'
import { type Simulation, unitsOf } from '../sim/simulation.ts'
import { sliceTrace } from '../trace/slice.ts'
import type { Trace } from '../trace/trace.ts'
import type { PlannedRun } from './run-plan.ts'
import { isMistake, settingKind } from '../config/setting.ts'
import { type HeldTime, withHeldTime } from './held-time.ts'
import { type MixedPrices, mixedMoney } from './mixed-money.ts'
import { runOf, simulateRun } from './simulate-run.ts'
import { traceSummary } from './trace-record.ts'

/** What is exported, and where to. */
export interface ExportRequest {
  readonly trace: Trace
  readonly run: PlannedRun
  /** The same run, finished. */
  readonly designed: FinishedRun
  readonly platform: Platform
  readonly names: NameMap
  readonly timeZone: string
  /** Minutes from Monday's midnight to the beginning of the trace. */
  readonly startMinute: number
  /** How much of the trace the plan is made of, in ms: the runs are judged on the rest. Absent: all of it, for both. */
  readonly fitForMs?: number
  /** What the platform has now; absent where that was not given. */
  readonly present?: Listing
  /** The prices of the experiment, which count where the platform's own are not known. */
  readonly prices: PriceTable | null
}

/** The files for a platform, and what they are worth. */
export interface ExportedRun {
  readonly made: Export
  /** The policy as designed, the platform by default, the policy as exported, and, where that is known, as it is now. */
  readonly comparison: Comparison
}

/** Labels of the three runs. */
const DESIGNED = 'as designed'
const DEFAULT = 'platform default'
const EXPORTED = 'as exported'
const PRESENT = 'as it is'

/** A run, and how long its floors held instances, where it has any. */
interface HeldRun {
  readonly run: FinishedRun
  readonly held: HeldTime
}

/**
 * Exports a finished run and simulates what the platform makes of the files. Throws a UserError for whatever does not
 * fit the platform or the mapping of names.
 */
export async function exportRun(request: ExportRequest): Promise<ExportedRun> {
  const { run, platform, names, present, prices, fitForMs } = request
  const trace = traceUntil(request.trace, request.designed.judged)
  const judged = fitForMs === undefined ? {} : { accountFromMs: fitForMs }
  const simulation: OwnSimulation = { ...simulationOf(trace, run, platform), ...judged }
  const plan = await planFor(simulation, request)
  const designed =
    fitForMs === undefined ? request.designed : await designedRun({ ...simulationOf(trace, run, {}), ...judged })
  const world = worldOf(run, simulation)
  const short = platform.schedule === undefined ? undefined : shortTrace(fitForMs ?? trace.horizonMs)
  const made = exportPlan(plan, platform, names, {
    ...(world === undefined ? {} : { world }),
    ...(short === undefined ? {} : { before: [short] }),
    ...(present === undefined ? {} : { listing: present }),
    ...(fitForMs === undefined ? {} : { fitForMs }),
  })
  const replayed = (label: string, followed: Plan): HeldRun =>
    replayOf(label, servedPlan(followed, simulation.model, platform), simulation)
  const all = [
    { run: { ...designed, label: DESIGNED }, held: allIdle(designed) },
    replayed(DEFAULT, defaultPlan(plan, platform, names.settings)),
    ownRun(platform, made, simulation) ?? replayed(EXPORTED, made.applied),
    ...(made.asItIs === undefined ? [] : [replayed(PRESENT, made.asItIs.plan)]),
  ]
  const own = tariffOf(platform, names.settings)
  const table = own?.onDemand ?? prices
  const experiment = `${run.label} on ${platform.title}`
  const runs = all.map(({ run }) => run)
  const summary = traceSummary(trace)
  const charged = (money: Money, position: number): Money => {
    const { run, held } = all[position]!
    return own === undefined ? money : mixedMoney(run, held, own, money)
  }
  const input = { experiment, trace: summary, baseline: DESIGNED, runs, prices: table, charged, acrossWorlds: true }
  return { made, comparison: compareRuns(input) }
}

/** What to know of schedules that were found in less than a day, as a sentence; undefined for a day and more. */
export function shortTrace(horizonMs: number): string | undefined {
  if (horizonMs >= DAY) return undefined
  const hours = formatQuantity(horizonMs / HOUR)
  return `The trace has ${hours} of the 24 hours of a day: at all other times its schedules hold no instance.`
}

/** How instances serve in the run's world, as its policy demands it; undefined where one instance serves everything. */
function worldOf({ definition }: PlannedRun, { model, params }: OwnSimulation): ServingWorld | undefined {
  const whole = { ...defaultsOf(definition.parameters), ...params } as ParameterValues<ParameterTable>
  const world = chosenWorld(model, definition.world?.(whole) ?? {})
  return world.kind === 'paper' ? undefined : { reuse: world.reuse, whileLoading: world.whileLoading }
}

/** What the policy settled on, with a floor in place of windows where the platform has none. */
async function planFor(
  simulation: OwnSimulation,
  { platform, names, timeZone, startMinute, fitForMs }: ExportRequest,
): Promise<Plan> {
  const { schedule } = platform
  const byDefault = platform.defaultUnder?.(names.settings) ?? platform.byDefault
  // Where it is written, an instance serves as many as in the model.
  const kept = schedule === undefined ? undefined : byDefault.concurrency
  const serves = kept === undefined ? {} : { concurrency: kept }
  const onDemandMs = byDefault.lastKeepAliveMs ?? byDefault.keepAliveMs
  const found =
    schedule === undefined ? {} : { schedule: { ...schedule, onDemandMs, coldStartWorthMs: COLD_START_WORTH_MS } }
  const { accountFromMs: _, ...whole } = simulation
  const seen = fitForMs === undefined ? whole.trace : sliceTrace(whole.trace, { forMs: fitForMs })
  return inPool(seen, (pool) => pool.derivePlan(whole, { timeZone, startMinute, ...serves, ...found }))
}

/** The policy as designed, judged on another part than the run was. */
async function designedRun(simulation: OwnSimulation): Promise<FinishedRun> {
  const began = performance.now()
  const ledger = await inPool(simulation.trace, (pool) => pool.simulate(simulation))
  return runOf(DESIGNED, simulation, { ledger, wallMs: performance.now() - began })
}

/** One platform's row where all are compared: what it makes of a run. */
export interface Target {
  readonly platform: Platform
  readonly made: Pick<Export, 'fidelity' | 'refused'>
  /** Its runs are as designed, by default and as exported. */
  readonly comparison: Comparison
}

/** Exports a run to each of several platforms under their own defaults, one after the other. */
export async function* compareTargets(
  request: Omit<ExportRequest, 'platform' | 'names' | 'present'>,
  platforms: readonly Platform[],
): AsyncGenerator<Target> {
  for (const platform of platforms) {
    const { made, comparison } = await exportRun({ ...request, platform, names: OWN_NAMES })
    yield { platform, made, comparison }
  }
}

/** As designed, whatever the policy keeps idle is charged as if the platform could hold it so. */
function allIdle({ ledger }: FinishedRun): HeldTime {
  return { heldMs: ledger.idleMs.slice(), usedMs: new Float64Array(ledger.apps) }
}

/** The price tables of a platform, where it is known what it charges. */
function tariffOf({ tariff, settings: known }: Platform, settings: NameMap['settings']): MixedPrices | undefined {
  const defaults = Object.fromEntries(Object.entries(known).map(([key, setting]) => [key, setting.default]))
  const ids = typeof tariff === 'function' ? tariff({ ...defaults, ...settings }) : tariff
  if (ids === undefined) return undefined
  return { onDemand: PRICES.get(ids.onDemand, 'tariff'), held: PRICES.get(ids.held, 'tariff') }
}

/** A plan with what instances serve at a time as the platform has them serve: any number where running ones are shared. */
function servedPlan(plan: Plan, model: Model, { sharesRunning }: Platform): Plan {
  if (sharesRunning !== true && model.kind !== 'paper') return plan
  return { ...plan, apps: plan.apps.map((app) => ({ ...app, concurrency: Number.POSITIVE_INFINITY })) }
}

/**
 * The world in which instances serve what a plan says of each app. Where one takes more than in the model, what comes while
 * an instance loads waits for that one.
 */
function servedIn({ trace, model }: Pick<Simulation, 'trace' | 'model'>, { apps }: Plan) {
  if (model.kind === 'paper') return { model }
  const each = new Set(apps.map(({ concurrency }) => concurrency))
  const joining = Math.max(...each) > model.concurrency ? { ...model, whileLoading: 'join' as const } : model
  const [first = model.concurrency] = each
  if (each.size < 2) return { model: { ...joining, concurrency: first } }
  const { name } = unitsOf(trace, model).apps
  const found = new Map(apps.map(({ app, concurrency }) => [app, concurrency]))
  return { model: joining, concurrencyOf: (app: number) => found.get(name.at(app)) ?? model.concurrency }
}

/** A simulation on a trace, whose policy may be a user's own. */
export type OwnSimulation = PooledSimulation & Simulation

/** The simulation that a planned run stands for. */
export function simulationOf(
  trace: Trace,
  { definition, own, files, model: given, spec, judged }: PlannedRun,
  { unit }: Pick<Platform, 'unit'> = {},
): OwnSimulation {
  const asked = unit === undefined ? given : { ...given, unit }
  const names = unitsOf(trace, asked).apps.name
  const model = guardedModel(asked, names)
  const policy = own === undefined ? definition : guardedPolicy(definition, own.path, names)
  const params = spec.params as Simulation['params']
  const file = own === undefined ? {} : { policyFile: { file: own.path, sha256: own.sha256 } }
  return { trace, model, policy, ...file, params, files, seed: spec.seed, accountFromMs: judged?.fromMs ?? 0 }
}

function replayOf(label: string, plan: Plan, simulation: Simulation): HeldRun {
  const { trace, seed, accountFromMs = 0 } = simulation
  const digest = createHash('sha256').update(planToJson(plan)).digest('hex')
  const { definition, heldTime } = withHeldTime(planPolicy(plan), plan, accountFromMs)
  const world = servedIn(simulation, plan)
  const run = simulateRun(label, { trace, ...world, policy: definition, params: {}, seed, accountFromMs }, digest)
  return { run, held: heldTime(trace.horizonMs) }
}

/** The run of the policy that the files name, where the platform runs policies themselves. */
function ownRun(
  platform: Platform,
  made: Export,
  { trace, model, seed, accountFromMs = 0 }: Simulation,
): HeldRun | undefined {
  const found = platform.readPolicy?.(made.files)
  if (found === undefined) return undefined
  const policy = policies.get(found.id, 'live.yaml')
  const given = Object.entries(found.params).map(([name, raw]) => {
    const parameter = policy.parameters[name]
    const read = parameter === undefined ? { problem: 'there is no such parameter' } : settingKind(parameter).read(raw)
    if (isMistake(read)) throw new UserError({ where: `live.yaml: policy: ${name}`, problem: read.problem })
    return [name, read.value] as const
  })
  const params = { ...defaultsOf(policy.parameters, trace), ...Object.fromEntries(given) } as Simulation['params']
  const run = simulateRun(EXPORTED, { trace, model, policy, params, seed, accountFromMs })
  return { run, held: allIdle(run) }
}
