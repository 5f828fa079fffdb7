/**
 * The sum of the values, rounded once: the same bits in whatever order or grouping they are added (Shewchuk, "Adaptive
 * Precision Floating-Point Arithmetic", 1997; the non-overlapping partials of section 2). All values must be finite.
 */
export function exactSum(values: ArrayLike<number>): number {
  return wholeSum(values) ?? sumOfPartials(values)
}

/** The sum of whole numbers, as counts and times are, where plain addition is exact; undefined of others. */
function wholeSum(values: ArrayLike<number>): number | undefined {
  let sum = 0
  let magnitude = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    if (value !== Math.floor(value)) return undefined
    sum += value
    magnitude += Math.abs(value)
  }
  return magnitude <= Number.MAX_SAFE_INTEGER ? sum : undefined
}

function sumOfPartials(values: ArrayLike<number>): number {
  const partials: number[] = []
  for (let at = 0; at < values.length; at += 1) {
    let rest = values[at]!
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
