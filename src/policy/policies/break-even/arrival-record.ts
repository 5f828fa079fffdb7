/** Bits that are compared to tell whether two moments have a like past. */
const PAST = 32

/**
 * In which of the last bins an app was invoked, one bit a bin in a ring. Bins are whole numbers that never fall.
 * Hot: measured by bench/policies.ts.
 */
export class ArrivalRecord {
  /** First and last bin with an arrival; -1 before the first. */
  first = -1
  last = -1
  private readonly words: Int32Array
  private readonly mask: number
  /** Up to this bin the ring holds what happened; beyond it, what happened a round earlier. */
  private clearedTo = -1

  /** Remembers at least the last `longest` bins, and the past of the oldest of them. */
  constructor(longest: number) {
    const words = 2 ** Math.ceil(Math.log2((longest + 2 * PAST) / 32))
    this.words = new Int32Array(words)
    this.mask = words - 1
  }

  /** An arrival in the bin. */
  set(bin: number): void {
    this.advance(bin)
    if (this.first < 0) this.first = bin
    this.last = bin
    this.words[(bin >>> 5) & this.mask]! |= 1 << bin
  }

  /** Time has come to the bin: no arrival is known in it or before it but those that were set. */
  advance(bin: number): void {
    if (bin <= this.clearedTo) return
    const from = this.clearedTo + 1
    this.clearedTo = bin
    if (bin - from >= 32 * this.words.length) {
      this.words.fill(0)
      return
    }
    const { words, mask } = this
    for (let at = from; at <= bin; ) {
      const inWord = at & 31
      const upTo = Math.min(31, inWord + (bin - at))
      // Bits inWord to upTo of this word; a shift by 32 is one by 0.
      const bits = (upTo === 31 ? -1 : (1 << (upTo + 1)) - 1) & ~((1 << inWord) - 1)
      words[(at >>> 5) & mask]! &= ~bits
      at += upTo - inWord + 1
    }
  }

  /** The first bin after `bin` with an arrival; -1 where there is none. */
  nextAfter(bin: number): number {
    const { words, mask, last } = this
    for (let at = bin + 1; at <= last; at += 32 - (at & 31)) {
      const rest = words[(at >>> 5) & mask]! & (-1 << at)
      if (rest === 0) continue
      const found = at - (at & 31) + (31 - Math.clz32(rest & -rest))
      return found <= last ? found : -1
    }
    return -1
  }

  /** The bits of the bins that end at `bin`, as one word to compare. */
  pastOf(bin: number): number {
    const { words, mask } = this
    const low = bin - PAST + 1
    const word = words[(low >>> 5) & mask]! >>> low
    return (low & 31) === 0 ? word | 0 : word | (words[((low >>> 5) + 1) & mask]! << -low)
  }

  /** Plain JSON. */
  save(): { first: number; last: number; words: number[] } {
    return { first: this.first, last: this.last, words: [...this.words] }
  }

  /** Takes back what {@link save} gave of a record of the same length. */
  load(saved: { first: number; last: number; words: readonly number[] }): void {
    this.first = saved.first
    this.last = saved.last
    this.clearedTo = saved.last
    this.words.set(saved.words)
  }
}
