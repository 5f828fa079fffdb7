import { type Key, keyOf, RandomStream } from '../../core/random.ts'

/**
 * How the invocations of one minute, or other bucket of time, become arrival times within it (model.md). `minute` is not
 * among them: there the whole cell is one arrival.
 *
 * - `start`: all at the start of the minute.
 * - `even`: equally spaced, the first at the start of the minute (as FaasCache does).
 * - `uniform`: independent and uniform over the minute (as DSLab does); in law, a Poisson process given its count.
 * - `poisson`: gaps drawn from one exponential law and scaled to fill the minute, the first arrival at its start (as
 *   InVitro does).
 */
export const MINUTE_SPREADS = ['start', 'even', 'uniform', 'poisson'] as const
export type MinuteSpread = (typeof MINUTE_SPREADS)[number]

const TWO_TO_MINUS_32 = 2 ** -32

/** Spreads cells; its random draws depend on the seed, the function and the minute, on nothing else. */
export class Spreader {
  /** Whether the offsets of one cell come in time order. */
  readonly isOrdered: boolean
  private readonly spread: MinuteSpread
  private readonly bucketMs: number
  private readonly seedKey: Key
  private readonly stream = new RandomStream()
  private gaps = new Float64Array(64)
  private word0 = 0
  private word1 = 0
  private word2 = 0

  constructor(spread: MinuteSpread, seed: number, bucketMs: number) {
    this.spread = spread
    this.bucketMs = bucketMs
    this.seedKey = keyOf(`seed ${seed}`)
    this.isOrdered = spread !== 'uniform'
  }

  /** From now on cells are those of the function with this key. */
  turnTo(keyHigh: number, keyLow: number): void {
    this.word0 = keyHigh | 0
    this.word1 = keyLow ^ this.seedKey[0]
    this.word2 = this.seedKey[1] ^ keyHigh
  }

  /** Writes `count` offsets into the bucket, in whole ms from 0 and below its width, to `out` from row `at` on. */
  place(out: Uint32Array, at: number, count: number, minute: number): void {
    const end = at + count
    const { bucketMs } = this
    if (this.spread === 'start') {
      for (let row = at; row < end; row += 1) out[row] = 0
    } else if (this.spread === 'even') {
      for (let row = at, sum = 0; row < end; row += 1, sum += bucketMs) out[row] = Math.floor(sum / count)
    } else {
      this.stream.beginAt(minute, this.word0, this.word1, this.word2)
      if (this.spread === 'uniform') this.stream.drawInto(out, at, end, bucketMs * TWO_TO_MINUS_32)
      else this.walk(out, at, end)
    }
  }

  private walk(out: Uint32Array, at: number, end: number): void {
    const { bucketMs, stream } = this
    const count = end - at
    if (this.gaps.length < count) this.gaps = new Float64Array(count * 2)
    const { gaps } = this
    let total = 0
    for (let index = 0; index < count; index += 1) {
      const gap = -Math.log(stream.positive())
      gaps[index] = gap
      total += gap
    }
    const scale = total > 0 ? bucketMs / total : 0
    let reached = 0
    for (let index = 0; index < count; index += 1) {
      out[at + index] = Math.min(bucketMs - 1, Math.floor(reached * scale))
      reached += gaps[index]!
    }
  }
}
