import { REASONS, type Reason } from '../../engine/ledger.ts'
import { type Language, told } from '../../language/language.ts'
import { formatCount } from '../figure-text.ts'
import type { Metric } from '../metric.ts'
import type { Candidate, Goal, RankingChange, Standing } from './decision.ts'
import { figureText } from './figure.ts'
import type { RunPlaces } from './worlds.ts'

/** The best candidate of a column; undefined where none keeps to the limits. */
export function bestOf(candidates: readonly Candidate[], column: number): Candidate | undefined {
  return candidates.find(({ standings }) => standings[column]?.rank === 1)
}

/** The columns in which another candidate is best than in the first, and by which reasons of cold starts. */
export function changesOf(
  candidates: readonly Candidate[],
  { columns }: RunPlaces,
  {
    goal,
    metrics,
    language,
  }: { readonly goal: Goal; readonly metrics: readonly Metric[]; readonly language: Language },
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
      now === undefined ? told(language, 'change.nobody') : bestText(now, column, metric, language),
      ...(former === undefined ? [] : [formerText(former.label, here, { reasons, goal, metrics, language })]),
    ]
    const labels = { before: former?.label ?? null, now: now?.label ?? null }
    const text = told(language, 'change.in', { column: name, parts: parts.join(told(language, 'list.semicolon')) })
    return [{ column, ...labels, reasons, text }]
  })
}

function bestText({ label, standings }: Candidate, column: number, metric: Metric, language: Language): string {
  const { value } = standings[column]!
  if (value === null) return told(language, 'change.best', { label })
  return told(language, 'change.bestWith', { label, figure: figureText(value.mean, metric, language) })
}

function differences(here: Standing, then: Standing): Record<Reason, number> {
  const each = REASONS.map((reason) => [reason, here.reasons[reason] - then.reasons[reason]] as const)
  return Object.fromEntries(each) as Record<Reason, number>
}

interface Former {
  readonly reasons: Readonly<Record<Reason, number>> | null
  readonly goal: Goal
  readonly metrics: readonly Metric[]
  readonly language: Language
}

function formerText(label: string, here: Standing | null, { reasons, goal, metrics, language }: Former): string {
  if (here === null) return told(language, 'change.notRun', { label })
  const figures = [goal.minimise, ...goal.limits.map(({ metric }) => metric)].flatMap((id, at) => {
    const value = at === 0 ? here.value : here.limited[at - 1]
    if (value === null || value === undefined) return []
    return [figureText(value.mean, metrics.find((one) => one.id === id)!, language)]
  })
  const most = REASONS.filter((reason) => (reasons?.[reason] ?? 0) > 0).toSorted((one, other) => {
    return reasons![other] - reasons![one]
  })[0]
  const because =
    most === undefined
      ? ''
      : told(language, 'change.because', {
          count: formatCount(here.reasons[most]),
          reason: told(language, `reason.${most}`),
        })
  const beyond = here.isAllowed ? '' : told(language, 'change.beyond')
  const cold = Object.values(here.reasons).reduce((sum, count) => sum + count, 0)
  const alsoCold =
    goal.minimise === 'missed' || goal.minimise === 'cold-starts'
      ? ''
      : told(language, 'change.cold', { count: formatCount(cold) })
  const at = figures.join(told(language, 'list.at'))
  return told(language, 'change.has', { label, figures: at, cold: alsoCold, because, beyond })
}
