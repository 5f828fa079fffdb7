import { exactSum } from '../../core/exact-sum.ts'
import { largest, smallest } from '../../core/largest.ts'
import type { FigureSpread } from './decision.ts'

/** The spread of figures; null where there are none, or one of them is missing. */
export function spreadOf(values: readonly (number | null | undefined)[]): FigureSpread | null {
  const known = values.filter((value) => typeof value === 'number')
  if (known.length === 0 || known.length < values.length) return null
  // Equal figures have themselves for a mean, to the last bit.
  const [least, most] = [smallest(known), largest(known)]
  return { mean: least === most ? least : exactSum(known) / known.length, least, most }
}
