import { UserError } from '../../core/user-error.ts'

/** What to synthesize. */
export interface SynthOptions {
  /**
   * Apps in the population, at least 1. Each is invoked at least once a fortnight; in fewer days some of the rarest do
   * not occur, as in the data set.
   */
  readonly apps: number
  /** Days, at least 1. The first is a Monday. */
  readonly days: number
  /** Any whole number from 0 to 2^53 - 1. */
  readonly seed: number
  /** A total to come near to: functions above one a minute are made slower or faster for it. Default: as drawn. */
  readonly invocationsPerDay?: number
}

/** How the files of {@link SynthOptions} are written. */
export interface SynthFileOptions extends SynthOptions {
  /** Sprinkles the data set's known defects over the rows. Default false: clean files. */
  readonly defects?: boolean
  /** Writes `.csv.gz` instead of `.csv`. Default false. */
  readonly gzip?: boolean
}

/** What a command synthesizes when it is not told otherwise. */
export const SYNTH_DEFAULTS = { apps: 1000, days: 1, seed: 1 } as const

/** Most apps and days that a trace's 32-bit rows and minutes, and open files, allow. */
const MOST_APPS = 10_000_000
const MOST_DAYS = 99

/** Throws a {@link UserError} for options that make no sense. */
export function checkOptions({ apps, days, seed, invocationsPerDay }: SynthOptions): void {
  demandWhole('apps', apps, 1, MOST_APPS)
  demandWhole('days', days, 1, MOST_DAYS)
  demandWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  if (invocationsPerDay !== undefined) demandWhole('invocationsPerDay', invocationsPerDay, 1, Number.MAX_SAFE_INTEGER)
}

/** Throws a {@link UserError} unless the value is a whole number in the range. */
export function demandWhole(where: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new UserError({ where, problem: `must be a whole number from ${least} to ${most}, found ${value}` })
}
