import { canonical } from '../core/canonical.ts'
import { nearest } from '../core/registry.ts'
import { ENGLISH, type Language, told } from '../language/language.ts'
import { retold } from '../language/retold.ts'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import type { Baseline, Comparison, RunSummary } from './comparison.ts'
import { decide } from './decision/decide.ts'
import type { Goal, WorldBounds } from './decision/decision.ts'
import { METRICS } from './index.ts'
import type { Metric } from './metric.ts'
import type { FinishedRun, MeasuredRun, Money, RunFigures, TraceSummary } from './run.ts'
import { distinctLabels } from './distinct-labels.ts'
import type { PriceTable } from './prices/price-table.ts'
import { type LoneSummary, summarise } from './summary.ts'
import { withFacts } from './with-facts.ts'

/** What a comparison is made of. */
export interface ComparisonInput {
  readonly experiment: string
  readonly trace: TraceSummary
  /** The baseline's variant, or the label of a run of it. */
  readonly baseline: Baseline | string
  readonly runs: readonly FinishedRun[]
  /** Prices that give every run its money; they change nothing else. */
  readonly prices?: PriceTable | null
  /** What a reader must know besides; a sentence each. */
  readonly notes?: readonly string[]
  /** What a run is charged in place of what the prices alone make of it, by its position. */
  readonly charged?: (money: Money, position: number) => Money
  /** Whether a run in another world than any of the baseline's is compared with the baseline's first all the same. */
  readonly acrossWorlds?: boolean
  /** Columns of the user's own, which come after the listed ones. */
  readonly metrics?: readonly Metric[]
  /** What is wanted of a policy; by default the fewest cold starts at no more idle memory than the baseline. */
  readonly goal?: Goal
  /** What the trace offers beyond its invocations; absent where that is not known. */
  readonly offers?: readonly string[]
  /** What no policy beats, where that was computed, with the digests of the runs that it bounds. */
  readonly bounds?: readonly { readonly digests: readonly string[]; readonly curves: WorldBounds['curves'] }[]
  /** What its sentences and headings are written in; by default English. */
  readonly language?: Language
  /** Chooses and orders the runs after they were compared with their baselines, by their positions. */
  choose?(runs: readonly RunSummary[], columns: readonly Metric[]): readonly number[]
}

/**
 * Sets finished runs beside each other, in their order. Each is compared with the baseline's run under the same model
 * and seed, judged on the same part; where there is none, or its figure is 0, the relative figure is null.
 * Throws a {@link UserError} when no run is the baseline's.
 */
export function compareRuns(input: ComparisonInput): Comparison {
  const { experiment, trace, baseline, runs, prices = null, notes = [], metrics = [], language = ENGLISH } = input
  const anchor = baselineOf(baseline, runs)
  const { labels, note } = distinctLabels(
    runs.map(({ label }) => label),
    language,
  )
  const alone = runs.map((run, index): Lone => {
    const figures = summarise(withFacts(run, { label: labels[index]! }), prices)
    const money = figures.money === null ? null : (input.charged?.(figures.money, index) ?? figures.money)
    return withFacts({ ...figures, money }, accountsOf(run))
  })
  const anchors = alone.filter(({ variant }) => variant === anchor.variant)
  const inWorld = baselineRuns(anchors)
  const ofAnchor = (run: Lone): Lone | undefined =>
    inWorld(run) ?? (input.acrossWorlds === true ? anchors[0] : undefined)
  const columns = [...METRICS.all, ...metrics].map((metric) => ({ ...metric, ...metric.within?.(prices) }))
  const measured = alone.map((run) => measuredAgainst(ofAnchor(run), run))
  const all = measured.map((run, position) => ({
    summary: { ...figuresOf(run), metrics: valuesOf(columns, run, trace) },
    accounts: run,
    base: run.baseline,
    draws: runs[position]!.draws,
    windowMs: runs[position]!.windowMs,
  }))
  const chosen = input.choose?.(
    all.map(({ summary }) => summary),
    columns,
  )
  const decided = chosen?.map((position) => all[position]!) ?? all
  const summaries = decided.map(({ summary }) => summary)
  const { goal, offers } = input
  const bounds = input.bounds?.flatMap(({ digests, curves }): WorldBounds[] => {
    const bounded = new Set(digests)
    const positions = summaries.flatMap(({ digest }, position) => (bounded.has(digest) ? [position] : []))
    return positions.length === 0 ? [] : [{ runs: positions, curves }]
  })
  const headed = columns.map((metric) => inLanguage(metric, language))
  return {
    experiment,
    version: VERSION,
    language,
    trace,
    model: sharedModel(runs),
    baseline: anchor,
    prices,
    notes: [...notes.map((each) => retold(each, language)), ...note],
    columns: headed,
    runs: summaries,
    decision: decide({
      // What one platform makes of one policy is no choice between policies.
      runs: input.acrossWorlds === true ? [] : decided,
      metrics: headed,
      language,
      baseline: anchor,
      trace,
      ...(goal === undefined ? {} : { goal }),
      ...(offers === undefined ? {} : { offers }),
      ...(bounds === undefined ? {} : { bounds }),
    }),
  }
}

/** Units that are words, not symbols. */
const WRITTEN_UNITS = ['unit.ofBase', 'unit.apps', 'unit.currency'] as const

/** A metric whose heading, unit and meaning are in a language, where that has them. */
function inLanguage(metric: Metric, language: Language): Metric {
  const { unit } = metric
  const own = WRITTEN_UNITS.find((word) => ENGLISH.words[word] === unit)
  return { ...metric, ...language.metrics[metric.id], unit: own === undefined ? unit : told(language, own) }
}

/** A run's figures and accounts, before it is compared with a baseline. */
type Lone = LoneSummary & Pick<MeasuredRun, 'ledger' | 'dayLedgers' | 'memoryMb' | 'horizonMs'>

/** What a run is measured by; it is read when a metric or the decision asks for it. */
function accountsOf(run: FinishedRun): Pick<MeasuredRun, 'ledger' | 'dayLedgers' | 'memoryMb' | 'horizonMs'> {
  return {
    get ledger() {
      return run.ledger
    },
    get dayLedgers() {
      return run.days
    },
    get memoryMb() {
      return run.memoryMb
    },
    horizonMs: run.horizonMs,
  }
}

const MEASURED_BY: ReadonlySet<string> = new Set(['ledger', 'dayLedgers', 'memoryMb', 'horizonMs', 'baseline'])

/** A measured run without what it was measured by. */
function figuresOf(run: MeasuredRun): RunFigures {
  const names = Object.keys(run).filter((name) => !MEASURED_BY.has(name)) as (keyof RunFigures)[]
  return Object.fromEntries(names.map((name) => [name, run[name]])) as unknown as RunFigures
}

function valuesOf(columns: readonly Metric[], run: MeasuredRun, trace: TraceSummary): Record<string, number | null> {
  return Object.fromEntries(columns.map((metric) => [metric.id, metric.of(run, trace)]))
}

function baselineOf(baseline: Baseline | string, runs: readonly FinishedRun[]): Baseline {
  const label = typeof baseline === 'string' ? baseline : baseline.label
  const found = runs.find((run) =>
    typeof baseline === 'string' ? run.label === label : run.variant === baseline.variant,
  )
  if (found !== undefined) return { label, variant: found.variant }
  const labels = runs.map((run) => run.label)
  const near = nearest(label, labels)
  const meant = near === undefined ? `The runs are: ${labels.join(', ')}.` : `Did you mean "${near}"?`
  throw new UserError({
    where: 'baseline',
    problem: `expected the label of a run, found ${JSON.stringify(label)}`,
    hint: runs.length === 0 ? 'There are no finished runs to compare.' : meant,
  })
}

/**
 * Finds the baseline's run in the world of another run: with the same eviction order, or, as a policy may choose that
 * order for itself, the first with another one. A baseline in which nothing is random has one run for all seeds.
 */
function baselineRuns(runs: readonly Lone[]): (run: Lone) => Lone | undefined {
  const exact = firstOf(runs, worldKey)
  const first = firstOf(runs, (run) => worldKey(withoutEviction(run)))
  const lone = Map.groupBy(runs, (run) => worldKey(withoutSeed(run)))
  return (run) => {
    const found = exact.get(worldKey(run)) ?? first.get(worldKey(withoutEviction(run)))
    if (found !== undefined) return found
    const samples = lone.get(worldKey(withoutSeed(run))) ?? []
    return samples.length === 1 ? samples[0] : undefined
  }
}

function firstOf(runs: readonly Lone[], keyOf: (run: Lone) => string): ReadonlyMap<string, Lone> {
  return new Map(runs.toReversed().map((run) => [keyOf(run), run]))
}

/** What a run and its baseline must have in common. */
type RunWorld = Pick<FinishedRun, 'model' | 'seed' | 'judged'>

function withoutEviction({ model, seed, judged }: RunWorld): RunWorld {
  const { eviction: _, ...rest } = model
  return { model: rest, seed, judged }
}

function withoutSeed(run: RunWorld): RunWorld {
  return { ...withoutEviction(run), seed: 0 }
}

/** A run with its figures relative to the baseline's run of the same world. */
function measuredAgainst(baseline: Lone | undefined, run: Lone): MeasuredRun {
  const against = (base: Lone | undefined, of: Lone): RunFigures['relative'] => ({
    idleMbS: ratio(of.totals.idleMbS, base?.totals.idleMbS),
    coldStarts: ratio(of.totals.coldStarts, base?.totals.coldStarts),
  })
  const itself = baseline === undefined ? null : withFacts(baseline, { relative: against(baseline, baseline) })
  return withFacts(run, { relative: against(baseline, run), baseline: itself })
}

function ratio(value: number, base = 0): number | null {
  return base === 0 ? null : value / base
}

/** Every option of the runs' models: its value, or the list of its values where it was swept. */
function sharedModel(runs: readonly FinishedRun[]): Record<string, unknown> {
  const values = new Map<string, Map<string, unknown>>()
  for (const { model } of runs) {
    for (const [option, value] of Object.entries(model)) {
      const seen = values.get(option) ?? new Map<string, unknown>()
      values.set(option, seen.set(canonical(value), value))
    }
  }
  return Object.fromEntries(
    [...values].map(([option, seen]) => [option, seen.size === 1 ? seen.values().next().value : [...seen.values()]]),
  )
}

function worldKey({ model, seed, judged }: RunWorld): string {
  return canonical({ model, seed, judged })
}
