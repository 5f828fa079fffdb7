import { REASONS, type Reason } from '../../engine/ledger.ts'
import type { RunSummary } from '../comparison.ts'
import type { Metric } from '../metric.ts'
import type { Candidate, Goal, Limit, Standing } from './decision.ts'
import type { RunPlaces } from './worlds.ts'
import { spreadOf } from './figure-spread.ts'

/** What candidates are ranked by. */
export interface RankingRule {
  readonly goal: Goal
  readonly metrics: readonly Metric[]
  /** Variant of the baseline. */
  readonly baseline: string
  label(variant: string): string
}

/** How every candidate stands in every column; best of the first column first, those beyond the limits last. */
export function candidatesOf(
  runs: readonly RunSummary[],
  { columns, columnOf }: RunPlaces,
  ranking: RankingRule,
): Candidate[] {
  const byVariant = Map.groupBy(runs.keys(), (position) => runs[position]!.variant)
  const unranked = [...byVariant].map(([variant, positions]) => {
    const byColumn = Map.groupBy(positions, (position) => columnOf[position]!)
    const standings = columns.map((_, column) => {
      const own = byColumn.get(column)
      return own === undefined ? null : standingOf(own, runs, ranking)
    })
    return { label: ranking.label(variant), variant, isBaseline: variant === ranking.baseline, standings }
  })
  const ranks = columns.map((_, column) =>
    ranksOf(
      unranked.map(({ standings }) => standings[column]!),
      ranking,
    ),
  )
  const candidates = unranked.map((candidate, position): Candidate => {
    const standings = candidate.standings.map((standing, column) =>
      standing === null ? null : { ...standing, rank: ranks[column]![position]! },
    )
    return { ...candidate, standings }
  })
  const isWanted = wanted(ranking)
  return candidates.toSorted((one, other) => {
    const [a, b] = [one.standings[0], other.standings[0]]
    if (a === null || a === undefined || b === null || b === undefined) return Number(a === null) - Number(b === null)
    return (a.rank ?? Infinity) - (b.rank ?? Infinity) || isWanted(a, b)
  })
}

function standingOf(
  positions: readonly number[],
  runs: readonly RunSummary[],
  { goal, metrics }: RankingRule,
): Standing {
  const own = positions.map((position) => runs[position]!)
  const spread = (id: string): Standing['value'] => spreadOf(own.map((run) => run.metrics[id]))
  const limited = goal.limits.map(({ metric }) => spread(metric))
  const reasons = REASONS.map((reason) => [reason, spreadOf(own.map((run) => run.reasons[reason]))?.mean ?? 0] as const)
  return {
    runs: positions,
    value: spread(goal.minimise),
    limited,
    isAllowed: goal.limits.every((limit, at) => keeps(limited[at]?.mean, limit, metrics)),
    rank: null,
    reasons: Object.fromEntries(reasons) as Record<Reason, number>,
  }
}

/** Whether a figure keeps to a limit, which is a most or, where more is better, a least. */
function keeps(value: number | undefined, limit: Limit, metrics: readonly Metric[]): boolean {
  if (value === undefined) return false
  // The baseline's own figure is 100 % of itself, whatever its last bit.
  const slack = 1e-9 * Math.abs(limit.value)
  const isMost = metrics.find(({ id }) => id === limit.metric)?.better !== 'higher'
  return isMost ? value <= limit.value + slack : value >= limit.value - slack
}

/** Orders standings by what is wanted, equal ones by what is limited. */
function wanted({ goal, metrics }: RankingRule): (one: Standing, other: Standing) => number {
  const sign = metrics.find(({ id }) => id === goal.minimise)?.better === 'higher' ? -1 : 1
  return (one, other) => {
    const [a, b] = [one.value?.mean ?? Infinity * sign, other.value?.mean ?? Infinity * sign]
    if (a !== b) return sign * (a < b ? -1 : 1)
    const [limitA, limitB] = [one.limited[0]?.mean ?? Infinity, other.limited[0]?.mean ?? Infinity]
    return limitA === limitB ? 0 : limitA < limitB ? -1 : 1
  }
}

function ranksOf(standings: readonly (Standing | null)[], ranking: RankingRule): (number | null)[] {
  const isWanted = wanted(ranking)
  const allowed = standings
    .filter((standing) => standing !== null)
    .filter(({ isAllowed, value }) => isAllowed && value !== null)
    .toSorted(isWanted)
  const ranks = new Map<Standing, number>()
  let rank = 0
  for (const [at, standing] of allowed.entries()) {
    if (at === 0 || isWanted(allowed[at - 1]!, standing) !== 0) rank = at + 1
    ranks.set(standing, rank)
  }
  return standings.map((standing) => (standing === null ? null : (ranks.get(standing) ?? null)))
}
