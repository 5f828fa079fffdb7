/** Memory on nodes is counted in whole units of 1/64 MB, so that sums of it are exact. */
export const UNITS_PER_MB = 64

/** Units that an instance takes: rounded up, at least one. */
export function instanceUnits(memoryMb: number): number {
  return Math.max(1, Math.ceil(memoryMb * UNITS_PER_MB))
}

/** MB of an instance by which eviction orders divide: at least one unit, so that no rank is without bounds. */
export function dividingMb(memoryMb: number): number {
  return Math.max(1 / UNITS_PER_MB, memoryMb)
}

/** Units that a node has: rounded down. */
export function nodeUnits(memoryMb: number): number {
  return Math.floor(memoryMb * UNITS_PER_MB)
}
