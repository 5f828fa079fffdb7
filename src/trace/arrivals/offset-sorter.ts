import { grown } from '../../core/column.ts'

/** Up to here plain insertion is as fast (measured by bench/sort.ts). */
const FEW = 12

/**
 * Sorts offsets, whole numbers that are spread about evenly over a known range, as arrival times within a minute are: each goes
 * to the bucket that its highest bits name, about as many buckets as offsets, and insertion sorts the rest. Linear where they
 * are even, right however they lie. Equal offsets keep their order. Hot: measured by bench/sort.ts.
 */
export class OffsetSorter {
  /** What is to be sorted, and then what is sorted: each offset, and what goes with it. */
  offsets = new Uint32Array(1024)
  tags = new Uint32Array(1024)
  private otherOffsets = new Uint32Array(1024)
  private otherTags = new Uint32Array(1024)
  private starts = new Uint32Array(1024)

  /** Makes room for so many; those that are there are kept. */
  reserve(length: number): void {
    if (length <= this.offsets.length) return
    this.offsets = grown(this.offsets, 2 * length)
    this.tags = grown(this.tags, 2 * length)
  }

  /** Sorts the first `length` offsets upwards; all must be below `limit`. Without their tags where these tell nothing. */
  sort(length: number, limit: number, isTagged: boolean): void {
    if (length > FEW) this.distribute(length, limit, isTagged)
    const { offsets, tags } = this
    for (let row = 1; row < length; row += 1) {
      const offset = offsets[row]!
      if (offsets[row - 1]! <= offset) continue
      const tag = tags[row]!
      let hole = row
      while (hole > 0 && offsets[hole - 1]! > offset) {
        offsets[hole] = offsets[hole - 1]!
        if (isTagged) tags[hole] = tags[hole - 1]!
        hole -= 1
      }
      offsets[hole] = offset
      if (isTagged) tags[hole] = tag
    }
  }

  /** Puts the offsets into buckets, each bucket's in the order in which they stood. */
  private distribute(length: number, limit: number, isTagged: boolean): void {
    const bits = 32 - Math.clz32(limit - 1)
    const kept = Math.min(bits, 32 - Math.clz32(length - 1))
    const buckets = 2 ** kept
    const shift = bits - kept
    if (this.starts.length < buckets) this.starts = new Uint32Array(buckets)
    if (this.otherOffsets.length < this.offsets.length) {
      this.otherOffsets = new Uint32Array(this.offsets.length)
      this.otherTags = new Uint32Array(this.offsets.length)
    }
    const { offsets, tags, otherOffsets, otherTags, starts } = this
    starts.fill(0, 0, buckets)
    for (let row = 0; row < length; row += 1) starts[offsets[row]! >>> shift]! += 1
    let start = 0
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const count = starts[bucket]!
      starts[bucket] = start
      start += count
    }
    for (let row = 0; row < length; row += 1) {
      const offset = offsets[row]!
      const bucket = offset >>> shift
      const place = starts[bucket]!
      starts[bucket] = place + 1
      otherOffsets[place] = offset
      if (isTagged) otherTags[place] = tags[row]!
    }
    this.offsets = otherOffsets
    this.otherOffsets = offsets
    this.tags = otherTags
    this.otherTags = tags
  }
}
