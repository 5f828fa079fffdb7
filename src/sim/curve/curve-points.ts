import { missesAt, type MissCurve } from './miss-curve.ts'

/** A size of memory, and the invocations that are cold there. */
export interface CurvePoint {
  readonly memoryMb: number
  readonly coldStarts: number
  /** Cold starts over invocations; 0 when nothing was invoked. */
  readonly coldShare: number
}

/** The point of a curve at a size in MB. */
export function pointAt(curve: MissCurve, memoryMb: number): CurvePoint {
  const coldStarts = missesAt(curve, memoryMb)
  return { memoryMb, coldStarts, coldShare: curve.invocations === 0 ? 0 : coldStarts / curve.invocations }
}

/** The first size at which nothing but first invocations is cold, and all apps fit one by one. */
export function floorMb({ sizeMb, largestMb, stepMb }: MissCurve): number {
  return Math.max(sizeMb.at(-1)!, upToStep(largestMb, stepMb))
}

/**
 * At most so many (at least 2) points of a curve, from the largest app to {@link floorMb}: all of its steps where they
 * are no more, else sizes at equal ratios. Each is exact, being a multiple of the curve's step.
 */
export function pointsOf(curve: MissCurve, most: number): CurvePoint[] {
  const { largestMb, sizeMb, stepMb } = curve
  const from = upToStep(largestMb, stepMb)
  const to = floorMb(curve)
  const steps = sizeMb.filter((size) => size > from && size < to)
  const between =
    steps.length + 2 <= most
      ? steps
      : Array.from({ length: most - 2 }, (_, index) =>
          upToStep(from * (to / from) ** ((index + 1) / (most - 1)), stepMb),
        )
  return [...new Set([from, ...between, to])].map((memoryMb) => pointAt(curve, memoryMb))
}

function upToStep(memoryMb: number, stepMb: number): number {
  return Math.ceil(memoryMb / stepMb) * stepMb
}
