/** Each app's value over the mean of those that are known, which are above 0; 1 for an app, or a fleet, that is not. */
export function relativeSize(values: Float64Array): Float64Array {
  const known = values.filter((value) => value > 0)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  return values.map((value) => (value > 0 ? value / mean : 1))
}
