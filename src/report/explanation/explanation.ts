import { DAY, formatDuration, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import { largest } from '../../core/largest.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import { type Reason, REASONS } from '../../metrics/run.ts'
import type { Fact } from '../comparison/provenance.ts'

/** An arrival at the app, and what became of it; times are in ms since the trace began. */
export interface ToldArrival {
  readonly at: number
  /** The idle time that it ended; -1 where it ended none. */
  readonly idleMs: number
  readonly invocations: number
  readonly cold: number
  readonly joined: number
  readonly drops: number
  readonly reason: Reason | null
}

/** An answer of the policy, counted from the idle moment at which it was asked. */
export interface ToldAnswer {
  readonly at: number
  readonly prewarmMs: number
  readonly keepAliveMs: number
}

/** What one run did to the app. */
export interface ToldRun {
  readonly label: string
  readonly arrivals: readonly ToldArrival[]
  readonly answers: readonly ToldAnswer[]
  /** MB·s of the app's idle instances. */
  readonly idleMbS: number
}

/** What explains how runs served one app. */
export interface Explanation {
  readonly app: string
  readonly memoryMb: number
  readonly horizonMs: number
  /** When the trace begins: ms since a midnight, so that times can be told by the clock; 0 where that is not known. */
  readonly midnightMs: number
  readonly runs: readonly ToldRun[]
  /** Where the figures come from. */
  readonly facts: readonly Fact[]
}

/** How many of a run's invocations were cold, and why. */
export interface ColdCount {
  readonly invocations: number
  readonly cold: number
  readonly joined: number
  readonly drops: number
  readonly reasons: Readonly<Record<Reason, number>>
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Adds up what became of arrivals. */
export function coldCount(arrivals: readonly ToldArrival[]): ColdCount {
  const reasons = Object.fromEntries(REASONS.map((reason) => [reason, 0])) as Record<Reason, number>
  const sum = { invocations: 0, cold: 0, joined: 0, drops: 0 }
  for (const arrival of arrivals) {
    for (const key of ['invocations', 'cold', 'joined', 'drops'] as const) sum[key] += arrival[key]
    if (arrival.reason !== null) reasons[arrival.reason] += arrival.cold
  }
  return { ...sum, reasons }
}

/** A time of the trace as `07:28`, after the first day as `day 2 07:28`, and with seconds where it is between minutes. */
export function clockTime(ms: number, midnightMs: number, language: Language = ENGLISH): string {
  const whole = Math.floor(ms + midnightMs)
  const seconds = Math.floor(whole / SECOND) % 60
  const minute = `${two(Math.floor(whole / HOUR) % 24)}:${two(Math.floor(whole / MINUTE) % 60)}`
  const clock = `${minute}${seconds === 0 ? '' : `:${two(seconds)}`}`
  const day = Math.floor(whole / DAY)
  return day > 0 ? told(language, 'told.day', { day: day + 1, clock }) : clock
}

/** A run in one sentence: how many were cold, for which reasons, and when, if that is a short part of the trace. */
export function sentenceOf(
  run: Pick<ToldRun, 'arrivals'>,
  { horizonMs, midnightMs }: Pick<Explanation, 'horizonMs' | 'midnightMs'>,
  language: Language = ENGLISH,
): string {
  const { invocations, cold, joined, drops, reasons } = coldCount(run.arrivals)
  if (invocations === 0) return told(language, 'told.never')
  const why = REASONS.filter((reason) => reasons[reason] > 0)
    .map((reason) => told(language, `told.${reason}`, { count: formatCount(reasons[reason]) }))
    .join(told(language, 'list.comma'))
  const rest = [
    ...(joined > 0 ? [told(language, 'told.joined', { count: formatCount(joined) })] : []),
    ...(drops > 0 ? [told(language, 'told.drops', { count: formatCount(drops) })] : []),
  ]
  return told(language, 'told.cold', {
    invocations: formatCount(invocations),
    cold: formatCount(cold),
    why: why === '' ? '' : told(language, 'told.why', { reasons: why }),
    when: whenOf(run.arrivals, horizonMs, (ms) => clockTime(ms, midnightMs, language), language),
    rest: rest.map((text) => told(language, 'list.semicolon') + text).join(''),
  })
}

/** When the cold starts were, but for the first one, where all are in an eighth of the trace. */
function whenOf(
  arrivals: readonly ToldArrival[],
  horizonMs: number,
  clock: (ms: number) => string,
  language: Language,
): string {
  const cold = arrivals.filter(({ cold: count, reason }) => count > 0 && reason !== 'first')
  if (cold.length < 2) return cold.length === 1 ? told(language, 'told.at', { time: clock(cold[0]!.at) }) : ''
  const [from, to] = [cold[0]!.at, cold.at(-1)!.at]
  if (to - from > horizonMs / 8) return ''
  const isAfterFirst = arrivals.some(({ reason }) => reason === 'first')
  return told(language, isAfterFirst ? 'told.allButFirst' : 'told.all', { from: clock(from), to: clock(to) })
}

/** A stretch of time, in ms since the trace began. */
export interface TimeStretch {
  readonly from: number
  readonly to: number
}

/**
 * When the app is loaded by its windows: from an arrival until the policy was asked, and then as its answer says until the
 * next arrival. Further instances and evictions are not in it.
 */
export function loadedStretches(run: Pick<ToldRun, 'arrivals' | 'answers'>, horizonMs: number): readonly TimeStretch[] {
  const stretches: { from: number; to: number }[] = []
  const add = (from: number, to: number): void => {
    if (to <= from || from >= horizonMs) return
    const last = stretches.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, Math.min(to, horizonMs))
    else stretches.push({ from, to: Math.min(to, horizonMs) })
  }
  let next = 0
  let busySince: number | undefined
  for (const answer of run.answers) {
    while (next < run.arrivals.length && run.arrivals[next]!.at <= answer.at) {
      busySince ??= run.arrivals[next]!.at
      next += 1
    }
    if (busySince !== undefined) add(busySince, answer.at)
    busySince = undefined
    const until = run.arrivals[next]?.at ?? horizonMs
    const from = answer.at + answer.prewarmMs
    add(from, Math.min(from + answer.keepAliveMs, until))
  }
  return stretches
}

/** The latest answer before a moment; undefined where there was none. */
export function answerBefore(answers: readonly ToldAnswer[], at: number): ToldAnswer | undefined {
  let [low, high] = [0, answers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (answers[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return answers[low - 1]
}

/** Idle times of about one length. */
export interface ToldIdleTimes extends TimeStretch {
  readonly idleMs: readonly number[]
}

/** The idle times of the app by their length: bins that grow by half, from a second on. */
export function idleTimeBins(arrivals: readonly ToldArrival[]): readonly ToldIdleTimes[] {
  const times = arrivals.filter(({ idleMs }) => idleMs >= 0).map(({ idleMs }) => idleMs)
  if (times.length === 0) return []
  const longest = largest(times)
  const edges = EDGES.slice(0, EDGES.findIndex((edge) => edge > longest) + 1 || undefined)
  const bins = edges.map((to, index) => ({ from: index === 0 ? 0 : edges[index - 1]!, to, idleMs: [] as number[] }))
  for (const time of times) bins.find(({ to }) => time < to)!.idleMs.push(time)
  const first = bins.findIndex(({ idleMs }) => idleMs.length > 0)
  return bins.slice(first)
}

/** For how many of some idle times, in ms, the last windows of a run have the app loaded when they end. */
export function coverOf({ answers }: Pick<ToldRun, 'answers'>, idleMs: readonly number[]): 'all' | 'some' | 'none' {
  const last = answers.at(-1)
  if (last === undefined) return 'none'
  const end = last.prewarmMs + last.keepAliveMs
  const covered = idleMs.filter((time) => last.prewarmMs <= time && time <= end).length
  return covered === 0 ? 'none' : covered === idleMs.length ? 'all' : 'some'
}

/** A stretch of idle times in words. */
export function idleTimeText({ from, to }: TimeStretch, language: Language): string {
  return to === Number.POSITIVE_INFINITY
    ? told(language, 'explain.orMore', { from: formatDuration(from) })
    : told(language, 'measured.between', { from: formatDuration(from), to: formatDuration(to) })
}

const EDGES = [
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR),
  ...[1, 2, 3, 5, 7, 14].map((days) => days * DAY),
  Number.POSITIVE_INFINITY,
]
