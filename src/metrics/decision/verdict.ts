import type { Metric } from '../metric.ts'
import { bestOf } from './changes.ts'
import type { Candidate, Goal, RunGroup, Standing, Verdict, WorldColumn } from './decision.ts'
import { figureText, relativeText } from './figure.ts'

interface Found {
  readonly goal: Goal
  readonly metrics: readonly Metric[]
  readonly columns: readonly WorldColumn[]
  readonly candidates: readonly Candidate[]
  readonly groups: readonly RunGroup[]
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
  const text = `${achievement(winner, runnerUp, column, found)}${holding(column, failed, found)}.`
  const failsIn = failed.map((at) => columns[at]!.name)
  return { text, winner: winner.label, runnerUp: runnerUp?.label ?? null, wins: won.length, of, failsIn }
}

function winsIn({ standings }: Candidate): number[] {
  return standings.flatMap((standing, column) => (standing?.rank === 1 ? [column] : []))
}

/** What is wanted, in words, as in `the fewest cold starts with no more idle memory than the baseline`. */
export function goalText({ minimise, limits }: Pick<Goal, 'minimise' | 'limits'>, metrics: readonly Metric[]): string {
  const named = (id: string): Metric => metrics.find((metric) => metric.id === id)!
  const { heading, unit, better } = named(minimise)
  const what =
    unit === '' ? `the fewest ${heading}` : `the ${better === 'higher' ? 'most' : 'least'} ${heading} (${unit})`
  const within = limits.map(({ metric, value }) => {
    if (metric === 'idle-memory-relative' && value === 100) return 'no more idle memory than the baseline'
    const limited = named(metric)
    const most = limited.better === 'higher' ? 'least' : 'most'
    const figure = figureText(value, limited)
    return `at ${most} ${figure.endsWith(limited.heading) ? figure : `${figure} of ${limited.heading}`}`
  })
  return within.length === 0 ? what : `${what} with ${within.join(' and ')}`
}

function nobody({ goal, metrics, columns }: Found): string {
  if (columns.length === 0) return 'There are no finished runs.'
  const limits = goal.limits.map(({ metric, value }) => figureText(value, metrics.find(({ id }) => id === metric)!))
  return `No run keeps to ${limits.length === 0 ? 'what is asked' : `the limit of ${limits.join(' and ')}`} in any world.`
}

function achievement(winner: Candidate, runnerUp: Candidate | undefined, column: number, found: Found): string {
  const { goal, metrics, columns, candidates } = found
  const metric = metrics.find(({ id }) => id === goal.minimise)!
  const standing = winner.standings[column]!
  const baseline = candidates.find(({ isBaseline }) => isBaseline)?.standings[column] ?? null
  const where = columns.length === 1 ? '' : ` in ${columns[column]!.name}`
  const value = figureText(standing.value!.mean, metric)
  const wins = `${winner.label}${winner.isBaseline ? ', the baseline,' : ''} has ${goalText(goal, metrics)}: ${value}${where}`
  const parts = [
    ...(winner.isBaseline ? [] : against('the baseline', standing, baseline)),
    ...goal.limits.flatMap(({ metric: id }, at) => {
      const limited = standing.limited[at]
      // The baseline is all of itself.
      const isNothing = winner.isBaseline && id === 'idle-memory-relative'
      return limited === null || limited === undefined || isNothing
        ? []
        : [`at ${figureText(limited.mean, metrics.find((each) => each.id === id)!)}`]
    }),
    ...(runnerUp === undefined || runnerUp.isBaseline
      ? []
      : against(`the next best, ${runnerUp.label}`, standing, runnerUp.standings[column]!)),
    ...uncertainty(winner, column, found),
  ]
  return [wins, ...parts].join(', ')
}

function against(name: string, { value }: Standing, other: Standing | null): string[] {
  const mean = other?.value?.mean
  if (value === null || mean === undefined) return []
  if (value.mean === mean) return [`as much as ${name}`]
  const relative = mean === 0 ? undefined : relativeText(value.mean / mean - 1)
  return relative === undefined ? [] : [`${relative} ${name}`]
}

/** A difference that resampled apps and days do not always show is told. */
function uncertainty(winner: Candidate, column: number, { goal, columns, groups }: Found): string[] {
  if (winner.isBaseline || (goal.minimise !== 'missed' && goal.minimise !== 'cold-starts')) return []
  const { world } = columns[column]!
  const missed = groups.find((group) => group.variant === winner.variant && group.world === world)?.missed
  if (missed === undefined || missed === null || missed.high === null || missed.high < 0) return []
  return ['a difference that not all resamples of the apps show']
}

function holding(column: number, failed: readonly number[], { columns, candidates }: Found): string {
  if (columns.length === 1) {
    const { name, seeds } = columns[0]!
    return `; only ${name} was tried${seeds.length > 1 ? `, under ${seeds.length} seeds` : ''}`
  }
  if (failed.length === 0)
    return `; it holds in all ${columns.length} columns, from ${columns[column]!.name} to ${columns.at(-1)!.name}`
  const told = failed.slice(0, MOST_NAMED).map((at) => {
    const best = bestOf(candidates, at)
    return `${columns[at]!.name}, where ${best === undefined ? 'none keeps to the limit' : `${best.label} is best`}`
  })
  const more = failed.length > told.length ? ` and ${failed.length - told.length} more` : ''
  return `; it does not hold in ${told.join(', nor in ')}${more}`
}
