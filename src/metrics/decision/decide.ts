import { distinctLabels } from '../distinct-labels.ts'
import type { Baseline } from '../comparison.ts'
import { ENGLISH, type Language } from '../../language/language.ts'
import type { Metric } from '../metric.ts'
import type { RunSummary } from '../comparison.ts'
import type { TraceSummary } from '../run.ts'
import { distancesOf } from './bound-distance.ts'
import type { Decision, Goal, WorldBounds } from './decision.ts'
import { type DecidedRun, runGroupsOf } from './groups.ts'
import { changesOf } from './changes.ts'
import { candidatesOf } from './standings.ts'
import { trustOf } from './trust.ts'
import { verdictOf } from './verdict.ts'
import { placesOf, type RunPlaces } from './worlds.ts'

/** What a decision is made of. */
export interface DecisionInput {
  readonly runs: readonly DecidedRun[]
  readonly metrics: readonly Metric[]
  readonly baseline: Baseline
  readonly trace: TraceSummary
  /** What is wanted; by default the fewest cold starts at no more idle memory than the baseline. */
  readonly goal?: Goal
  /** What the trace offers beyond its invocations; undefined where that is not known. */
  readonly offers?: readonly string[]
  readonly bounds?: readonly WorldBounds[]
  /** What its sentences are written in; by default English. */
  readonly language?: Language
}

/** What a comparison comes to: who wins, where it does not hold, how sure it is and how near to what can be had. */
export function decide(input: DecisionInput): Decision {
  const { runs, metrics, baseline, bounds = [], language = ENGLISH } = input
  const summaries = runs.map(({ summary }) => summary)
  const goal = input.goal ?? usualGoal(runs)
  const places = placesOf(summaries, language)
  const label = labelsOf(runs, places, baseline)
  const ranking = { goal, metrics, baseline: baseline.variant, label }
  const candidates = candidatesOf(summaries, places, ranking)
  const groups = runGroupsOf(runs, places, { label, baseline: baseline.variant, metrics: metrics.map(({ id }) => id) })
  const { worlds, columns } = places
  const changes = changesOf(candidates, places, { goal, metrics, language })
  return {
    goal,
    worlds,
    columns,
    candidates,
    changes,
    groups,
    bounds,
    distances: distancesOf(summaries, bounds),
    trust: trustOf({ ...input, language }, places),
    verdict: verdictOf({ goal, metrics, columns, candidates, groups, language }),
  }
}

/** The fewest cold starts, or cold starts and drops, at no more idle memory than the baseline's where that has any. */
function usualGoal(runs: readonly DecidedRun[]): Goal {
  const isRelative = runs.some(({ summary }) => summary.relative.idleMbS !== null)
  const limits = isRelative ? [{ metric: 'idle-memory-relative', value: 100 }] : []
  const hasDrops = runs.some(({ summary }) => summary.totals.drops > 0)
  return { minimise: hasDrops ? 'missed' : 'cold-starts', limits, isAsked: false }
}

/**
 * What a candidate is called: what its runs' labels have in common up to a space, without the world where there are several,
 * which the label of a candidate with one finished run would else keep.
 */
function labelsOf(
  runs: readonly DecidedRun[],
  { worlds, columns, columnOf }: RunPlaces,
  baseline: Baseline,
): (variant: string) => string {
  const worldless = ({ label }: RunSummary, run: number): string => {
    const { name } = worlds[columns[columnOf[run]!]!.world]!
    const at = worlds.length > 1 ? label.indexOf(` ${name}`) : -1
    return at > 0 ? label.slice(0, at) : label
  }
  const own = Map.groupBy(
    runs.map(({ summary }, run) => ({ variant: summary.variant, label: worldless(summary, run) })),
    ({ variant }) => variant,
  )
  const names = new Map(
    [...own].map(([variant, members]) => [variant, commonBeginning(members.map(({ label }) => label))]),
  )
  names.set(baseline.variant, baseline.label)
  const { labels } = distinctLabels([...names.values()])
  const distinct = new Map([...names.keys()].map((variant, at) => [variant, labels[at]!]))
  return (variant) => distinct.get(variant) ?? variant
}

function commonBeginning([first = '', ...others]: readonly string[]): string {
  const words = first.split(' ')
  const lists = others.map((label) => label.split(' '))
  let length = words.length
  for (const list of lists) {
    const differs = words.findIndex((word, at) => word !== list[at])
    if (differs >= 0) length = Math.min(length, differs)
  }
  return length === 0 ? first : words.slice(0, length).join(' ')
}
