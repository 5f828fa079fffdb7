import { type Language, told } from '../../language/language.ts'
import type { Metric } from '../metric.ts'
import { bestOf } from './changes.ts'
import type { Candidate, Goal, RunGroup, Standing, Verdict, WorldColumn } from './decision.ts'
import { figureText, percentText } from './figure.ts'

interface Found {
  readonly goal: Goal
  readonly metrics: readonly Metric[]
  readonly columns: readonly WorldColumn[]
  readonly candidates: readonly Candidate[]
  readonly groups: readonly RunGroup[]
  readonly language: Language
}

/** At most so many columns are named in a sentence. */
const MOST_NAMED = 3

/**
 * The winner is the candidate that is best in most columns, and of several such ones the best of the first column; its
 * figures are those of the first column in which it is best.
 */
export function verdictOf(found: Found): Verdict {
  const { columns, candidates } = found
  const of = columns.length
  const winsOf = new Map(candidates.map((candidate) => [candidate, winsIn(candidate).length]))
  const winner = candidates.reduce<Candidate | undefined>((best, candidate) => {
    const wins = winsOf.get(candidate)!
    return wins > (best === undefined ? 0 : winsOf.get(best)!) ? candidate : best
  }, undefined)
  if (winner === undefined) {
    const failsIn = columns.map(({ name }) => name)
    return { text: nobody(found), winner: null, runnerUp: null, wins: 0, of, failsIn }
  }
  const won = winsIn(winner)
  const column = won[0]!
  const runnerUp = candidates
    .filter((candidate) => candidate !== winner)
    .filter(({ standings }) => (standings[column]?.rank ?? null) !== null)
    .toSorted((one, other) => one.standings[column]!.rank! - other.standings[column]!.rank!)[0]
  const failed = columns.flatMap((_, at) => (won.includes(at) ? [] : [at]))
  const end = told(found.language, 'verdict.end')
  const text = `${achievement(winner, runnerUp, column, found)}${holding(winner, column, found)}${end}`
  const failsIn = failed.map((at) => columns[at]!.name)
  return { text, winner: winner.label, runnerUp: runnerUp?.label ?? null, wins: won.length, of, failsIn }
}

function winsIn({ standings }: Candidate): number[] {
  return standings.flatMap((standing, column) => (standing?.rank === 1 ? [column] : []))
}

/** What is wanted, in words, as in `the fewest cold starts with no more idle memory than the baseline`. */
export function goalText({
  goal: { minimise, limits },
  metrics,
  language,
}: Pick<Found, 'goal' | 'metrics' | 'language'>): string {
  const named = (id: string): Metric => metrics.find((metric) => metric.id === id)!
  const { heading, unit, better } = named(minimise)
  const what =
    unit === ''
      ? told(language, 'goal.fewest', { heading })
      : told(language, better === 'higher' ? 'goal.most' : 'goal.least', { heading, unit })
  const within = limits.map(({ metric, value }) => {
    if (metric === 'idle-memory-relative' && value === 100) return told(language, 'goal.noMoreIdle')
    const limited = named(metric)
    const figure = figureText(value, limited, language)
    const isNamed = figure.includes(limited.heading)
    return told(language, limited.better === 'higher' ? 'goal.atLeast' : 'goal.atMost', {
      figure: isNamed ? figure : told(language, 'goal.limited', { figure, heading: limited.heading }),
    })
  })
  if (within.length === 0) return what
  return told(language, 'goal.with', { what, limits: within.join(told(language, 'list.and')) })
}

function nobody({ goal, metrics, columns, language }: Found): string {
  if (columns.length === 0) return told(language, 'verdict.noRuns')
  const limits = goal.limits.map(({ metric, value }) =>
    figureText(value, metrics.find(({ id }) => id === metric)!, language),
  )
  const and = told(language, 'list.and')
  return told(language, 'verdict.nobody', {
    limits:
      limits.length === 0
        ? told(language, 'verdict.asked')
        : told(language, 'verdict.limit', { limits: limits.join(and) }),
  })
}

function achievement(winner: Candidate, runnerUp: Candidate | undefined, column: number, found: Found): string {
  const { goal, metrics, columns, candidates, language } = found
  const named = (id: string): Metric => metrics.find((each) => each.id === id)!
  const metric = named(goal.minimise)
  const standing = winner.standings[column]!
  const baseline = candidates.find(({ isBaseline }) => isBaseline)?.standings[column] ?? null
  const where = columns.length === 1 ? '' : told(language, 'verdict.where', { column: columns[column]!.name })
  const value = figureText(standing.value!.mean, metric, language)
  const wins = told(language, winner.isBaseline ? 'verdict.baselineWins' : 'verdict.wins', {
    label: winner.label,
    goal: goalText(found),
    value,
    where,
  })
  const parts = [
    ...(winner.isBaseline ? [] : against(told(language, 'verdict.baseline'), standing, baseline, language)),
    ...goal.limits.flatMap(({ metric: id }, at) => {
      const limited = standing.limited[at]
      // The baseline is all of itself.
      const isNothing = winner.isBaseline && id === 'idle-memory-relative'
      return limited === null || limited === undefined || isNothing
        ? []
        : [told(language, 'verdict.at', { figure: figureText(limited.mean, named(id), language) })]
    }),
    ...(runnerUp === undefined || runnerUp.isBaseline
      ? []
      : against(
          told(language, 'verdict.next', { label: runnerUp.label }),
          standing,
          runnerUp.standings[column]!,
          language,
        )),
    ...uncertainty(winner, column, found),
  ]
  return [wins, ...parts].join(told(language, 'list.comma'))
}

function against(name: string, { value }: Standing, other: Standing | null, language: Language): string[] {
  const mean = other?.value?.mean
  if (value === null || mean === undefined) return []
  if (value.mean === mean) return [told(language, 'verdict.equal', { name })]
  const percent = mean === 0 ? undefined : percentText(value.mean / mean - 1)
  if (percent === undefined) return []
  return [told(language, value.mean < mean ? 'verdict.below' : 'verdict.above', { percent, name })]
}

/** A difference that resampled apps and days do not always show is told. */
function uncertainty(winner: Candidate, column: number, { goal, columns, groups, language }: Found): string[] {
  if (winner.isBaseline || (goal.minimise !== 'missed' && goal.minimise !== 'cold-starts')) return []
  const { world } = columns[column]!
  const missed = groups.find((group) => group.variant === winner.variant && group.world === world)?.missed
  if (missed === undefined || missed === null || missed.high === null || missed.high < 0) return []
  return [told(language, 'verdict.uncertain')]
}

/** Where else the winner is best and where not; a column in which it was not run says nothing of it. */
function holding(winner: Candidate, column: number, found: Found): string {
  const { columns, language } = found
  if (columns.length === 1) {
    const { name, seeds } = columns[0]!
    const under = seeds.length > 1 ? told(language, 'verdict.seeds', { seeds: seeds.length }) : ''
    return told(language, 'verdict.onlyWorld', { column: name }) + under
  }
  const lost = winner.standings.flatMap((standing, at) => (standing === null || standing.rank === 1 ? [] : [at]))
  const missing = winner.standings.flatMap((standing, at) => (standing === null ? [columns[at]!.name] : []))
  if (lost.length + missing.length === 0) {
    const others = columns.filter((_, at) => at !== column)
    if (others.length === 1) return told(language, 'verdict.holdsToo', { column: others[0]!.name })
    const [first, last] = [columns[column]!.name, columns.at(-1)!.name]
    return told(language, 'verdict.holds', { count: columns.length, first, last })
  }
  return fails(lost, found) + notRun(missing, language)
}

function notRun(missing: readonly string[], language: Language): string {
  if (missing.length === 0) return ''
  const left = missing.length - MOST_NAMED
  const more = left > 0 ? told(language, 'verdict.more', { count: left }) : ''
  const places = missing.slice(0, MOST_NAMED).join(told(language, 'verdict.nor')) + more
  return told(language, 'verdict.notRun', { places })
}

function fails(lost: readonly number[], { columns, candidates, language }: Found): string {
  if (lost.length === 0) return ''
  const named = lost.slice(0, MOST_NAMED).map((at) => {
    const best = bestOf(candidates, at)
    const { name } = columns[at]!
    return best === undefined
      ? told(language, 'verdict.nobodyThere', { column: name })
      : told(language, 'verdict.failsThere', { column: name, label: best.label })
  })
  const left = lost.length - named.length
  const more = left > 0 ? told(language, 'verdict.more', { count: left }) : ''
  return told(language, 'verdict.fails', { places: named.join(told(language, 'verdict.nor')) + more })
}
