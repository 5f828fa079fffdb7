/**
 * Seeded random streams. A stream is found by its key, not by its place in a sequence: the draws of one app in one
 * minute are the same whatever was drawn before, so the order of apps and the number of workers change nothing.
 */

/** Two 32-bit words that stand for a text (a hash of it; not cryptographic). */
export type Key = readonly [number, number]

/** The key of a name, the same on every machine. */
export function keyOf(name: string): Key {
  let high = 0x9e3779b9 | 0
  let low = 0x243f6a88 | 0
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index)
    high = Math.imul(high ^ code, 0x85ebca6b)
    low = Math.imul(low ^ code, 0xc2b2ae35)
  }
  return [scramble(high ^ (low >>> 15)), scramble(low ^ (high >>> 13))]
}

function scramble(word: number): number {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const TWO_TO_MINUS_32 = 2 ** -32

/** One random stream: the generator sfc32 (Doty-Humphrey, PractRand), seeded with up to four words. */
export class RandomStream {
  private a = 0
  private b = 0
  private c = 0
  private counter = 1

  /** Begins the stream that the four words name. */
  begin(word0: number, word1: number, word2: number, word3: number): void {
    this.a = scramble(word0 ^ Math.imul(word3 + 1, 0x9e3779b9)) | 0
    this.b = scramble(word1 ^ this.a) | 0
    this.c = scramble(word2 ^ this.b) | 0
    this.counter = 1
    this.next()
    this.next()
  }

  /**
   * Begins the stream of one place, a minute say, among those that three words name; cheaper than {@link begin}, for
   * streams of a few draws. The words must be well mixed, as those of {@link keyOf} are.
   */
  beginAt(place: number, word0: number, word1: number, word2: number): void {
    this.a = scramble(word0 ^ Math.imul(place + 1, 0x9e3779b9)) | 0
    this.b = word1 | 0
    this.c = word2 | 0
    this.counter = 1
    this.next()
    this.next()
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /**
   * Fills the rows `from` up to, not including, `to` with the next numbers of {@link next}, each times `scale` and rounded
   * down; `scale` is at most 1. Hot: measured by bench/arrivals.ts.
   */
  drawInto(out: Uint32Array, from: number, to: number, scale: number): void {
    let { a, b, c, counter } = this
    for (let row = from; row < to; row += 1) {
      const sum = (((a + b) | 0) + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + sum) | 0
      // What is stored in a whole number is rounded down.
      out[row] = (sum >>> 0) * scale
    }
    this.a = a
    this.b = b
    this.c = c
    this.counter = counter
  }

  /** A number in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.next() * TWO_TO_MINUS_32
  }

  /** A number in (0, 1], for logarithms. */
  positive(): number {
    return (this.next() + 1) * TWO_TO_MINUS_32
  }
}

/** The stream of one name under one seed. */
export function streamOf(seed: number, name: string): RandomStream {
  const [high, low] = keyOf(name)
  const stream = new RandomStream()
  stream.begin(high, low, seed, Math.floor(seed / 2 ** 32))
  return stream
}
