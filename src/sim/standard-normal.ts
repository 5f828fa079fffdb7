import type { RandomStream } from '../core/random.ts'

/** A draw from the standard normal law (Box and Muller, 1958). */
export function standardNormal(stream: RandomStream): number {
  return Math.sqrt(-2 * Math.log(stream.positive())) * Math.cos(2 * Math.PI * stream.uniform())
}
