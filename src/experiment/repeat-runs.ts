import { UserError } from '../core/user-error.ts'
import { compareRuns } from '../metrics/compare-runs.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { CardRun, ResultCard } from '../metrics/card.ts'
import type { Trace } from '../trace/trace.ts'
import type { Experiment } from '../config/experiment-file.ts'
import { makeRuns, type RunOptions } from './execute.ts'
import { runDraws } from './draws.ts'
import { longestWindow } from './longest-window.ts'
import { ledgerDigest } from './ledger-digest.ts'
import { type PlannedRun, planRuns } from './run-plan.ts'
import { traceSummary } from './trace-record.ts'

/** A run of a card that was made again. */
export interface RepeatedRun {
  readonly label: string
  /** Whether the accounts of all apps are the same to the last bit; null where the card has no digest of them. */
  readonly sameLedger: boolean | null
  readonly ledger: string
  /** Figures that the card tells otherwise. */
  readonly otherFigures: readonly { readonly metric: string; readonly card: number; readonly here: number }[]
  /** Figures that the card tells and nobody can reckon from the runs alone, such as those that depend on prices. */
  readonly notReckoned: readonly string[]
}

/** Whether a run is what its card says. */
export function isSameRun({ sameLedger, otherFigures }: RepeatedRun): boolean {
  return sameLedger !== false && otherFigures.length === 0
}

export interface RepeatOptions extends Omit<RunOptions, 'store'> {
  /** Where the card is, for errors. */
  readonly path: string
  /** Only the run of this label. */
  readonly label?: string | undefined
}

/** Makes the runs of a card again. Throws a {@link UserError} for a card whose runs are not those of its experiment. */
export async function repeatRuns(
  card: ResultCard,
  experiment: Experiment,
  trace: Trace,
  { path, label, ...options }: RepeatOptions,
): Promise<readonly RepeatedRun[]> {
  const plan = planRuns(experiment, trace, Math.max(card.runs.length, 1) * 2 + 1)
  const told = chosen(card, label)
  const byDigest = new Map(plan.runs.map((run) => [run.digest, run]))
  const wanted = told.map((run) => plannedOf(run, byDigest, path))
  // Figures that are relative to the baseline need its runs as well.
  const anchors = plan.runs.filter(({ variant }) => variant === plan.baseline.variant)
  const made = new Map<string, FinishedRun>()
  const labels = new Map([...anchors, ...wanted].map((run) => [run.digest, run]))
  const store: RunOptions['store'] = {
    writeRun({ run }) {
      const { label: name, variant, definition } = labels.get(run.digest)!
      const windowMs = longestWindow(run, definition.parameters)
      made.set(run.digest, { ...run, label: name, variant, draws: runDraws(run, trace), windowMs })
    },
  }
  await makeRuns(trace, [...labels.values()], { ...options, store })
  const { runs } = compareRuns({
    experiment: card.experiment,
    trace: traceSummary(trace),
    baseline: plan.baseline,
    runs: [...made.values()],
  })
  const figures = new Map(runs.map(({ digest, metrics }) => [digest, metrics]))
  return told.map((run) => {
    const ledger = ledgerDigest(made.get(run.digest)!)
    const { 'wall-time': _wallTime, ...here } = figures.get(run.digest)!
    return {
      label: run.label,
      sameLedger: run.ledger === null ? null : run.ledger === ledger,
      ledger,
      otherFigures: Object.entries(here).flatMap(([metric, value]) => {
        const before = run.metrics[metric]
        const isTold = value !== null && before !== undefined && before !== null
        return isTold && before !== value ? [{ metric, card: before, here: value }] : []
      }),
      notReckoned: Object.entries(run.metrics).flatMap(([metric, value]) =>
        value !== null && metric !== 'wall-time' && (here[metric] ?? null) === null ? [metric] : [],
      ),
    }
  })
}

function chosen({ runs }: ResultCard, label: string | undefined): readonly CardRun[] {
  if (label === undefined) return runs
  const found = runs.filter((run) => run.label === label)
  if (found.length > 0) return found
  const problem = `the card has no run with the label ${JSON.stringify(label)}`
  const hint = `The labels are: ${runs.map((run) => run.label).join(', ')}.`
  throw new UserError({ where: '--run', problem, hint })
}

function plannedOf({ label, digest }: CardRun, planned: ReadonlyMap<string, PlannedRun>, where: string): PlannedRun {
  const run = planned.get(digest)
  if (run !== undefined) return run
  const problem = `its run ${label} has a digest that no run of its experiment has`
  throw new UserError({ where, problem, hint: 'The card was changed, or its experiment was after the run.' })
}
