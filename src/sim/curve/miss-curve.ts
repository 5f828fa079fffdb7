/** How many invocations are cold at each memory size; columns of equal length, sizes growing and misses falling. */
export interface MissCurve {
  /** Sizes at which the misses fall, from 0 on. */
  readonly sizeMb: Float64Array
  /** Cold invocations at that size and up to, not including, the next; the last row is {@link firstUses}. */
  readonly misses: Float64Array
  /** The curve is exact at all multiples of this, and at sizes between two of them is what it is at the lower. */
  readonly stepMb: number
  readonly invocations: number
  /** Apps that were invoked: their first invocations are cold at every size. */
  readonly firstUses: number
  /**
   * The largest app that was invoked. No smaller memory can serve all of them; there the curve tells of a cache that
   * such an app empties without staying in it.
   */
  readonly largestMb: number
  /** All apps that were invoked together. From here on nothing is ever evicted. */
  readonly usedMb: number
}

/** Cold invocations at a memory size in MB: exact at multiples of the curve's step, else those of the next lower one. */
export function missesAt({ sizeMb, misses, stepMb }: MissCurve, size: number): number {
  const held = Math.max(0, Math.floor(size / stepMb) * stepMb)
  return misses[rowsUntil(sizeMb.length, (row) => sizeMb[row]! > held) - 1]!
}

/**
 * The least memory in MB, a multiple of the curve's step, at which no more than so many invocations are cold; undefined
 * where first invocations alone are more.
 */
export function memoryFor({ sizeMb, misses }: MissCurve, most: number): number | undefined {
  return sizeMb[rowsUntil(misses.length, (row) => misses[row]! <= most)]
}

/**
 * The knee of the curve in MB: of the sizes from the largest app to the first at which nothing but first invocations is
 * cold, the one that lies furthest below the straight line between these two ends, both axes linear. It is the greatest
 * value of the difference curve of Satopää, Albrecht, Irwin and Raghavan, "Finding a 'Kneedle' in a Haystack: Detecting
 * Knee Points in System Behavior", ICDCS Workshops 2011, without smoothing, for this curve is exact. FaasCache (Fuerst and
 * Sharma, ASPLOS 2021) names the knee of the hit-ratio curve as the size of a server. Undefined where the curve does not
 * fall between the ends, or lies nowhere below the line.
 */
export function kneeOf(curve: MissCurve): number | undefined {
  const { sizeMb, misses, largestMb } = curve
  const endMb = sizeMb.at(-1)!
  const top = missesAt(curve, largestMb)
  const bottom = misses.at(-1)!
  if (top === bottom) return undefined
  let knee: number | undefined
  let furthest = 0
  for (let row = rowsUntil(sizeMb.length, (each) => sizeMb[each]! > largestMb); row < sizeMb.length; row += 1) {
    const gained = (top - misses[row]!) / (top - bottom)
    const spent = (sizeMb[row]! - largestMb) / (endMb - largestMb)
    if (gained - spent <= furthest) continue
    furthest = gained - spent
    knee = sizeMb[row]
  }
  return knee
}

/** The first of so many rows at which something holds that holds at all later ones. */
function rowsUntil(rows: number, holds: (row: number) => boolean): number {
  let low = 0
  let high = rows
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
