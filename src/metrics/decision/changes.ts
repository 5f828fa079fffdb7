import { REASONS, type Reason } from '../../engine/ledger.ts'
import { formatCount } from '../format.ts'
import type { Metric } from '../metric.ts'
import type { Candidate, Goal, RankingChange, Standing } from './decision.ts'
import { figureText } from './figure.ts'
import type { Places } from './worlds.ts'

/** The best candidate of a column; undefined where none keeps to the limits. */
export function bestOf(candidates: readonly Candidate[], column: number): Candidate | undefined {
  return candidates.find(({ standings }) => standings[column]?.rank === 1)
}

/** The columns in which another candidate is best than in the first, and by which reasons of cold starts. */
export function changesOf(
  candidates: readonly Candidate[],
  { columns }: Places,
  { goal, metrics }: { readonly goal: Goal; readonly metrics: readonly Metric[] },
): RankingChange[] {
  const former = bestOf(candidates, 0)
  const metric = metrics.find(({ id }) => id === goal.minimise)!
  return columns.flatMap(({ name }, column): RankingChange[] => {
    if (column === 0) return []
    const now = bestOf(candidates, column)
    // As good as the best is no other order.
    if (former === undefined ? now === undefined : former.standings[column]?.rank === 1) return []
    const [then, here] = [former?.standings[0] ?? null, former?.standings[column] ?? null]
    const reasons = then === null || here === null ? null : differences(here, then)
    const parts = [
      now === undefined ? 'no run keeps to the limits' : `${now.label} is best${worth(now.standings[column]!, metric)}`,
      ...(former === undefined ? [] : [formerText(former.label, here, { reasons, goal, metrics })]),
    ]
    const labels = { before: former?.label ?? null, now: now?.label ?? null }
    return [{ column, ...labels, reasons, text: `In ${name} ${parts.join('; ')}.` }]
  })
}

function worth({ value }: Standing, metric: Metric): string {
  return value === null ? '' : ` with ${figureText(value.mean, metric)}`
}

function differences(here: Standing, then: Standing): Record<Reason, number> {
  const each = REASONS.map((reason) => [reason, here.reasons[reason] - then.reasons[reason]] as const)
  return Object.fromEntries(each) as Record<Reason, number>
}

interface Told {
  readonly reasons: Readonly<Record<Reason, number>> | null
  readonly goal: Goal
  readonly metrics: readonly Metric[]
}

function formerText(label: string, here: Standing | null, { reasons, goal, metrics }: Told): string {
  if (here === null) return `${label} was not run there`
  const figures = [goal.minimise, ...goal.limits.map(({ metric }) => metric)].flatMap((id, at) => {
    const value = at === 0 ? here.value : here.limited[at - 1]
    return value === null || value === undefined ? [] : [figureText(value.mean, metrics.find((one) => one.id === id)!)]
  })
  const most = REASONS.filter((reason) => (reasons?.[reason] ?? 0) > 0).toSorted((one, other) => {
    return reasons![other] - reasons![one]
  })[0]
  const because = most === undefined ? '' : `, ${formatCount(here.reasons[most])} of them ${most}`
  const beyond = here.isAllowed ? '' : ', beyond the limit'
  const cold = Object.values(here.reasons).reduce((sum, count) => sum + count, 0)
  const counted =
    goal.minimise === 'missed' || goal.minimise === 'cold-starts' ? '' : ` and ${formatCount(cold)} cold starts`
  return `${label} has ${figures.join(' at ')}${counted}${because}${beyond}`
}
