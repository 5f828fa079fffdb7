/** How large the bench is. */
export interface Size {
  readonly apps: number
  readonly days: number
  readonly seed: number
  /** Worker threads of the stages that use several. */
  readonly jobs: number
  /** Configurations of the sweep. */
  readonly configurations: number
  /** A folder of the bench's own. */
  readonly folder: string
}

/** What a stage did. */
export interface Work {
  readonly amount: number
  readonly unit: string
  /** What else is worth keeping, as in how large a file became. */
  readonly notes?: Readonly<Record<string, number>>
}

/** One stage of the pipeline; it runs in a process of its own and takes what the stages before it wrote. */
export interface Stage {
  readonly id: string
  readonly summary: string
  /** Its process may hold at most so many MB at a time at the size of the public data set; see {@link ceilingMb}. */
  readonly mostMb: number
  run(size: Size): Promise<Work>
}

/** What every process may hold, whatever the size. */
const LEAST_MB = 400
/** Apps times days of the public data set. */
const FULL = 24_000 * 14

/** The ceiling of a stage at a size: it grows with apps and days, and with nothing else. */
export function ceilingMb({ mostMb }: Pick<Stage, 'mostMb'>, { apps, days }: Pick<Size, 'apps' | 'days'>): number {
  return LEAST_MB + ((mostMb - LEAST_MB) * apps * days) / FULL
}
