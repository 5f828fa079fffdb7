import { formatQuantity } from '../figure-text.ts'
import { MB_PER_GB } from '../memory-time.ts'
import type { Metric } from '../metric.ts'

/** What a cold start weighs, in seconds. */
const SECONDS_PER_COLD_START = 0.808

/** The GB·s of idle memory that weigh as much as a second of cold starts. */
const GB_S_PER_SECOND = 99.69

/** The single number that FeMux (EuroSys 2026) minimises, with the weights of its published code. */
export const rum: Metric = {
  id: 'rum',
  summary: 'Cold starts times 0.808 s plus GB·s of idle memory over 99.69, the single number of FeMux.',
  heading: 'RUM',
  unit: 's',
  better: 'lower',
  headline: false,
  of: ({ totals: { coldStarts, idleMbS } }) =>
    coldStarts * SECONDS_PER_COLD_START + idleMbS / MB_PER_GB / GB_S_PER_SECOND,
  format: formatQuantity,
}
