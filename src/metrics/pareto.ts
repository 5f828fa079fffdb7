/**
 * For each point by how many others it is beaten: another one is as good in every figure, and better in one. Points that
 * lack different figures are not compared. Smaller figures are better. The points that nobody beats are the Pareto front. Time: the square of the number of points.
 */
export function beatenBy(points: readonly (readonly (number | null)[])[]): number[] {
  return points.map((point) => points.filter((other) => beats(other, point)).length)
}

function beats(one: readonly (number | null)[], other: readonly (number | null)[]): boolean {
  let isBetter = false
  for (const [at, value] of one.entries()) {
    const than = other[at]!
    if (value === null && than === null) continue
    if (value === null || than === null || value > than) return false
    if (value < than) isBetter = true
  }
  return isBetter
}
