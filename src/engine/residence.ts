import type { Timeline } from './ledger.ts'

/** Units of memory in a timeline: 1/64 MB, so that products with whole milliseconds are whole numbers. */
export function timelineUnits(memoryMb: number): number {
  return Math.round(memoryMb * 64)
}

/**
 * Adds one residence, `units` of memory from `fromMs` to `toMs`, cut to the timeline. Times are rounded to whole
 * milliseconds here, and only here, so that all sums are exact and no order of adding matters (as
 * long as MB loaded x 64 x the bucket's ms stays below 2^53: 56 TB over 14 days).
 */
export function addResidence(timeline: Timeline, fromMs: number, toMs: number, horizonMs: number, units: number): void {
  const from = Math.min(Math.round(fromMs), horizonMs)
  const to = Math.min(Math.round(toMs), horizonMs)
  if (to <= from || units === 0) return
  shift(timeline, from, units)
  shift(timeline, to, -units)
}

/**
 * Adds `times` residences, of whole milliseconds and within the timeline, each `stepMs` after the one before: the same as
 * one by one, but those of a bucket at once.
 */
export function addResidences(
  timeline: Timeline,
  fromMs: number,
  lengthMs: number,
  units: number,
  repeats: RepeatedResidence,
): void {
  if (lengthMs <= 0 || units === 0) return
  shiftAll(timeline, fromMs, units, repeats)
  shiftAll(timeline, fromMs + lengthMs, -units, repeats)
}

interface RepeatedResidence {
  readonly times: number
  readonly stepMs: number
}

/** {@link shift} at `firstMs` and at so many further moments. Divisions are most of its cost, so it does few. */
function shiftAll(
  { bucketMs, area, slope }: Timeline,
  firstMs: number,
  units: number,
  repeats: RepeatedResidence,
): void {
  const { times, stepMs } = repeats
  let bucket = Math.floor(firstMs / bucketMs)
  // Ms from the moment at hand to the end of its bucket, and moments in the bucket: the same ones follow from the same ms.
  let left = (bucket + 1) * bucketMs - firstMs
  let knownLeft = 0
  let inBucket = 0
  for (let rest = times; ; ) {
    if (left !== knownLeft) {
      knownLeft = left
      inBucket = left <= stepMs ? 1 : Math.ceil(left / stepMs)
    }
    const together = inBucket < rest ? inBucket : rest
    // The sum of left, left - step, and so on.
    area[bucket]! += units * (together * left - (stepMs * together * (together - 1)) / 2)
    slope[bucket + 1]! += together * units
    rest -= together
    if (rest === 0) return
    left += bucketMs - together * stepMs
    bucket += 1
    if (left > 0) continue
    // The next moment is some buckets on.
    const further = Math.floor(-left / bucketMs) + 1
    bucket += further
    left += further * bucketMs
  }
}

/** From `at` on, `units` more are loaded. */
function shift({ bucketMs, area, slope }: Timeline, at: number, units: number): void {
  const bucket = Math.floor(at / bucketMs)
  area[bucket]! += units * ((bucket + 1) * bucketMs - at)
  slope[bucket + 1]! += units
}
