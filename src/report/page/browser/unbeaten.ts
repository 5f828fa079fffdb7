/** A value on each axis; smaller ones are better. */
export interface Placed {
  readonly x: number
  readonly y: number
}

/**
 * The positions of the points that no other beats: none is at least as good on both axes and better on one. From the left
 * to the right; of equal points the first.
 */
export function frontierOf(points: readonly Placed[]): number[] {
  const order = [...points.keys()].toSorted((a, b) => points[a]!.x - points[b]!.x || points[a]!.y - points[b]!.y)
  const frontier: number[] = []
  let least = Number.POSITIVE_INFINITY
  for (const position of order) {
    if (points[position]!.y >= least) continue
    least = points[position]!.y
    frontier.push(position)
  }
  return frontier
}

/** The positions of the points within a budget on y, the least x first. */
export function withinBudget(points: readonly Placed[], budget: number): number[] {
  const allowed = [...points.keys()].filter((position) => points[position]!.y <= budget)
  return allowed.toSorted((a, b) => points[a]!.x - points[b]!.x || points[a]!.y - points[b]!.y)
}
