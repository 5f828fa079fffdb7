import { nearest } from '../core/registry.ts'
import { UserError } from '../core/user-error.ts'
import { MODEL_VERSION } from '../core/version.ts'
import { compareRuns } from '../metrics/compare-runs.ts'
import { ENGLISH, type Language, told } from '../language/language.ts'
import type { Comparison, RunSummary } from '../metrics/comparison.ts'
import type { BoundCurve, Goal } from '../metrics/decision/decision.ts'
import type { MeasuredBeside } from '../metrics/measured.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { Metric } from '../metrics/metric.ts'
import { perAppLines } from '../metrics/per-app.ts'
import { withFacts } from '../metrics/with-facts.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { Store } from '../store/store.ts'
import { parseSource } from '../config/document.ts'
import { type Experiment, goalIn } from '../config/experiment-file.ts'
import { boundedWorld } from './bound-curves.ts'
import { runDraws } from './draws.ts'
import { longestWindow } from './longest-window.ts'
import { canonicalLabel } from './label.ts'
import { measuredIn } from './measured-starts.ts'
import { MOST_RUNS, type RunPlan, planRuns } from './run-plan.ts'
import { experimentRecord, isTraceNote, type ReadTrace } from './trace-record.ts'

/** What a store has of an experiment. */
export interface Results {
  readonly record: ExperimentRecord
  /** In the order of the experiment. */
  readonly finished: readonly FinishedRun[]
  /** Labels of the runs that are still to be made. */
  readonly unfinished: readonly string[]
  /** The store's runs were made by this version of the model, and not by the present one; undefined where they were. */
  readonly olderModel?: number
  /** What no policy beats, and the digests of the runs that it bounds. */
  readonly bounds: readonly { readonly digests: readonly string[]; readonly curves: readonly BoundCurve[] }[]
  /** The runs beside what was measured on the platform, where the trace tells of it. */
  readonly measured?: MeasuredBeside
  /** What the experiment wants of a policy, where it says. */
  readonly goal?: Goal
}

/** What a store has of the experiment of that name, or of its only one. Throws a UserError when it is not there. */
export function resultsIn(store: Store, name?: string): Results {
  const names = store.experimentNames()
  const [only, ...others] = name === undefined ? names : [name]
  const record = only === undefined ? undefined : store.readExperiment(only)
  if (others.length > 0) {
    const problem = `the store holds several experiments: ${names.join(', ')}`
    throw new UserError({ where: store.path, problem, hint: 'Give the file of the experiment in place of the store.' })
  }
  if (record === undefined) {
    const problem =
      name === undefined ? 'the store holds no experiment' : `the store does not hold the experiment ${name}`
    throw new UserError({ where: store.path, problem, hint: 'Run it first: pilotlight run <experiment.yaml>.' })
  }
  const goal = goalIn(parseSource(record.source, `${store.path}, ${record.name}`))
  return withModelOf(store, record, { ...resultsOf(store, record), ...(goal === undefined ? {} : { goal }) })
}

/**
 * What a store has of an experiment as its file is now: runs are found by what they depend on, so one that was changed
 * or added since counts as not made, and money is reckoned at the prices that it names now. Throws a UserError when the experiment was last run on another trace.
 */
export function resultsFor(store: Store, experiment: Experiment): Results {
  const { record } = resultsIn(store, experiment.name)
  const before = parseSource(record.source, experiment.file).data as { trace: unknown }
  const now = parseSource(experiment.text, experiment.file).data as { trace: unknown }
  if (JSON.stringify(before.trace) !== JSON.stringify(now.trace)) {
    const problem = 'the experiment was last run on another trace'
    throw new UserError({
      where: experiment.trace.where,
      problem,
      hint: `Run it again: pilotlight run ${experiment.file}.`,
    })
  }
  const plan = planRuns(experiment, record.trace, Math.max(MOST_RUNS, record.runs.length))
  // What is wrong with the trace is known from the run alone.
  const notes = [...plan.notes, ...record.notes.filter((note) => isTraceNote(note))]
  const present = { ...record, ...plan, notes, prices: experiment.prices ?? null }
  return withModelOf(store, record, { ...resultsOf(store, present, plan), ...wanted(experiment) })
}

/** Says of results by which version of the model the store's runs of the experiment were made, where it is another one. */
function withModelOf(store: Store, { runs }: Pick<ExperimentRecord, 'runs'>, results: Results): Results {
  const versions = runs.map(({ digest }) => store.modelVersionOf(digest)).filter((version) => version !== undefined)
  const olderModel = versions.find((version) => version !== MODEL_VERSION)
  if (olderModel === undefined) return results
  const made = told(ENGLISH, 'note.olderModel', { older: olderModel, present: MODEL_VERSION })
  return { ...results, olderModel, record: { ...results.record, notes: [...results.record.notes, made] } }
}

/** What a store has of the runs that were planned just now, whatever else it holds under the experiment's name. */
export function resultsOfPlan(store: Store, experiment: Experiment, plan: RunPlan, read: ReadTrace): Results {
  return { ...resultsOf(store, experimentRecord(experiment, plan, read), plan), ...wanted(experiment) }
}

function wanted({ goal }: Experiment): Pick<Results, 'goal'> {
  return goal === undefined ? {} : { goal }
}

/** What a store has of the runs of a record; a plan of them says what policies of the user's own declare. */
function resultsOf(store: Store, record: ExperimentRecord, plan?: RunPlan): Results {
  const declared = new Map(plan?.runs.map(({ digest, definition }) => [digest, definition.parameters]))
  const finished: FinishedRun[] = []
  const unfinished: string[] = []
  for (const { label, variant, digest } of record.runs) {
    const run = store.readRun(digest)
    if (run === undefined) {
      unfinished.push(label)
      continue
    }
    const windowMs = longestWindow(run, declared.get(digest))
    finished.push(withFacts(run, { label, variant, draws: runDraws(run, record.trace), windowMs }))
  }
  const measured = measuredIn(store, record, finished)
  const bounds = boundsOf(store, record.trace, finished)
  return { record, finished, unfinished, bounds, ...(measured === undefined ? {} : { measured }) }
}

function boundsOf(store: Store, { digest: trace, offers }: ExperimentRecord['trace'], runs: readonly FinishedRun[]) {
  const worlds = Map.groupBy(runs, (run) => boundedWorld(run, offers))
  return [...worlds].flatMap(([world, own]): Results['bounds'] => {
    const curves = world === undefined ? undefined : store.readBounds(trace, world)
    return curves === undefined ? [] : [{ digests: own.map(({ digest }) => digest), curves }]
  })
}

/** The finished run of that label. Throws a UserError that names the nearest one. */
export function finishedRun(
  { finished, unfinished }: Pick<Results, 'finished' | 'unfinished'>,
  label: string,
): FinishedRun {
  const wanted = canonicalLabel(label)
  const found =
    finished.find((run) => run.label === label) ?? finished.find((run) => canonicalLabel(run.label) === wanted)
  if (found !== undefined) return found
  const where = '--run'
  if (unfinished.some((each) => each === label || canonicalLabel(each) === wanted)) {
    throw new UserError({ where, problem: `the run ${label} is not finished`, hint: 'Run the experiment first.' })
  }
  const labels = finished.map((run) => run.label)
  const near = nearest(label, labels)
  const hint = near === undefined ? `The labels are: ${labels.join(', ')}.` : `Did you mean "${near}"?`
  throw new UserError({ where, problem: `no run has the label ${JSON.stringify(label)}`, hint })
}

/** How results are compared. */
export interface ComparingOptions {
  /** In place of what the experiment wants of a policy. */
  readonly goal?: Goal
  /** What its sentences and headings are written in; by default English. */
  readonly language?: Language
  /** Chooses and orders the runs after they were compared, by their positions; the baseline's may be left out. */
  choose?(runs: readonly RunSummary[], columns: readonly Metric[]): readonly number[]
}

/** The finished runs beside each other, `metrics` being columns of the user's own. Throws a UserError when none of them is the baseline's. */
export function comparisonOf(
  results: Results,
  metrics: readonly Metric[] = [],
  options: ComparingOptions = {},
): Comparison {
  const { record, finished, unfinished, olderModel } = results
  const { name, trace, baseline, prices, notes } = record
  const { offers, ...summary } = trace
  if (unfinished.length > 0 && !finished.some(({ variant }) => variant === baseline.variant)) {
    const problem = `the baseline run ${baseline.label} is not finished`
    const older = `What the store has was made by version ${olderModel} of the model, and this is version ${MODEL_VERSION}: run the experiment again.`
    const hint = olderModel === undefined ? 'Run the experiment, or merge the stores of its shards.' : older
    throw new UserError({ where: name, problem, hint })
  }
  const { goal = results.goal, choose, language } = options
  const compared = compareRuns({
    experiment: name,
    trace: summary,
    baseline,
    prices,
    notes,
    metrics,
    runs: finished,
    offers,
    bounds: results.bounds,
    ...(goal === undefined ? {} : { goal }),
    ...(choose === undefined ? {} : { choose }),
    ...(language === undefined ? {} : { language }),
  })
  return results.measured === undefined ? compared : { ...compared, measured: results.measured }
}

/** Per-app CSV lines of all finished runs, without the header. */
export function* perAppRows(store: Store, { record, finished }: Results): Generator<string> {
  for (const run of finished) {
    const names = store.readNames(record.trace.digest, String(run.model['unit']))
    yield* perAppLines(run, { at: (app) => names[app] ?? '' })
  }
}
