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
  { bucketMs, area, slope }: Timeline,
  fromMs: number,
  lengthMs: number,
  units: number,
  { times, stepMs }: { readonly times: number; readonly stepMs: number },
): void {
  if (lengthMs <= 0 || units === 0) return
  for (const [first, each] of [
    [fromMs, units],
    [fromMs + lengthMs, -units],
  ] as const) {
    for (let done = 0; done < times; ) {
      const at = first + done * stepMs
      const bucket = Math.floor(at / bucketMs)
      const end = (bucket + 1) * bucketMs
      const together = Math.min(times - done, Math.ceil((end - at) / stepMs))
      // The sum of end - at, end - at - step, and so on.
      const sum = together * (end - at) - (stepMs * together * (together - 1)) / 2
      area[bucket]! += each * sum
      slope[bucket + 1]! += together * each
      done += together
    }
  }
}

/** From `at` on, `units` more are loaded. */
function shift({ bucketMs, area, slope }: Timeline, at: number, units: number): void {
  const bucket = Math.floor(at / bucketMs)
  area[bucket]! += units * ((bucket + 1) * bucketMs - at)
  slope[bucket + 1]! += units
}
