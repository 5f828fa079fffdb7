import { DAY, formatDuration } from '../core/units.ts'
import type { Judged } from './run.ts'

/** A judged part by its days, counted from 1, or by its times. */
export function judgedText({ fromMs, toMs }: Judged): string {
  if (fromMs % DAY !== 0 || toMs % DAY !== 0) return `from ${formatDuration(fromMs)} to ${formatDuration(toMs)}`
  const [first, last] = [fromMs / DAY + 1, toMs / DAY]
  return first === last ? `day ${first}` : `day ${first}..${last}`
}
