import type { Experiment } from '../../config/experiment-file.ts'
import { UserError } from '../../core/user-error.ts'
import { formatDuration, MINUTE } from '../../core/units.ts'
import { VERSION } from '../../core/version.ts'
import { compareRuns } from '../../metrics/compare-runs.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import type { Goal } from '../../metrics/decision/decision.ts'
import { METRICS } from '../../metrics/index.ts'
import type { Metric } from '../../metrics/metric.ts'
import { beatenBy } from '../../metrics/pareto.ts'
import type { FinishedRun, TraceSummary } from '../../metrics/run.ts'
import { sliceTrace } from '../../trace/slice.ts'
import type { Trace } from '../../trace/trace.ts'
import { makeRuns } from '../execute.ts'
import { grid } from '../grid.ts'
import { baselineFirst, type PlannedRun, planRuns } from '../run-plan.ts'
import { traceSummary } from '../trace-record.ts'
import { listedCandidates, type ListedEnd, listedEnds, type TuneCandidate, withCandidates } from './candidates.ts'
import { Search, type Tried } from './search.ts'

/** The judged part in ms from the beginning of the trace; all before it is the learning part. */
export interface JudgedPart {
  readonly fromMs: number
  readonly toMs: number
}

/** What came of a candidate on one part of the trace: means over its seeds. */
export interface TuneOutcome {
  readonly coldStarts: number
  readonly invocations: number
  /** Idle memory over that of the baseline on the same part; null where that has none. */
  readonly idle: number | null
  /** The metrics of the goal in their units, by id; null where a run has none. */
  readonly metrics: Readonly<Record<string, number | null>>
}

/** A candidate that was run on the learning part. */
export interface TunedCandidate {
  readonly label: string
  /** Whether the search proposed it; else the experiment lists it. */
  readonly isFound: boolean
  readonly learning: TuneOutcome
  /** Whether it keeps to the limits on the learning part. */
  readonly isAllowed: boolean
  /** Whether no other is as good in every figure of the front and better in one, on the learning part. */
  readonly isOnFront: boolean
}

/** What the command `tune` tells; the document that it prints with --json, but for its schema. */
export interface TuneStudy {
  readonly version: string
  readonly experiment: string
  readonly trace: TraceSummary
  readonly goal: Goal
  readonly seed: number
  /** Runs that the search was allowed beyond those listed, in candidates. */
  readonly search: number
  readonly judged: JudgedPart
  readonly baseline: string
  /** Ids of the metrics between which the front is. */
  readonly front: readonly string[]
  readonly candidates: readonly TunedCandidate[]
  /** The choice, by the learning part alone; null where no candidate keeps to the limits. */
  readonly chosen: {
    readonly label: string
    readonly learning: TuneOutcome
    readonly judged: TuneOutcome
    /** Its parameters that are at an end of what is listed: values beyond it were not tried. */
    readonly atEnds: readonly ListedEnd[]
  } | null
  /** The baseline on the judged part. */
  readonly judgedBaseline: TuneOutcome
}

/** What a study is made of. */
export interface TuneOptions {
  readonly goal: Goal
  readonly judged: JudgedPart
  /** Candidates that the search may run beyond those that the experiment lists; 0: none. */
  readonly search: number
  /** Of the search alone; a whole number. */
  readonly seed: number
  /** Threads at most; the result does not depend on it. */
  readonly jobs: number
  /** Hears how many of all runs are over; fractions are parts of runs. */
  onProgress(done: number, of: number): void
}

/** A study, and the choice as a candidate of the experiment. */
export interface Tuned {
  readonly study: TuneStudy
  readonly chosen: TuneCandidate | null
  /** Variant of the baseline. */
  readonly baseline: string
}

/** Candidates that the search proposes at a time, whatever the threads. */
const AT_A_TIME = 4

/**
 * Runs every candidate of an experiment, and then what a search proposes, on the part of its trace before the judged one;
 * chooses the best by that part alone, and judges the choice on the rest: it learns from the beginning on, and its accounts
 * begin at the border. Throws a UserError for what does not fit the trace, the goal or itself.
 */
export async function tune(asked: Experiment, trace: Trace, options: TuneOptions): Promise<Tuned> {
  const { goal, judged, seed } = options
  demandOneWorld(asked)
  demandPart(judged, trace)
  const { judges: _, ...wholeTrace } = asked.trace
  const experiment = { ...asked, trace: wholeTrace }
  const early = sliceTrace(trace, { forMs: judged.fromMs })
  const listed = listedCandidates(experiment, early)
  const search = options.search === 0 ? undefined : new Search(experiment, early, seed)
  if (search?.isEmpty === true) {
    const problem =
      'no policy of the experiment lists several values of a number or duration, so there is nothing to search'
    throw new UserError({ where: '--search', problem, hint: 'Write a list or range, as in keepAlive: 5m..120m.' })
  }
  const seeds = experiment.seeds.length
  const rounds = new Rounds(experiment, { total: seeds * (listed.length + options.search + 2), options })
  const metrics = metricsOf(experiment)
  const ranking = new OutcomeOrder(goal, metrics)
  const learnt = new Map<string, TuneOutcome>()
  const learn = async (candidates: readonly TuneCandidate[]): Promise<void> => {
    const outcomes = await rounds.run(early, candidates, null)
    for (const [variant, summaries] of outcomes) learnt.set(variant, ranking.outcomeOf(summaries))
  }
  const all = [...listed]
  await learn(all)
  ranking.demandFigures([...learnt.values()])
  const tried = (): Tried[] =>
    ranking
      .bestFirst(all.map((candidate) => ({ candidate, outcome: learnt.get(candidate.variant)! })))
      .map(({ candidate, outcome }) => ({ candidate, figures: ranking.figuresOf(outcome) }))
  for (let left = search === undefined ? 0 : options.search; left > 0; ) {
    const found = search!.propose(tried(), Math.min(AT_A_TIME, left), 1 - left / options.search)
    if (found.length === 0) break
    await learn(found)
    all.push(...found)
    left -= found.length
  }
  const best = tried().find(({ candidate }) => ranking.isAllowed(learnt.get(candidate.variant)!))?.candidate ?? null
  const end = judged.toMs < trace.horizonMs ? sliceTrace(trace, { forMs: judged.toMs }) : trace
  const judgedOutcomes = await rounds.run(end, best === null ? [] : [best], judged)
  const onJudged = (variant: string): TuneOutcome => ranking.outcomeOf(judgedOutcomes.get(variant)!)
  const figures = all.map(({ variant }) => ranking.figuresOf(learnt.get(variant)!))
  const beaten = beatenBy(figures)
  const { baseline } = rounds
  const study: TuneStudy = {
    version: VERSION,
    experiment: experiment.name,
    trace: traceSummary(trace),
    goal,
    seed,
    search: options.search,
    judged,
    baseline: baseline.label,
    front: ranking.front,
    candidates: all.map(({ label, variant }, at): TunedCandidate => {
      const learning = learnt.get(variant)!
      const isAllowed = ranking.isAllowed(learning)
      return { label, isFound: at >= listed.length, learning, isAllowed, isOnFront: beaten[at] === 0 }
    }),
    chosen:
      best === null
        ? null
        : {
            label: best.label,
            learning: learnt.get(best.variant)!,
            judged: onJudged(best.variant),
            atEnds: listedEnds(best, listed),
          },
    judgedBaseline: onJudged(baseline.variant),
  }
  return { study, chosen: best, baseline: baseline.variant }
}

/** Every metric, with its unit at the prices of an experiment. */
export function metricsOf({ metrics, prices }: Pick<Experiment, 'metrics' | 'prices'>): readonly Metric[] {
  return [...METRICS.all, ...metrics].map((metric) => ({ ...metric, ...metric.within?.(prices ?? null) }))
}

/** Runs candidates and measures them against the baseline, round after round. */
class Rounds {
  private readonly experiment: Experiment
  private readonly options: TuneOptions
  private total: number
  private done = 0
  /** The baseline's runs on the part that was run last. */
  private anchors: { readonly of: Trace; readonly runs: readonly FinishedRun[] } | undefined
  private found: { readonly label: string; readonly variant: string } | undefined

  constructor(experiment: Experiment, { total, options }: { readonly total: number; readonly options: TuneOptions }) {
    this.experiment = experiment
    this.total = total
    this.options = options
  }

  get baseline() {
    return this.found!
  }

  /** The summaries of each candidate's runs, and of the baseline's where they were not made before on this part, by variant. */
  async run(
    trace: Trace,
    candidates: readonly TuneCandidate[],
    judged: JudgedPart | null,
  ): Promise<ReadonlyMap<string, readonly RunSummary[]>> {
    const { experiment } = this
    // What is the baseline is found among all that the experiment lists.
    const { baseline } = planRuns(experiment, trace)
    this.found ??= baseline
    const anchor = listedCandidates(experiment, trace).filter(({ variant }) => variant === baseline.variant)
    const own = anchor.concat(candidates.filter(({ variant }) => variant !== baseline.variant))
    const judge = { value: { fromMs: judged?.fromMs ?? 0, toMs: judged?.toMs ?? 'end' }, written: '', canonical: '' }
    const judges = judged === null ? {} : { judges: { name: 'judge', values: [judge], where: '--judge-from' } }
    const part = { ...withCandidates(experiment, own), trace: { ...experiment.trace, ...judges } }
    const plan = planRuns(part, trace)
    const isAnchor = ({ variant }: PlannedRun): boolean => variant === baseline.variant
    const summaries: RunSummary[] = []
    const finished: FinishedRun[] = []
    const known = this.anchors?.of === trace ? this.anchors.runs : undefined
    const runs = baselineFirst(plan, plan.runs)
    const first = runs.filter(isAnchor)
    if (known === undefined) {
      await this.make(trace, first, (run) => void finished.push(run))
      this.anchors = { of: trace, runs: finished }
      summaries.push(...this.measured(trace, finished, []))
    }
    await this.make(
      trace,
      runs.filter((run) => !isAnchor(run)),
      (run) => void summaries.push(...this.measured(trace, this.anchors!.runs, [run])),
    )
    return Map.groupBy(summaries, ({ variant }) => variant)
  }

  private async make(trace: Trace, runs: readonly PlannedRun[], keep: (run: FinishedRun) => void): Promise<void> {
    const byDigest = new Map(runs.map((run) => [run.digest, run]))
    if (byDigest.size === 0) return
    const { jobs, onProgress } = this.options
    await makeRuns(trace, [...byDigest.values()], {
      jobs,
      store: {
        writeRun({ run }) {
          const { label, variant } = byDigest.get(run.digest)!
          keep({ ...run, label, variant, draws: false, windowMs: 0 })
        },
      },
      watcher: { progresses: (share) => onProgress(this.done + share * byDigest.size, this.total) },
    })
    this.done += byDigest.size
    onProgress(this.done, this.total)
  }

  /** Summaries of `runs`, or of the baseline's where there are none; a run is forgotten once it was measured. */
  private measured(trace: Trace, anchors: readonly FinishedRun[], runs: readonly FinishedRun[]): readonly RunSummary[] {
    const { name, metrics, prices } = this.experiment
    const { runs: all } = compareRuns({
      experiment: name,
      trace: traceSummary(trace),
      baseline: { label: this.baseline.label, variant: this.baseline.variant },
      runs: [...anchors, ...runs],
      prices: prices ?? null,
      metrics,
      // Each is only measured here: what it all comes to is decided at the end.
      acrossWorlds: true,
    })
    return runs.length === 0 ? all : all.slice(anchors.length)
  }
}

/** What is wanted, as an order of outcomes. */
class OutcomeOrder {
  /** Ids of the metrics of the front. */
  readonly front: readonly string[]
  private readonly goal: Goal
  private readonly metrics: readonly Metric[]

  constructor(goal: Goal, metrics: readonly Metric[]) {
    this.goal = goal
    this.metrics = metrics
    const limited = goal.limits.map(({ metric }) => metric)
    // Where nothing is limited, the trade is still one of memory for cold starts.
    const others = limited.length === 0 ? ['cold-starts', 'idle-memory'] : limited
    this.front = [...new Set([goal.minimise, ...others])]
  }

  outcomeOf(summaries: readonly RunSummary[]): TuneOutcome {
    const mean = (of: (run: RunSummary) => number | null): number | null => {
      const values = summaries.map(of)
      return values.some((value) => value === null)
        ? null
        : values.reduce<number>((sum, value) => sum + value!, 0) / values.length
    }
    return {
      coldStarts: mean(({ totals }) => totals.coldStarts)!,
      invocations: mean(({ totals }) => totals.invocations)!,
      idle: mean(({ relative }) => relative.idleMbS),
      metrics: Object.fromEntries(this.front.map((id) => [id, mean(({ metrics }) => metrics[id] ?? null)])),
    }
  }

  /** Throws a UserError where no run has a figure that is to be least or within a limit. */
  demandFigures(outcomes: readonly TuneOutcome[]): void {
    for (const id of [this.goal.minimise, ...this.goal.limits.map(({ metric }) => metric)]) {
      if (outcomes.some(({ metrics }) => metrics[id] !== null)) continue
      const { unit } = this.metrics.find((metric) => metric.id === id)!
      const hint =
        unit === 'currency'
          ? 'Money needs prices: write prices: <id or file> in the experiment, or --set prices=<id>.'
          : 'The metric needs what the model or the trace does not have, or the baseline has none of it.'
      throw new UserError({ where: 'pilotlight tune', problem: `no run has the metric ${id}`, hint })
    }
  }

  /** The figures of the front, the smaller the better; what has none comes last. */
  figuresOf({ metrics }: TuneOutcome): number[] {
    return this.front.map((id) => this.cost(id, metrics[id] ?? null))
  }

  isAllowed(outcome: TuneOutcome): boolean {
    return this.excess(outcome) === 0 && outcome.metrics[this.goal.minimise] !== null
  }

  /** The best first: those nearest to the limits, of which those within are all alike, then by what is to be least. */
  bestFirst<T extends { readonly outcome: TuneOutcome }>(list: readonly T[]): T[] {
    const keys = new Map(list.map((each) => [each, [this.excess(each.outcome), ...this.figuresOf(each.outcome)]]))
    return list.toSorted((one, other) => {
      const [a, b] = [keys.get(one)!, keys.get(other)!]
      const at = a.findIndex((value, place) => value !== b[place])
      return at < 0 ? 0 : a[at]! - b[at]!
    })
  }

  /** By how much it is beyond the limits, as parts of them; 0 within. */
  private excess({ metrics }: TuneOutcome): number {
    return this.goal.limits.reduce((sum, { metric, value }) => {
      const found = metrics[metric]
      if (found === null || found === undefined) return Number.POSITIVE_INFINITY
      const beyond = this.cost(metric, found) - this.cost(metric, value)
      // The baseline's own figure is 100 % of itself, whatever its last bit.
      return beyond <= 1e-9 * Math.abs(value) ? sum : sum + beyond / (value === 0 ? 1 : Math.abs(value))
    }, 0)
  }

  private cost(id: string, value: number | null): number {
    if (value === null) return Number.POSITIVE_INFINITY
    return this.metrics.find((metric) => metric.id === id)!.better === 'higher' ? -value : value
  }
}

function demandPart({ fromMs, toMs }: JudgedPart, { horizonMs }: Trace): void {
  if (fromMs > 0 && fromMs < toMs && toMs <= horizonMs && fromMs % MINUTE === 0) return
  const problem = `expected whole minutes above 0 and less than the trace's ${horizonMs / MINUTE}, found ${fromMs / MINUTE}`
  const hint = `It is the time since the trace began, as in 8d or 36h; the trace lasts ${formatDuration(horizonMs)}.`
  throw new UserError({ where: '--judge-from', problem, hint })
}

/** Parameters are chosen for one world. */
function demandOneWorld({ models }: Experiment): void {
  const swept = models.flatMap(({ given }) => given).find(({ values }) => values.length > 1)
  const worlds = models.reduce((sum, { given }) => sum + grid(given).length, 0)
  if (worlds === 1) return
  const where = swept?.where ?? models[1]!.where
  const problem = `parameters are chosen for one world, and the experiment has ${worlds}`
  throw new UserError({ where, problem, hint: 'Name one, as in --set model.kind=paper.' })
}
