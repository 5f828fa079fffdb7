import { randomNormal } from 'd3-random'
import type { RandomStream } from '../../core/random.ts'
import { type Beat, drawBeat, perDayOf } from './beat.ts'
import type { KnownTrigger } from './published-shares.ts'
import { FORTNIGHT_DAYS, MINUTELY } from './rates.ts'

/** A function whose rate is not yet known. */
export interface FunctionDraft {
  readonly stream: RandomStream
  readonly trigger: KnownTrigger
}

/** What a function was dealt. */
export interface FunctionRate {
  /** Average invocations a day. */
  readonly perDay: number
  /** Its schedule; absent where invocations come from elsewhere than a clock. */
  readonly beat?: Beat
}

/**
 * How an app's functions beyond one per trigger are handed out to its triggers (`extra`), and how its invocations are
 * (`hot`). Chosen, as the leanings of the app mix are, so that the published parts of functions and invocations come out
 * (measured in docs/synth.md).
 */
export const WITHIN_APP: Readonly<Record<KnownTrigger, { readonly extra: number; readonly hot: number }>> = {
  http: { extra: 1, hot: 1 },
  timer: { extra: 0.4, hot: 1 },
  queue: { extra: 0.4, hot: 1.8 },
  storage: { extra: 0.25, hot: 0.15 },
  event: { extra: 0.15, hot: 7 },
  orchestration: { extra: 2.5, hot: 0.4 },
  others: { extra: 0.05, hot: 0.1 },
}

/** Invocations a day of what is invoked once a fortnight. */
const ONCE = 1 / FORTNIGHT_DAYS

/** Spread of the functions' shares of their app's invocations (sigma of a log-normal): one of them mostly dominates. */
const SHARE_SIGMA = 1

/** The part of the timers that could fire more than once a minute by their share, and do. */
const HURRY = 0.4

/**
 * Deals an app's rate out to its functions, each at least one invocation a fortnight. Timers get the schedule next below
 * their share, and what they leave goes to the others. Where only schedules make up an app, its busiest function gets the
 * schedule next above, so that the app stays on its side of one an hour and of one a minute.
 */
export function dealRates(drafts: readonly FunctionDraft[], rate: number, periodic: boolean): FunctionRate[] {
  const weights = drafts.map(({ stream, trigger }) => {
    const normal = randomNormal.source(() => stream.uniform())
    return WITHIN_APP[trigger].hot * Math.exp(normal(0, SHARE_SIGMA)())
  })
  const timers = drafts.map(({ trigger }) => trigger === 'timer')
  const last = lastOf(weights, timers)
  const total = sum(weights)
  const dealt: FunctionRate[] = []
  let left = rate
  for (const [index, draft] of drafts.entries()) {
    if (!timers[index] || index === last) continue
    dealt[index] = onSchedule(draft, (rate * weights[index]!) / total, 'slower')
    left -= dealt[index].perDay
  }
  if (timers[last]) dealt[last] = onSchedule(drafts[last]!, left, 'faster')
  const others = sum(weights.filter((_, index) => !timers[index]))
  for (const [index, draft] of drafts.entries()) {
    if (timers[index]) continue
    const perDay = Math.max(ONCE, (left * weights[index]!) / others)
    const scheduled = periodic && perDay <= MINUTELY
    dealt[index] = scheduled ? onSchedule(draft, perDay, index === last ? 'faster' : 'slower') : { perDay }
  }
  return dealt
}

/** The busiest function that is no timer, or of all where there are only timers. */
function lastOf(weights: readonly number[], timers: readonly boolean[]): number {
  const able = timers.includes(false) ? weights.map((weight, index) => (timers[index] ? 0 : weight)) : weights
  return able.reduce((best, weight, index) => (weight > able[best]! ? index : best), 0)
}

function onSchedule({ stream, trigger }: FunctionDraft, perDay: number, rounding: 'faster' | 'slower'): FunctionRate {
  const mayHurry = trigger === 'timer' && stream.uniform() < HURRY
  const beat = drawBeat(stream, Math.max(ONCE, perDay), rounding, mayHurry)
  return { perDay: perDayOf(beat), beat }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
