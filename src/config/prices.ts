import { formatMemory } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { PRICES } from '../metrics/prices/providers/index.ts'
import { memoryRate, sizesWithCpu, type PriceTable, type Sizes } from '../metrics/prices/price-table.ts'
import { parseSource, type SourceDocument } from './document.ts'
import { check } from './field.ts'
import { priceTableSchema, sizeListSchema, sizeStepsSchema } from './prices-schema.ts'
import { readText } from '../files/read-text.ts'

/** A table of the user's own is named by the path of its file. */
export const OWN_PRICES_PATTERN = String.raw`\.(yaml|yml)$`

/** How an experiment names its prices. */
export interface NamedPrices {
  /** The id of a listed table, or a path. */
  readonly name: string
  /** The path from the current folder, where `name` is one. */
  readonly path: string
  /** The place that names them. */
  readonly where: string
}

/** Whether prices are named by the path of a file. */
function isOwnPrices(name: string): boolean {
  return new RegExp(OWN_PRICES_PATTERN).test(name)
}

/** The prices that an experiment names. Throws a UserError for an unknown id and for whatever is wrong with a file. */
export async function readPrices({ name, path, where }: NamedPrices): Promise<PriceTable> {
  if (!isOwnPrices(name)) return PRICES.get(name, where)
  const hint = 'The path of a price table is relative to the experiment file.'
  const text = await readText(path, { what: 'a price table (.yaml)', where, hint })
  return priceTableOf(parseSource(text, path, { what: 'a price table', hint: 'docs/prices.md shows one.' }), name)
}

/** Checks a price table that was parsed; `id` is what reports call it. */
export function priceTableOf(document: SourceDocument, id: string): PriceTable {
  const { running, loading, idle, requests, resident, currency, region, date, source, sizes } = check(
    priceTableSchema,
    document,
    document.data,
    [],
  )
  return {
    id,
    currency,
    ...(region === undefined ? {} : { region }),
    ...(date === undefined ? {} : { date }),
    ...(source === undefined ? {} : { source }),
    running: memoryRate(running),
    loading: memoryRate(loading ?? 0),
    idle: memoryRate(idle ?? 0),
    millionRequests: requests ?? 0,
    residentGbS: resident ?? null,
    sizes: sizesOf(document, sizes),
  }
}

function sizesOf(document: SourceDocument, raw: unknown): Sizes {
  if (raw === undefined) return []
  if (!Array.isArray(raw)) {
    const { least, step } = check(sizeStepsSchema, document, raw, ['sizes'])
    return { leastMb: least, stepMb: step, cpusPerGb: 0 }
  }
  if (raw.length === 0) {
    const { where } = document.value(['sizes'])
    throw new UserError({ where, problem: 'expected at least one size, found an empty list' })
  }
  const mbs = check(sizeListSchema, document, raw, ['sizes'])
  const index = mbs.findIndex((mb, index) => index > 0 && mb <= mbs[index - 1]!)
  if (index === -1) return sizesWithCpu(mbs)
  const { where } = document.value(['sizes', index])
  const [before, after] = [mbs[index - 1]!, mbs[index]!].map((mb) => formatMemory(mb))
  throw new UserError({ where, problem: `expected sizes in ascending order, found ${after} after ${before}` })
}
