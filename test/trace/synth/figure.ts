/** A published figure, what a synthetic population has instead, and how far apart they may be. */
export interface Figure {
  readonly what: string
  readonly target: number
  readonly measured: number
  readonly tolerance: number
}

/**
 * Figures are held to four standard errors: among a hundred of them, one in a hundred seeds then has one outside by
 * chance alone.
 */
export const ERRORS = 4

/** A figure that is a share of independent cases; `slack` is what the source itself leaves open. */
export function shareFigure(what: string, target: number, measured: number, cases: number, slack = 0): Figure {
  return { what, target, measured, tolerance: ERRORS * Math.sqrt((target * (1 - target)) / cases) + slack }
}

/** How near to a published part the leanings of triggers were fitted by hand. */
const FITTED = 0.01

/** A figure that is a weighted mean over apps, with the standard error of such a ratio (linearised). */
export function ratioFigure(
  what: string,
  target: number,
  weights: readonly number[],
  values: readonly number[],
): Figure {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const measured = weights.reduce((sum, weight, index) => sum + weight * values[index]!, 0) / total
  const squares = weights.reduce((sum, weight, index) => sum + (weight * (values[index]! - measured)) ** 2, 0)
  return { what, target, measured, tolerance: (ERRORS * Math.sqrt(squares)) / total + FITTED }
}

/** The part of the items that have something. */
export function part<T>(items: readonly T[], has: (item: T) => boolean): number {
  return items.filter(has).length / items.length
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
