import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import type {
  BoundDistance,
  Candidate,
  Decision,
  Goal,
  PairedDifference,
  FigureSpread,
  TrustFact,
  Verdict,
} from '../../metrics/decision/decision.ts'
import { type Wins, tallyOf } from '../../metrics/decision/wins.ts'
import type { TraceSummary } from '../../metrics/run.ts'

/** A candidate with its figures in one column. */
export interface ChosenRun {
  readonly label: string
  /** Labels and digests of its runs in the column, one a seed. */
  readonly runs: readonly { readonly label: string; readonly digest: string }[]
  /** What is to be least, and the limited metrics in the order of the goal. */
  readonly value: FigureSpread | null
  readonly limited: readonly (FigureSpread | null)[]
  /** Against the baseline in its world, over all its runs there. */
  readonly missed: PairedDifference | null
  readonly idleMbS: PairedDifference | null
  /** What nothing beats at its idle memory; null where that is not known. */
  readonly bound: BoundDistance | null
  readonly tally: Wins
}

/** What the command `choose` tells; the document that it prints with --json, but for its schema. */
export interface Choice {
  readonly experiment: string
  readonly version: string
  readonly trace: TraceSummary
  readonly baseline: string
  readonly goal: Goal
  readonly verdict: Verdict
  /** The column that the figures are of: the first in which the winner is best. */
  readonly column: string | null
  readonly winner: ChosenRun | null
  readonly runnerUp: ChosenRun | null
  /** A line ready to run, which writes the winner as the configuration of a platform. */
  readonly export: string | null
  readonly candidates: Decision['candidates']
  readonly changes: Decision['changes']
  readonly trust: readonly TrustFact[]
}

/** Where runs are kept: the path as typed, and the labels there by digest. */
interface Kept {
  readonly path: string
  readonly labels: ReadonlyMap<string, string>
}

/** What a comparison's decision comes to for someone who must take one. */
export function choiceOf(comparison: Comparison, places: readonly Kept[], platform: string): Choice {
  const { experiment, version, trace, baseline, decision } = comparison
  const { goal, verdict, candidates, changes, trust, columns } = decision
  const named = (label: string | null): Candidate | undefined => candidates.find((each) => each.label === label)
  const winner = named(verdict.winner)
  const column = winner?.standings.findIndex((standing) => standing?.rank === 1) ?? -1
  const chosen = winner === undefined ? null : chosenRun(winner, column, comparison)
  const runnerUp = named(verdict.runnerUp)
  return {
    experiment,
    version,
    trace,
    baseline: baseline.label,
    goal,
    verdict,
    column: columns[column]?.name ?? null,
    winner: chosen,
    runnerUp: runnerUp === undefined ? null : chosenRun(runnerUp, column, comparison),
    export: chosen === null ? null : exportLine(chosen, places, platform, experiment),
    candidates,
    changes,
    trust,
  }
}

function chosenRun(candidate: Candidate, column: number, comparison: Comparison): ChosenRun {
  const { decision, runs } = comparison
  const standing = candidate.standings[column]!
  const { world } = decision.columns[column]!
  const group = decision.groups.find((each) => each.variant === candidate.variant && each.world === world)
  const [first] = standing.runs
  return {
    label: candidate.label,
    runs: standing.runs.map((position) => namedRun(runs[position]!)),
    value: standing.value,
    limited: standing.limited,
    missed: group?.missed ?? null,
    idleMbS: group?.idleMbS ?? null,
    bound: first === undefined ? null : (decision.distances[first] ?? null),
    tally: tallyOf(candidate, decision, comparison),
  }
}

function namedRun({ label, digest }: RunSummary): { readonly label: string; readonly digest: string } {
  return { label, digest }
}

function exportLine({ runs }: ChosenRun, places: readonly Kept[], platform: string, experiment: string): string | null {
  const [run] = runs
  const place = places.find(({ labels }) => run !== undefined && labels.has(run.digest))
  if (run === undefined || place === undefined) return null
  const label = place.labels.get(run.digest)!
  const folder = `reports/${experiment.split(' ')[0]}-${platform}`
  return [
    'pilotlight export',
    quoted(place.path),
    '--run',
    quoted(label),
    '--to',
    platform,
    '--out',
    quoted(folder),
  ].join(' ')
}

/** A word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./=@:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
