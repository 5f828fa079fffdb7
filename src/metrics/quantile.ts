import { quantileSorted } from 'simple-statistics'

/**
 * The quantiles of the values at the given probabilities (0 to 1), by linear interpolation between order statistics:
 * definition R-7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996. No values: no quantiles.
 */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  if (values.length === 0) return []
  const sorted = Array.from(values.toSorted())
  return probabilities.map((probability) => quantileSorted(sorted, probability))
}
