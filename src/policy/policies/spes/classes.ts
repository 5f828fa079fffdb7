import { DAY_MINUTES } from '../../../core/units.ts'

/** Consecutive minutes in which a function was invoked: the first and the last, and how often it was. */
export interface ActiveRun {
  readonly first: number
  last: number
  invocations: number
}

/** What a class says of the minutes in which a function will be needed, counted from the end of its last run. */
export interface NextNeed {
  readonly kind: 'warm' | 'regular' | 'approximate' | 'dense' | 'successive' | 'pulsed' | 'possible' | 'correlated'
  /** Waits after which it is expected: ranges of minutes, in rising order, both ends included. */
  readonly waits: readonly (readonly [from: number, to: number])[]
  /** Minutes that it stays without being predicted; Infinity: it is never unloaded. */
  readonly giveUp: number
}

/** Days of the training that may be forgotten, the oldest first. */
const MOST_FORGOTTEN = 6

/** Idle minutes between two runs and the next. */
export function waitsOf(runs: readonly ActiveRun[]): number[] {
  return runs.slice(1).map(({ first }, at) => first - runs[at]!.last - 1)
}

/** The smallest value of which at least so many percent are no greater. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

/** Distinct values by how often they occur, the commonest first, of equal ones the smaller. */
export function commonest(values: readonly number[]): { value: number; times: number }[] {
  const times = new Map<number, number>()
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1)
  return [...times]
    .map(([value, count]) => ({ value, times: count }))
    .sort((one, other) => other.times - one.times || one.value - other.value)
}

/** The class that fits by itself, in the order of the paper; null where none does. */
function fitting(runs: readonly ActiveRun[], minutes: number): NextNeed | null {
  const active = runs.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  if (minutes - active < minutes / 1000) return { kind: 'warm', waits: [], giveUp: Number.POSITIVE_INFINITY }
  const all = waitsOf(runs)
  if (all.length === 0) return null
  const sorted = all.toSorted((one, other) => one - other)
  const common = commonest(all)
  // The first and the last wait may be cut by what was not seen.
  const inner = all.length > 3 ? all.slice(1, -1).toSorted((one, other) => one - other) : sorted
  const mean = inner.reduce((sum, wait) => sum + wait, 0) / inner.length
  const deviation = Math.sqrt(inner.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / inner.length)
  const isEven = percentile(inner, 95) - percentile(inner, 5) < 1 || deviation <= 0.01 * mean
  if (runs.length >= 3 && isEven) {
    const [median, spread] = [percentile(inner, 50), Math.min(deviation, 2)]
    return { kind: 'regular', waits: [[median - spread, median + spread]], giveUp: 1 }
  }
  const three = common.slice(0, 3)
  if (runs.length >= 3 && three.reduce((sum, { times }) => sum + times, 0) >= 0.9 * all.length) {
    return { kind: 'approximate', waits: inOrder(three.map(({ value }) => [value, value])), giveUp: 1 }
  }
  if (percentile(sorted, 90) < 5) {
    const modes = three.map(({ value }) => value)
    return { kind: 'dense', waits: [[Math.min(...modes), Math.max(...modes)]], giveUp: 5 }
  }
  if (runs.every(({ first, last, invocations }) => last - first + 1 >= 10 || invocations >= 11))
    return { kind: 'successive', waits: [], giveUp: 1 }
  return null
}

function inOrder(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return ranges.toSorted(([one], [other]) => one - other)
}

/** The class of a function by its runs in the minutes before `end`, forgetting days where none fits; null where none does. */
export function classOf(runs: readonly ActiveRun[], end: number): NextNeed | null {
  for (let forgotten = 0; forgotten <= MOST_FORGOTTEN; forgotten += 1) {
    const from = forgotten * DAY_MINUTES
    if (from >= end) return null
    const found = fitting(
      runs.filter(({ first }) => first >= from),
      end - from,
    )
    if (found !== null) return found
  }
  return null
}

/** Waits that came more than once, up to five; one range where they lie within ten minutes. */
export function possible(runs: readonly ActiveRun[]): NextNeed {
  const modes = commonest(waitsOf(runs))
    .filter(({ times }) => times > 1)
    .slice(0, 5)
    .map(({ value }) => value)
  const [least, most] = [Math.min(...modes), Math.max(...modes)]
  const waits: (readonly [number, number])[] =
    modes.length === 0 ? [] : most - least <= 10 ? [[least, most]] : modes.map((wait) => [wait, wait])
  return { kind: 'possible', waits: inOrder(waits), giveUp: 1 }
}

export const PULSED: NextNeed = { kind: 'pulsed', waits: [], giveUp: 3 }

/** What a prediction would have cost over some runs: runs that begin cold, and minutes loaded for nothing. */
export function costOf(
  { waits, giveUp }: NextNeed,
  runs: readonly ActiveRun[],
  slack: number,
): { cold: number; waste: number } {
  let [cold, waste] = [0, 0]
  for (const wait of waitsOf(runs)) {
    const isLoaded = (minute: number): boolean =>
      minute < giveUp || waits.some(([from, to]) => minute >= from - slack && minute <= to + slack)
    if (!isLoaded(wait)) cold += 1
    for (let minute = 0; minute < wait; minute += 1) if (isLoaded(minute)) waste += 1
  }
  return { cold, waste }
}

/** The most minutes from an invocation of one function to that of another which it brings about. */
export const LONGEST_LAG = 10

/** What loading a function at each run of another would have cost over some of its own runs, as {@link costOf} counts. */
export function costOfHerald(herald: readonly ActiveRun[], own: readonly ActiveRun[]): { cold: number; waste: number } {
  const cold = own.slice(1).filter(({ first }) => !herald.some((run) => isSoonAfter(first, run))).length
  let waste = 0
  for (const { first: from } of herald) {
    const next = own.find(({ first }) => first >= from)?.first ?? Number.POSITIVE_INFINITY
    waste += Math.min(LONGEST_LAG + 1, next - from)
  }
  return { cold, waste }
}

function isSoonAfter(first: number, run: ActiveRun): boolean {
  return first >= run.first && first <= run.first + LONGEST_LAG
}

/**
 * Whether another function's runs foretell this one's: 70 % or more of these begin at most ten minutes after one of those
 * began, and at most 30 % of those are followed by none.
 */
export function foretells(other: readonly ActiveRun[], own: readonly ActiveRun[]): boolean {
  if (own.length < 2 || other.length === 0) return false
  const foretold = own.filter(({ first }) => other.some((run) => isSoonAfter(first, run))).length
  const alarms = other.filter((run) => !own.some(({ first }) => isSoonAfter(first, run))).length
  return foretold >= 0.7 * own.length && alarms <= 0.3 * other.length
}
