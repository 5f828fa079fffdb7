import { nearest } from '../core/registry.ts'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import type { Comparison, FinishedRun, RunSummary, TraceSummary } from './comparison.ts'
import type { PriceTable } from './prices/price-table.ts'
import { type LoneSummary, summarise } from './summary.ts'

/** What a comparison is made of. */
export interface ComparisonInput {
  readonly experiment: string
  readonly trace: TraceSummary
  /** Label of the baseline policy: a run's whole label, or the part before the swept options. */
  readonly baseline: string
  readonly runs: readonly FinishedRun[]
  /** Prices that give every run its money; they change nothing else. */
  readonly prices?: PriceTable | null
}

/**
 * Sets finished runs beside each other, in their order. Each is compared with the baseline's run under the same model
 * and seed, or else with one of the baseline's policy and parameters; where there is none, or its figure is 0, the
 * relative figure is null.
 * Throws a {@link UserError} when no run is the baseline's.
 */
export function compare({ experiment, trace, baseline, runs, prices = null }: ComparisonInput): Comparison {
  const anchor = baselineRun(baseline, runs)
  const alone = runs.map((run) => summarise(run, prices))
  const ofPolicy = alone.filter((run) => policyKey(run) === policyKey(anchor))
  const named = baselineRuns(ofPolicy.filter(({ label }) => continues(label, baseline)))
  // Runs that the library's user made may have labels that do not continue the baseline's.
  const others = baselineRuns(ofPolicy)
  return {
    experiment,
    version: VERSION,
    trace,
    model: sharedModel(runs),
    baseline,
    prices,
    runs: alone.map((run) => relativeTo(named(run) ?? others(run), run)),
  }
}

/** What a sweep adds to the label of a policy: nothing, or ` option=value` for each swept option. */
const SWEPT = /^$|^ [\w.]+=/

/** Whether a label is that of the baseline, or continues it with swept options. */
function continues(label: string, baseline: string): boolean {
  return label.startsWith(baseline) && SWEPT.test(label.slice(baseline.length))
}

/** The run that has the baseline's label, or the shortest label that continues it with swept options. */
function baselineRun(baseline: string, runs: readonly FinishedRun[]): FinishedRun {
  const candidates = runs.filter(({ label }) => continues(label, baseline))
  const [first, ...others] = candidates
  if (first !== undefined) {
    return others.reduce((best, run) => (run.label.length < best.label.length ? run : best), first)
  }
  const labels = runs.map(({ label }) => label)
  const near = nearest(baseline, labels)
  const meant = near === undefined ? `The runs are: ${labels.join(', ')}.` : `Did you mean "${near}"?`
  throw new UserError({
    where: 'baseline',
    problem: `expected the label of a run, found ${JSON.stringify(baseline)}`,
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

function policyKey({ policy, params }: Pick<FinishedRun, 'policy' | 'params'>): string {
  return canonical({ policy, params })
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
