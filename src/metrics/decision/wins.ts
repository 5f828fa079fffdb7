import type { RunSummary } from '../comparison.ts'
import type { DayTotals } from '../run.ts'
import type { Candidate, Decision } from './decision.ts'

/** How often a candidate is the best of those that keep to the limits. */
export interface Wins {
  readonly worlds: Count
  readonly columns: Count
  /** Of all seeds in all columns, seed by seed. */
  readonly seeds: Count
  /** Of all judged days, by what is counted day by day; null where nothing is, or something else is to be least. */
  readonly days: Count | null
}

export interface Count {
  readonly wins: number
  readonly of: number
}

/** What is counted of a day, by the metric that is made of it. */
const OF_DAY: Readonly<Record<string, (day: DayTotals) => number>> = {
  'cold-starts': (day) => day.coldStarts,
  missed: (day) => day.coldStarts + day.drops,
  'idle-memory': (day) => day.idleMbS,
}

/** In how many worlds, columns, seeds and days a candidate is best; equal ones are all best. */
export function tallyOf(
  { variant }: Pick<Candidate, 'variant'>,
  { goal, worlds, columns, candidates }: Decision,
  {
    runs,
    columns: metrics,
  }: {
    readonly runs: readonly RunSummary[]
    readonly columns: readonly { readonly id: string; readonly better: string }[]
  },
): Wins {
  const isHigher = metrics.find(({ id }) => id === goal.minimise)?.better === 'higher'
  const isBest = (own: number, others: readonly number[]): boolean =>
    others.every((other) => (isHigher ? own >= other : own <= other))
  const candidate = candidates.find((each) => each.variant === variant)!
  const wonColumn = columns.map((_, column) => candidate.standings[column]?.rank === 1)
  const seeds = { wins: 0, of: 0 }
  const days = { wins: 0, of: 0 }
  const ofDay = OF_DAY[goal.minimise]
  for (const [column] of columns.entries()) {
    const own = candidate.standings[column]
    const rivals = candidates.flatMap(({ standings }) => standings[column] ?? []).filter(({ isAllowed }) => isAllowed)
    for (const position of own?.runs ?? []) {
      const run = runs[position]!
      const others = rivals.flatMap(({ runs: positions }) => {
        const same = positions.map((at) => runs[at]!)
        // One in which nothing is random has one run for all seeds.
        return same.find(({ seed }) => seed === run.seed) ?? (same.length === 1 ? same[0]! : [])
      })
      const figure = (of: RunSummary): number => of.metrics[goal.minimise] ?? (isHigher ? -Infinity : Infinity)
      seeds.of += 1
      if (own!.isAllowed && isBest(figure(run), others.map(figure))) seeds.wins += 1
      for (const [day, totals] of (ofDay === undefined ? [] : (run.days ?? [])).entries()) {
        days.of += 1
        const there = others.flatMap(({ days: all }) => all?.[day] ?? [])
        if (own!.isAllowed && isBest(ofDay!(totals), there.map(ofDay!))) days.wins += 1
      }
    }
  }
  return {
    worlds: {
      wins: worlds.filter(({ columns: own }) => own.every((column) => wonColumn[column])).length,
      of: worlds.length,
    },
    columns: { wins: wonColumn.filter(Boolean).length, of: columns.length },
    seeds,
    days: days.of === 0 ? null : days,
  }
}
