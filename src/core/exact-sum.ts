/**
 * The sum of the values, rounded once: the same bits in whatever order or grouping they are added (Shewchuk, "Adaptive
 * Precision Floating-Point Arithmetic", 1997; the non-overlapping partials of section 2). All values must be finite.
 */
export function exactSum(values: Iterable<number>): number {
  const partials: number[] = []
  for (const value of values) {
    let rest = value
    let kept = 0
    for (const partial of partials) {
      const big = Math.abs(rest) >= Math.abs(partial) ? rest : partial
      const small = big === rest ? partial : rest
      const sum = rest + partial
      const error = small - (sum - big)
      if (error !== 0) {
        partials[kept] = error
        kept += 1
      }
      rest = sum
    }
    partials.length = kept
    partials.push(rest)
  }
  return roundedOnce(partials)
}

/** Adds partials of growing size from the largest down, correcting the half-way case that plain addition rounds wrongly. */
function roundedOnce(partials: number[]): number {
  let sum = partials.pop() ?? 0
  let error = 0
  while (partials.length > 0 && error === 0) {
    const before = sum
    const partial = partials.pop()!
    sum = before + partial
    error = partial - (sum - before)
  }
  const next = partials.at(-1)
  if (next !== undefined && ((error < 0 && next < 0) || (error > 0 && next > 0))) {
    const doubled = error * 2
    const moved = sum + doubled
    if (doubled === moved - sum) sum = moved
  }
  return sum
}
