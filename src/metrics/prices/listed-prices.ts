import type { Described } from '../../core/registry.ts'
import type { PriceTable } from './price-table.ts'

/** A price table that a platform publishes, one mode of use each. */
export interface ListedPrices extends PriceTable, Described {
  readonly region: string
  readonly date: string
  readonly source: string
  /** What of the platform's bill is not modelled; each a sentence. */
  readonly leftOut: readonly string[]
  /** What the page leaves open, or to the user; each a sentence. */
  readonly assumed: readonly string[]
}
