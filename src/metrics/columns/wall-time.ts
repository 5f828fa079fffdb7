import { formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

export const wallTime: Metric = {
  id: 'wall-time',
  summary: 'How long the simulation took, on the machine that ran it.',
  heading: 'wall time',
  unit: 's',
  better: 'neither',
  headline: false,
  of: ({ wallMs }) => wallMs / 1000,
  format: formatQuantity,
}
