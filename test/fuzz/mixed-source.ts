import { streamOf } from '../../src/core/random.ts'

/** Draws for fuzzers: the same for the same seed, on every machine. */
export interface MixedSource {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  /** One of the entries. */
  of<T>(entries: readonly T[]): T
  /** True once in so many times. */
  oneIn(times: number): boolean
}

export function mixedSource(seed: number): MixedSource {
  const stream = streamOf(seed, 'fuzz')
  const below = (bound: number): number => Math.floor(stream.uniform() * bound)
  return { below, of: (entries) => entries[below(entries.length)]!, oneIn: (times) => below(times) === 0 }
}
