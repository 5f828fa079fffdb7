import type { Totals } from './comparison.ts'
import { MB_PER_GB } from './memory-time.ts'

/** What a cold start weighs, in seconds. */
const SECONDS_PER_COLD_START = 0.808

/** The GB·s of idle memory that weigh as much as a second of cold starts. */
const GB_S_PER_SECOND = 99.69

/**
 * RUM, the single number that FeMux (EuroSys 2026) minimises, in seconds: cold starts x 0.808 s + wasted GB·s / 99.69,
 * with the weights of its published code. Wasted is the memory of instances that were loaded and executed nothing.
 */
export function rumOf({ coldStarts, idleMbS }: Pick<Totals, 'coldStarts' | 'idleMbS'>): number {
  return coldStarts * SECONDS_PER_COLD_START + idleMbS / MB_PER_GB / GB_S_PER_SECOND
}
