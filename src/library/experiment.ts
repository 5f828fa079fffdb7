/**
 * `pilotlight/experiment`: what the command does with experiments and their results. {@link runExperiment} does it all at
 * once; the others do a step each. The LRU curve of a trace, which needs no runs, is here as well.
 *
 * ```ts
 * import { runExperiment } from 'pilotlight/experiment'
 * import { textReport } from 'pilotlight'
 *
 * console.log(textReport(await runExperiment('experiments/quickstart.yaml')))
 * ```
 *
 * @packageDocumentation
 */

export { type Experiment, type GivenOption, type PolicyEntry, readExperiment } from '../config/experiment-file.ts'
export type { Path, Place, SourceDocument } from '../config/document.ts'
export type { OwnPolicy } from '../config/own-policy.ts'
export { type ModelPreset } from '../config/model-preset.ts'
export { presets } from '../config/presets/index.ts'
export type { Mistake, Setting, SettingKind, Value } from '../config/setting.ts'
export { MODEL_KINDS as modelKinds, type ModelKind } from '../config/model-kinds.ts'
export { experimentOfCard } from '../config/card-experiment.ts'
export { readCard } from '../config/card-file.ts'
export { type Agreement, calibrate, type Calibration, type Fit } from '../experiment/calibrate.ts'
export { keepExperiment, makeRuns, type RunOptions, type RunWatcher } from '../experiment/execute.ts'
export { originOf } from '../experiment/origin-of.ts'
export { defaultStore, isStoreFile, reportFolder } from '../experiment/places.ts'
export { type RunPlan, type PlannedRun, planRuns } from '../experiment/run-plan.ts'
export { comparisonOf, finishedRun, perAppRows, type Results, resultsFor, resultsIn } from '../experiment/results.ts'
export { isSameRun, type RepeatedRun, repeatRuns, type RepeatOptions } from '../experiment/repeat-runs.ts'
export { type RunSpec, runDigest } from '../experiment/run-spec.ts'
export { parseShard, type Shard } from '../experiment/shard.ts'
export { type Share, shardOf, sharesOf } from '../experiment/shares.ts'
export type { TuneCandidate } from '../experiment/tune/candidates.ts'
export {
  type JudgedPart,
  tune,
  type Tuned,
  type TunedCandidate,
  type TuneOptions,
  type TuneOutcome,
  type TuneStudy,
} from '../experiment/tune/tune.ts'
export { tunedExperiment } from '../experiment/tune/tuned-experiment.ts'
export type { TraceFacts } from '../experiment/trace-facts.ts'
export { explain, type ExplainOptions } from './explain.ts'
export { runExperiment, type RunExperimentOptions } from './run-experiment.ts'
export type { Goal, Limit } from '../metrics/decision/decision.ts'
export { type Bound, type Bounds, boundsOf, BREAK_EVEN_LEAD, drawn } from '../sim/bounds/bounds.ts'
export type { CapacityBound } from '../sim/bounds/capacity-bound.ts'
export type { Lead } from '../sim/bounds/each-gap.ts'
export type { FixedWindows } from '../sim/bounds/fixed-windows.ts'
export { coldAt, type Frontier } from '../sim/bounds/frontier.ts'
export type { BoundsInput } from '../sim/bounds/idle-periods.ts'
export { type CurveInput, lruCurve } from '../sim/curve/reuse-distance.ts'
export { kneeOf, memoryFor, type MissCurve, missesAt } from '../sim/curve/miss-curve.ts'
export type { EvictionDefinition, EvictionFacts, IdlePool, Ranking } from '../sim/cluster/idle-pool.ts'
export {
  NOWHERE,
  type NodeTable,
  type Placement,
  type PlacementDefinition,
  type PlacementFacts,
} from '../sim/cluster/placement.ts'
export type { CodeFile } from '../own/code-file.ts'
export { evictions } from '../sim/evictions/index.ts'
export { placements } from '../sim/placements/index.ts'
export { inlineMore } from '../sim/workers/inlining.ts'
export type { ExperimentRecord } from '../store/experiments.ts'
export { mergeStores, type MergeResult } from '../store/merge-stores.ts'
export type { RunRecord } from '../store/stored-runs.ts'
export { openStore, type Store } from '../store/store.ts'
export type { TraceRecord } from '../store/traces.ts'
export { type FirstReading, type Proposed, readAsProposed } from '../study/first-experiment.ts'
export { type JudgedClaim, type PaperStudy, paperStudy, type StudyOptions } from '../study/paper/paper-study.ts'
export type { ArrayJob, JobFile } from '../submit/array-job.ts'
export type { BatchEngine, JobState } from '../submit/batch-engine.ts'
export { BATCH_ENGINES as batchEngines } from '../submit/engines/index.ts'
export { type Submission, submitArray, waitFor } from '../submit/submission.ts'
