import type { RunSummary } from '../comparison.ts'
import type { BoundCurve, BoundDistance, WorldBounds } from './decision.ts'

/** The curve that bounds whoever never loads ahead of time, and the one that bounds who does. */
const [ON_DEMAND, AHEAD] = ['hold-or-drop', 'foresight']

/** How far each run is from its bound: that of policies that load ahead of time only where it did. */
export function distancesOf(runs: readonly RunSummary[], bounds: readonly WorldBounds[]): (BoundDistance | null)[] {
  const curvesOf = new Map(
    bounds.flatMap(({ runs: positions, curves }) => positions.map((run) => [run, curves] as const)),
  )
  return runs.map(({ totals }, position) => {
    const id = totals.prewarms > 0 ? AHEAD : ON_DEMAND
    const curve = curvesOf.get(position)?.find((each) => each.id === id)
    if (curve === undefined) return null
    const leastColdStarts = leastAt(curve, totals.idleMbS)
    const times = leastColdStarts === 0 ? null : totals.coldStarts / leastColdStarts
    return { bound: curve.id, leastColdStarts, times }
  })
}

/** Cold starts of the first point that has as much idle memory, or of the last one: nothing up to there has fewer. */
function leastAt({ points }: BoundCurve, idleMbS: number): number {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (points[middle]!.idleMbS < idleMbS) low = middle + 1
    else high = middle
  }
  return points[low]?.coldStarts ?? 0
}
