import { nearest } from '../core/registry.ts'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import type { Baseline, Comparison, FinishedRun, RunSummary, TraceSummary } from './comparison.ts'
import { distinctLabels } from './distinct-labels.ts'
import type { PriceTable } from './prices/price-table.ts'
import { type LoneSummary, summarise } from './summary.ts'

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
}

/**
 * Sets finished runs beside each other, in their order. Each is compared with the baseline's run under the same model
 * and seed; where there is none, or its figure is 0, the relative figure is null.
 * Throws a {@link UserError} when no run is the baseline's.
 */
export function compare({ experiment, trace, baseline, runs, prices = null, notes = [] }: ComparisonInput): Comparison {
  const anchor = baselineOf(baseline, runs)
  const { labels, note } = distinctLabels(runs.map(({ label }) => label))
  const alone = runs.map((run, index) => summarise({ ...run, label: labels[index]! }, prices))
  const ofAnchor = baselineRuns(alone.filter(({ variant }) => variant === anchor.variant))
  return {
    experiment,
    version: VERSION,
    trace,
    model: sharedModel(runs),
    baseline: anchor,
    prices,
    notes: [...notes, ...note],
    runs: alone.map((run) => relativeTo(ofAnchor(run), run)),
  }
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
 * order for itself, the first with another one.
 */
function baselineRuns(runs: readonly LoneSummary[]): (run: LoneSummary) => LoneSummary | undefined {
  const exact = new Map(runs.map((run) => [worldKey(run), run]))
  const first = new Map(runs.toReversed().map((run) => [worldKey(withoutEviction(run)), run]))
  return (run) => exact.get(worldKey(run)) ?? first.get(worldKey(withoutEviction(run)))
}

function withoutEviction({ model, seed }: Pick<FinishedRun, 'model' | 'seed'>): Pick<FinishedRun, 'model' | 'seed'> {
  const { eviction: _, ...rest } = model
  return { model: rest, seed }
}

function relativeTo(baseline: LoneSummary | undefined, run: LoneSummary): RunSummary {
  const ratio = (account: 'idleMbS' | 'coldStarts'): number | null => {
    const base = baseline?.totals[account] ?? 0
    return base === 0 ? null : run.totals[account] / base
  }
  return { ...run, relative: { idleMbS: ratio('idleMbS'), coldStarts: ratio('coldStarts') } }
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

function worldKey({ model, seed }: Pick<FinishedRun, 'model' | 'seed'>): string {
  return canonical({ model, seed })
}

/** One text for equal plain values, whatever the order of their keys; infinite numbers keep apart from null. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number') return Number.isFinite(part) ? part : String(part)
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
