/** The largest of some numbers, or `least` where none is larger: however many there are, where a spread would overflow the stack. */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let most = least
  for (const value of values) most = Math.max(most, value)
  return most
}

/** The smallest of some numbers, or `most` where none is smaller. */
export function smallest(values: Iterable<number>, most = Number.POSITIVE_INFINITY): number {
  let least = most
  for (const value of values) least = Math.min(least, value)
  return least
}
