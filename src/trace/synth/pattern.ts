import type { RandomStream } from '../../core/random.ts'
import { HOURLY, MINUTELY, SECONDLY } from './rates.ts'

/**
 * How the invocations of an app come that no timer makes. `periodic`: by somebody else's clock; `regular`: at nearly
 * even distances; `random`: independently, following the day; `bursty`: in sessions with long gaps between them.
 */
export interface Pattern {
  readonly kind: 'periodic' | 'regular' | 'random' | 'bursty'
  /** `regular`: how far an arrival strays, in distances between arrivals. */
  readonly stray: number
  /** `bursty`: invocations in a session, on average. */
  readonly burst: number
  /** `bursty`: how long a session lasts, in minutes, on average. */
  readonly sessionMinutes: number
  /** `bursty`, above one a minute: the part of the time that is busy. */
  readonly duty: number
}

type Odds = readonly (readonly [Pattern['kind'], number])[]

/** Chosen per band of rates so that figure 6 comes out (IAT_CV; measured in docs/synth.md). */
const RARE: Odds = [
  ['periodic', 0.21],
  ['regular', 0.15],
  ['random', 0.12],
  ['bursty', 0.52],
]
const MEDIUM: Odds = [
  ['periodic', 0.3],
  ['regular', 0.12],
  ['random', 0.1],
  ['bursty', 0.48],
]
const BUSY: Odds = [
  ['random', 0.4],
  ['bursty', 0.6],
]
/** So many users that no single one shows. */
const BUSIEST: Odds = [['random', 1]]

/** Draws the pattern of an app with so many invocations a day. */
export function drawPattern(stream: RandomStream, perDay: number): Pattern {
  const odds = perDay <= HOURLY ? RARE : perDay <= MINUTELY ? MEDIUM : perDay <= SECONDLY ? BUSY : BUSIEST
  const quantile = stream.uniform()
  let sum = 0
  const kind = odds.find(([, part]) => quantile < (sum += part))?.[0] ?? 'random'
  return {
    kind,
    stray: 0.05 + 1.45 * stream.uniform(),
    burst: 2 * 20 ** stream.uniform(),
    sessionMinutes: 60 ** stream.uniform(),
    duty: 0.05 * 12 ** stream.uniform(),
  }
}
