/** What was seen of one block: its features, and what each way of serving would have cost in the block after it. */
export interface Example {
  readonly features: readonly number[]
  readonly costs: readonly number[]
}

/** Classes of blocks by their features, each with the way that cost least after its blocks. */
export interface CostClasses {
  /** The features' means and deviations, by which they are made comparable. */
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  readonly centres: readonly (readonly number[])[]
  /** The way of each class. */
  readonly best: readonly number[]
}

const MOST_ROUNDS = 25

/**
 * Classes by k-means, of 1 to `most` of them as many as leave the least sum of costs, where each class has its cheapest
 * way. Deterministic: the first centre is the example nearest to the mean, each other the one farthest from those before.
 */
export function costClasses(examples: readonly Example[], most: number): CostClasses {
  const width = examples[0]!.features.length
  const column = (at: number): number[] => examples.map(({ features }) => features[at]!)
  const mean = Array.from({ length: width }, (_, at) => meanOf(column(at)))
  const deviation = mean.map((middle, at) => Math.sqrt(meanOf(column(at).map((value) => (value - middle) ** 2))) || 1)
  const points = examples.map(({ features }) => standardised(features, mean, deviation))
  let [found, least] = [{ mean, deviation, centres: [] as number[][], best: [] as number[] }, Number.POSITIVE_INFINITY]
  for (let count = 1; count <= Math.min(most, points.length); count += 1) {
    const centres = centresOf(points, count)
    if (centres === null) break
    const { best, sum } = cheapest(
      examples,
      points.map((point) => nearest(point, centres)),
      count,
    )
    if (sum >= least) continue
    least = sum
    found = { mean, deviation, centres, best }
  }
  return found
}

/** The way for a block of these features. */
export function wayFor({ mean, deviation, centres, best }: CostClasses, features: readonly number[]): number {
  return best[nearest(standardised(features, mean, deviation), centres)]!
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardised(features: readonly number[], mean: readonly number[], deviation: readonly number[]): number[] {
  return features.map((value, at) => (value - mean[at]!) / deviation[at]!)
}

function distance(one: readonly number[], other: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < one.length; at += 1) sum += (one[at]! - other[at]!) ** 2
  return sum
}

function nearest(point: readonly number[], centres: readonly (readonly number[])[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (const [row, centre] of centres.entries()) {
    const far = distance(point, centre)
    if (far < least) [best, least] = [row, far]
  }
  return best
}

/** The centres of so many clusters; null where there are not so many different points. */
function centresOf(points: readonly (readonly number[])[], count: number): number[][] | null {
  const origin = points[0]!.map(() => 0)
  const far = points.map((point) => distance(point, origin))
  let chosen = far.indexOf(smallest(far))
  let centres = [[...points[chosen]!]]
  const apart = points.map((point) => distance(point, centres[0]!))
  while (centres.length < count) {
    chosen = 0
    for (const [row, each] of apart.entries()) if (each > apart[chosen]!) chosen = row
    if (apart[chosen] === 0) return null
    const centre = [...points[chosen]!]
    centres.push(centre)
    for (const [row, point] of points.entries()) apart[row] = Math.min(apart[row]!, distance(point, centre))
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const sums = centres.map((centre) => ({ sum: centre.map(() => 0), count: 0 }))
    for (const point of points) {
      const own = sums[nearest(point, centres)]!
      own.count += 1
      for (let at = 0; at < point.length; at += 1) own.sum[at]! += point[at]!
    }
    const next = sums.map(({ sum, count: size }, row) => (size === 0 ? centres[row]! : sum.map((each) => each / size)))
    const isSettled = next.every((centre, row) => distance(centre, centres[row]!) < 1e-18)
    centres = next
    if (isSettled) break
  }
  return centres
}

/** The least value alone: spreading a long list into arguments overflows the stack. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

function cheapest(
  examples: readonly Example[],
  classOf: readonly number[],
  count: number,
): { best: number[]; sum: number } {
  const ways = examples[0]!.costs.length
  const sums = Array.from({ length: count }, () => new Float64Array(ways))
  for (const [row, { costs }] of examples.entries())
    for (let way = 0; way < ways; way += 1) sums[classOf[row]!]![way]! += costs[way]!
  const best = sums.map((costs) => costs.indexOf(smallest([...costs])))
  return { best, sum: sums.reduce((sum, costs, row) => sum + costs[best[row]!]!, 0) }
}
