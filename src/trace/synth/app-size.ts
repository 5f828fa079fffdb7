import type { RandomStream } from '../../core/random.ts'
import { APPS_OVER_100_FUNCTIONS, FUNCTIONS_PER_APP } from './published-shares.ts'

const LARGEST = FUNCTIONS_PER_APP.length - 1

/** The part of the largest class that has more than 100 functions. */
const OVER_100 = APPS_OVER_100_FUNCTIONS / FUNCTIONS_PER_APP[LARGEST]!.share

/** The power law that leads from 11 functions, all of the largest class, to the part of it that has over 100. */
const EXPONENT = Math.log(101 / 11) / Math.log(OVER_100)

/**
 * Draws the number of functions within a class of FUNCTIONS_PER_APP, at least `atLeast`. Small numbers are likelier
 * within a class; above 100 the chance falls as 1/n, so that about one in 20 of those few reaches 2,000.
 */
export function drawSize(stream: RandomStream, sizeClass: number, atLeast: number): number {
  const { from, to } = FUNCTIONS_PER_APP[sizeClass]!
  const quantile = stream.positive()
  if (sizeClass === LARGEST) {
    const size = quantile < OVER_100 ? (101 * OVER_100) / quantile : 11 * quantile ** EXPONENT
    return Math.floor(Math.min(to, size))
  }
  const low = Math.max(from, atLeast)
  return Math.min(to, Math.floor(low * ((to + 1) / low) ** (1 - quantile)))
}
