const FREE = -1

/** Numbers kept under whole keys from 0 to 2^53: a hash table of two columns, which makes no garbage. */
export class Tally {
  private keys = new Float64Array(64).fill(FREE)
  private counts = new Float64Array(64)
  private used = 0

  /** Adds to the number under the key, 0 at first. */
  add(key: number, count: number): void {
    const place = this.find(key)
    if (this.keys[place] === FREE) {
      this.keys[place] = key
      this.used += 1
    }
    this.counts[place]! += count
    if (this.used * 2 > this.keys.length) this.grow()
  }

  /** Every key whose number is not 0, with the number, by ascending key. */
  entries(): { readonly keys: Float64Array; readonly counts: Float64Array } {
    const keys = this.keys.filter((key, place) => key !== FREE && this.counts[place] !== 0).sort()
    return { keys, counts: keys.map((key) => this.counts[this.find(key)]!) }
  }

  private find(key: number): number {
    const { keys } = this
    const mask = keys.length - 1
    let place = (Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 2 ** 32) | 0, 0x85ebca6b)) >>> 0
    place = (place ^ (place >>> 15)) & mask
    while (keys[place] !== key && keys[place] !== FREE) place = (place + 1) & mask
    return place
  }

  private grow(): void {
    const { keys, counts } = this
    this.keys = new Float64Array(keys.length * 2).fill(FREE)
    this.counts = new Float64Array(keys.length * 2)
    for (const [from, key] of keys.entries()) {
      if (key === FREE) continue
      const place = this.find(key)
      this.keys[place] = key
      this.counts[place] = counts[from]!
    }
  }
}
