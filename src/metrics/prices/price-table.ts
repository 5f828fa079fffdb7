import { MB_PER_GB } from '../memory-time.ts'

/** What a second of an instance costs: so much per GB of its memory and so much per unit of its CPU. */
export interface Rate {
  /** Currency per GB-second; a GB is 1,024 MB. */
  readonly gbS: number
  /** Currency per second of one unit of CPU, as {@link Size} counts them; 0 where the memory's price includes it. */
  readonly cpuS: number
}

/** A price of memory that includes CPU, in currency per GB-second. */
export function memoryRate(gbS: number): Rate {
  return { gbS, cpuS: 0 }
}

/** A size that instances are sold in. */
export interface Size {
  readonly mb: number
  /** Units of CPU that come with it; 0 where CPU has no price of its own. */
  readonly cpus: number
}

/**
 * The sizes that instances are sold in: multiples of a step from the least on, or a list in ascending order. An empty
 * list sells every app the memory that it has.
 */
export type Sizes =
  | { readonly leastMb: number; readonly stepMb: number; readonly mostMb?: number; readonly cpusPerGb: number }
  | readonly Size[]

/** Sizes of so many MB whose price of memory includes CPU. */
export function sizesWithCpu(mbs: readonly number[]): readonly Size[] {
  return mbs.map((mb) => ({ mb, cpus: 0 }))
}

/** What a platform charges. Prices are in one currency, without taxes, free tiers and discounts. */
export interface PriceTable {
  /** The id of a listed table, or the path of a user's own as it was written. */
  readonly id: string
  /** ISO 4217 code. */
  readonly currency: string
  readonly region?: string
  /** The latest day on which the prices are known to have been in force, as `2026-01-31`. */
  readonly date?: string
  /** Where the prices are published. */
  readonly source?: string
  /** All that the user pays for an instance while it executes. */
  readonly running: Rate
  /** All that the user pays for an instance while it loads; 0 where loading is not billed. */
  readonly loading: Rate
  /** All that the user pays for an instance that is loaded and executes nothing; 0 where that is not billed. */
  readonly idle: Rate
  /** Currency per million requests. */
  readonly millionRequests: number
  /** What a GB-second of memory costs whoever runs the platform, whatever the instance does; null where unknown. */
  readonly residentGbS: number | null
  readonly sizes: Sizes
}

/**
 * The size that an app of so many MB is billed as: the least that holds it. Above the largest size of a list it is
 * billed in proportion to that one, for lack of a price; steps go on above the largest.
 */
export function billedSize(memoryMb: number, sizes: Sizes): Size {
  if ('stepMb' in sizes) {
    const mb = Math.max(sizes.leastMb, Math.ceil(memoryMb / sizes.stepMb) * sizes.stepMb)
    return { mb, cpus: (mb / MB_PER_GB) * sizes.cpusPerGb }
  }
  const fitting = sizes.find(({ mb }) => mb >= memoryMb)
  if (fitting !== undefined) return fitting
  const largest = sizes.at(-1)
  return { mb: memoryMb, cpus: largest === undefined ? 0 : (largest.cpus * memoryMb) / largest.mb }
}

/** What a second of an instance of that size costs at a rate. */
export function pricePerSecond({ gbS, cpuS }: Rate, { mb, cpus }: Size): number {
  return (mb / MB_PER_GB) * gbS + cpus * cpuS
}
