import { formatQuantity } from '../format.ts'
import type { Metric } from '../metric.ts'

/** The objective of FeMux, EuroSys 2026. */
export const rum: Metric = {
  id: 'rum',
  summary: 'Cold starts times 0.808 s plus GB·s of idle memory over 99.69, the single number of FeMux.',
  heading: 'RUM',
  unit: 's',
  better: 'lower',
  headline: false,
  of: (run) => run.rum,
  format: formatQuantity,
}
