/** When a loop turns next: the first multiple of `every` later than `now`, all in ms. */
export function turnAfter(now: number, every: number): number {
  return (Math.floor(now / every) + 1) * every
}
