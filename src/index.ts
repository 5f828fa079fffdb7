/**
 * pilotlight as a library: read a trace, simulate policies on it, compare the runs.
 *
 * ```ts
 * import { compare, PAPER_MODEL, policies, readTrace, simulateRun, textReport, traceSummary } from 'pilotlight'
 *
 * const trace = await readTrace('traces/sample')
 * const policy = policies.get('fixed', 'my study')
 * const runs = [10, 20].map((minutes) =>
 *   simulateRun(`${minutes} min`, { trace, model: PAPER_MODEL, policy, params: { keepAlive: minutes * 60_000 }, seed: 1 }),
 * )
 * console.log(textReport(compare({ experiment: 'study', trace: traceSummary(trace), baseline: '10 min', runs }), { colour: true }))
 * ```
 *
 * What a user can mend is thrown as a {@link UserError}; any other error is a bug.
 *
 * @packageDocumentation
 */

export { type Described, type Registry, registry } from './core/registry.ts'
export { type Complaint, UserError } from './core/user-error.ts'
export { MODEL_VERSION, VERSION } from './core/version.ts'
export { type Account, ACCOUNTS, type Ledger, loadedMb, type Reason, REASONS, type Timeline } from './engine/ledger.ts'
export { LATENCIES, type Latency, type LatencyTable } from './engine/latency.ts'
export { simulateRun } from './experiment/simulate-run.ts'
export { traceSummary } from './experiment/trace-record.ts'
export { compare, type ComparisonInput } from './metrics/compare.ts'
export type { Comparison, RunSummary } from './metrics/comparison.ts'
export type { FinishedRun, LatencyQuantiles, Money, Totals, TraceSummary } from './metrics/run.ts'
export { defaultPlan, type Export, exportPlan } from './export/export-plan.ts'
export type { ExportFile } from './export/files/export-file.ts'
export { FIDELITY_KINDS, type FidelityKind, type FidelityNote } from './export/fit/fidelity.ts'
export type { NameRule } from './export/files/name-rule.ts'
export { type NameMap, OWN_NAMES, readNames } from './export/files/names.ts'
export type { AppliedRules, NamedApp, NamedPlan, Platform, PlatformSetting, Written } from './export/platform.ts'
export { PLATFORMS } from './export/platforms/index.ts'
export { METRICS } from './metrics/index.ts'
export type { Metric } from './metrics/metric.ts'
export type { ListedPrices } from './metrics/prices/listed-prices.ts'
export { PRICES } from './metrics/prices/providers/index.ts'
export type { PriceTable, Rate, Size, Sizes } from './metrics/prices/price-table.ts'
export { type ComparisonDocument, toJson } from './metrics/to-json.ts'
export { defaultsOf, type Parameter, type ParameterTable, type ParameterValues } from './policy/parameters.ts'
export {
  constantFloor,
  type Floor,
  type FloorStep,
  levelAt,
  NO_FLOOR,
} from './policy/plan/floor.ts'
export type { AppPlan, AppRules, Evidence, Plan } from './policy/plan/plan.ts'
export { planOfJson, planToJson } from './policy/plan/plan-json.ts'
export { planPolicy } from './policy/plan/plan-policy.ts'
export { policies } from './policy/policies/index.ts'
export {
  definePolicy,
  type FloorAnswer,
  type Policy,
  type PolicyContext,
  type PolicyDefinition,
  type Windows,
} from './policy/policy.ts'
export type { Chart } from './report/chart.ts'
export { CHARTS } from './report/charts/index.ts'
export type { Renderer, ReportFile } from './report/renderer.ts'
export { RENDERERS } from './report/renderers/index.ts'
export { type TextOptions, textReport } from './report/comparison/text-report.ts'
export { COLD_START_WORTH_MS, derivePlan, type PlanOptions } from './sim/plan/derive-plan.ts'
export { inlineMore } from './sim/workers/inlining.ts'
export type { EvictionDefinition, EvictionFacts, IdlePool } from './sim/cluster/idle-pool.ts'
export type { NodeTable, Placement, PlacementDefinition, PlacementFacts } from './sim/cluster/placement.ts'
export { evictions } from './sim/evictions/index.ts'
export { type Bound, type Bounds, boundsOf, BREAK_EVEN_LEAD, drawn } from './sim/bounds/bounds.ts'
export type { CapacityBound } from './sim/bounds/capacity-bound.ts'
export type { Lead } from './sim/bounds/each-gap.ts'
export type { FixedWindows } from './sim/bounds/fixed-windows.ts'
export { coldAt, type Frontier } from './sim/bounds/frontier.ts'
export type { BoundsInput } from './sim/bounds/idle-periods.ts'
export { kneeOf, memoryFor, type MissCurve, missesAt } from './sim/curve/miss-curve.ts'
export {
  CLUSTER_MODEL,
  INSTANCES_MODEL,
  type LogNormalColdStart,
  type Model,
  type NodeGroup,
  PAPER_MODEL,
  type SizedColdStart,
  type Spread,
  SPREADS,
} from './sim/model.ts'
export { placements } from './sim/placements/index.ts'
export { type CurveInput, lruCurve } from './sim/curve/reuse-distance.ts'
export { type Simulation, simulate } from './sim/simulate.ts'
export type { StandInOptions } from './sim/plan/scheduled-floor.ts'
export { writeCompiled } from './trace/compiled/compiled-file.ts'
export type { DefectRule } from './trace/build/defect-log.ts'
export type { ReadOptions, TraceFormat } from './trace/format.ts'
export { formats } from './trace/formats/index.ts'
export type { Defect, JoinReport, SourceFile } from './trace/build/join-report.ts'
export { readTrace } from './trace/read.ts'
export {
  type AppTable,
  type CountColumns,
  type EventColumns,
  type FunctionTable,
  type Names,
  type Trace,
  TRACE_FACTS,
  type TraceFact,
  type Trigger,
  TRIGGERS,
} from './trace/trace.ts'
