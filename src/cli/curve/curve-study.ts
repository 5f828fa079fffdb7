import { VERSION } from '../../core/version.ts'
import { traceSummary } from '../../experiment/trace-record.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import { type CurvePoint, floorMb, pointAt, pointsOf } from '../../sim/curve/curve-points.ts'
import { kneeOf, memoryFor, type MissCurve } from '../../sim/curve/miss-curve.ts'
import { type CurveInput, lruCurve } from '../../sim/curve/reuse-distance.ts'

/** Cold-start shares that memory is told for. */
const TARGETS = [0.1, 0.05, 0.02, 0.01, 0.005, 0.001] as const
const MOST_POINTS = 500

/** Sizes that mean something, in whole MB, rounded up; null where the curve has no knee. */
type Landmarks = Readonly<Record<'largestApp' | 'floor' | 'allApps', CurvePoint>> & {
  readonly knee: CurvePoint | null
}

/** What the command `curve` tells of a trace; the document that it prints with --json, but for its schema and files. */
export interface CurveStudy {
  readonly version: string
  readonly trace: TraceSummary
  /** The options in force; without `spread` where the trace has its own times. */
  readonly model: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly eviction: 'lru'
  readonly curve: {
    /** Apps that were invoked: their first invocations are cold at every size. */
    readonly firstUses: number
    /** The curve is exact at multiples of this. */
    readonly stepMb: number
    readonly points: readonly CurvePoint[]
  }
  readonly landmarks: Landmarks
  /** The points at the sizes that were asked for, or at doublings of memory. */
  readonly sizes: readonly CurvePoint[]
  /** The least whole MB at which at most that share is cold; null where first invocations alone are a larger share. */
  readonly targets: readonly { readonly coldShare: number; readonly needs: CurvePoint | null }[]
}

/** Makes the curve of a trace and reads from it what people ask for; `sizes` in MB, by default doublings. */
export function studyOf(input: CurveInput, sizes: readonly number[] | undefined): CurveStudy {
  const { trace, model, seed } = input
  const { spread, ...others } = model
  const curve = lruCurve(input)
  const { firstUses, stepMb } = curve
  return {
    version: VERSION,
    trace: traceSummary(trace),
    model: trace.offers.includes('arrivalTime') ? others : { ...others, spread },
    seed,
    eviction: 'lru',
    curve: { firstUses, stepMb, points: pointsOf(curve, MOST_POINTS) },
    landmarks: landmarksOf(curve),
    sizes: (sizes ?? doublings(curve)).map((size) => pointAt(curve, size)),
    targets: TARGETS.map((coldShare) => ({ coldShare, needs: needsFor(curve, coldShare) })),
  }
}

function landmarksOf(curve: MissCurve): Landmarks {
  const knee = kneeOf(curve)
  return {
    largestApp: wholeMb(curve, curve.largestMb),
    knee: knee === undefined ? null : wholeMb(curve, knee),
    floor: wholeMb(curve, floorMb(curve)),
    allApps: wholeMb(curve, curve.usedMb),
  }
}

function needsFor(curve: MissCurve, coldShare: number): CurvePoint | null {
  const memoryMb = memoryFor(curve, coldShare * curve.invocations)
  return memoryMb === undefined ? null : wholeMb(curve, Math.max(memoryMb, curve.largestMb))
}

function wholeMb(curve: MissCurve, memoryMb: number): CurvePoint {
  return pointAt(curve, Math.ceil(memoryMb))
}

/** The powers of two from the largest app to the memory of all, in MB. */
function doublings({ largestMb, usedMb }: MissCurve): number[] {
  if (usedMb === 0) return []
  const first = Math.max(0, Math.ceil(Math.log2(largestMb)))
  const last = Math.floor(Math.log2(usedMb))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 2 ** (first + index))
}
