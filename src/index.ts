/**
 * pilotlight as a library: read a trace, simulate policies on it, compare the runs.
 *
 * ```ts
 * import { compare, fixed, hybridHistogram, readTrace, simulate, textReport } from 'pilotlight'
 *
 * const trace = await readTrace('traces/sample')
 * const runs = [
 *   simulate({ trace, policy: fixed, params: { keepAlive: 10 * 60_000 } }),
 *   simulate({ trace, policy: hybridHistogram }),
 * ]
 * console.log(textReport(compare({ trace, runs })))
 * ```
 *
 * Every policy that comes with pilotlight is here under its name in code. The further entries are `pilotlight/experiment`,
 * `pilotlight/report`, `pilotlight/export` and `pilotlight/live`. What a user can fix is thrown as a {@link UserError}; any
 * other error is a bug.
 *
 * @packageDocumentation
 */

export { type Described, type Registry } from './core/registry.ts'
export { type Complaint, UserError } from './core/user-error.ts'
export { MODEL_VERSION, VERSION } from './core/version.ts'
export { LATENCIES, type Latencies, type Latency, type LatencyTable } from './engine/latency.ts'
export { type Account, ACCOUNTS, type Ledger, loadedMb, type Reason, REASONS, type Timeline } from './engine/ledger.ts'
export { compare, type CompareOptions } from './library/compare.ts'
export { type ModelOptions, simulate, type SimulateOptions } from './library/simulate.ts'
export type { Comparison, RunSummary } from './metrics/comparison.ts'
export type { FinishedRun, LatencyQuantiles, Money, Totals, TraceSummary } from './metrics/run.ts'
export { type ComparisonDocument, toJson } from './metrics/to-json.ts'
export { type Forecast, forecastNext } from './policy/forecast/arima.ts'
export { IdleHistogram } from './policy/forecast/idle-histogram.ts'
export {
  defaultsOf,
  type Parameter,
  type ParameterTable,
  type ParameterValues,
  type ValueOf,
} from './policy/parameters.ts'
export { policies } from './policy/policies/index.ts'
export * from './policy/policies/list.ts'
export {
  definePolicy,
  type FloorAnswer,
  type Policy,
  type PolicyContext,
  type PolicyDefinition,
  type WeekClock,
  type Windows,
} from './policy/policy.ts'
export { type TextOptions, textReport } from './report/comparison/text-report.ts'
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
export type { Simulation } from './sim/simulation.ts'
export { type Origin } from './trace/build/event-time.ts'
export type { DefectRule } from './trace/build/defect-log.ts'
export type { Defect, JoinReport, SourceFile } from './trace/build/join-report.ts'
export type { Archive } from './trace/catalogue/archive.ts'
export { ARCHIVES as datasets } from './trace/catalogue/archives.ts'
export { packCells, type PlainCells } from './trace/cells/pack-cells.ts'
export { plainCells, UnpackedCells } from './trace/cells/unpacked-cells.ts'
export { writeCompiled } from './trace/compiled/compiled-file.ts'
export { downloadArchive, type DownloadOptions } from './trace/download/download-archive.ts'
export type { ReadOptions, TraceFormat } from './trace/trace-format.ts'
export { formats } from './trace/formats/index.ts'
export { readTrace } from './trace/read.ts'
export {
  SYNTH_DEFAULTS,
  type SynthFileOptions,
  type SynthOptions,
  synthesizeTrace,
  writeSynth,
} from './trace/synth/index.ts'
export {
  type AppTable,
  type CountColumns,
  type PackedCells,
  type EventColumns,
  type FunctionTable,
  type MeasuredColumns,
  type Names,
  type Trace,
  TRACE_FACTS,
  type TraceFact,
  type Trigger,
  TRIGGERS,
} from './trace/trace.ts'
