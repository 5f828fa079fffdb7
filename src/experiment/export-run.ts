import { createHash } from 'node:crypto'
import { UserError } from '../core/user-error.ts'
import { defaultPlan, type Export, exportPlan } from '../export/export-plan.ts'
import type { NameMap } from '../export/files/names.ts'
import type { Platform } from '../export/platform.ts'
import { compare } from '../metrics/compare.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { defaultsOf } from '../policy/parameters.ts'
import { policies } from '../policy/policies/index.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { planToJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import { COLD_START_WORTH_MS, derivePlan } from '../sim/plan/derive-plan.ts'
import { guardedPolicy } from '../sim/workers/own-policy.ts'
import { type Simulation, unitsOf } from '../sim/simulate.ts'
import type { Trace } from '../trace/trace.ts'
import type { PlannedRun } from './plan.ts'
import { isMistake, settingKind } from '../config/setting.ts'
import { simulateRun } from './simulate-run.ts'
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
  readonly prices: PriceTable | null
}

/** The files for a platform, and what they are worth. */
export interface ExportedRun {
  readonly made: Export
  /** The policy as designed, the platform by default, and the policy as exported. */
  readonly comparison: Comparison
}

/** Labels of the three runs. */
const DESIGNED = 'as designed'
const DEFAULT = 'platform default'
const EXPORTED = 'as exported'

/**
 * Exports a finished run and simulates what the platform makes of the files. Throws a UserError for whatever does not
 * fit the platform or the mapping of names.
 */
export function exportRun(request: ExportRequest): ExportedRun {
  const { trace, run, designed, platform, names, timeZone, startMinute, prices } = request
  const simulation = simulationOf(trace, run)
  const { standIn, byDefault } = platform
  const plan = derivePlan(simulation, {
    timeZone,
    startMinute,
    ...(standIn === undefined
      ? {}
      : { standIn: { ...standIn, onDemandMs: byDefault.keepAliveMs, coldStartWorthMs: COLD_START_WORTH_MS } }),
  })
  const made = exportPlan(plan, platform, names)
  const replayed = (label: string, each: Plan): FinishedRun => replayOf(label, each, simulation)
  const runs = [
    { ...designed, label: DESIGNED },
    replayed(DEFAULT, defaultPlan(plan, platform, names.settings)),
    ownRun(platform, made, simulation) ?? replayed(EXPORTED, made.applied),
  ]
  const experiment = `${run.label} on ${platform.title}`
  return { made, comparison: compare({ experiment, trace: traceSummary(trace), baseline: DESIGNED, runs, prices }) }
}

export function simulationOf(trace: Trace, { definition, own, model, spec }: PlannedRun): Simulation {
  const policy = own === undefined ? definition : guardedPolicy(definition, own.path, unitsOf(trace, model).apps.name)
  return { trace, model, policy, params: spec.params as Simulation['params'], seed: spec.seed }
}

function replayOf(label: string, plan: Plan, { trace, model, seed }: Simulation): FinishedRun {
  const digest = createHash('sha256').update(planToJson(plan)).digest('hex')
  return simulateRun(label, { trace, model, policy: planPolicy(plan), params: {}, seed }, digest)
}

/** The run of the policy that the files name, where the platform runs policies themselves. */
function ownRun(platform: Platform, made: Export, { trace, model, seed }: Simulation): FinishedRun | undefined {
  const found = platform.readPolicy?.(made.files)
  if (found === undefined) return undefined
  const policy = policies.get(found.id, 'live.yaml')
  const given = Object.entries(found.params).map(([name, raw]) => {
    const parameter = policy.parameters[name]
    const read = parameter === undefined ? { problem: 'there is no such parameter' } : settingKind(parameter).read(raw)
    if (isMistake(read)) throw new UserError({ where: `live.yaml: policy: ${name}`, problem: read.problem })
    return [name, read.value] as const
  })
  const params = { ...defaultsOf(policy.parameters), ...Object.fromEntries(given) } as Simulation['params']
  return simulateRun(EXPORTED, { trace, model, policy, params, seed })
}
