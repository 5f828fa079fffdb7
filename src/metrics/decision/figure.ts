import { formatCount } from '../format.ts'
import type { Metric } from '../metric.ts'

/** A figure of a metric with its unit, as in `881 cold starts` or `47.90 % of the baseline’s idle memory`. */
export function figureText(value: number, { heading, unit, format }: Metric): string {
  if (unit === '') return `${format(value)} ${heading}`
  return unit === OF_BASE ? `${format(value)} % of the baseline’s ${heading}` : `${format(value)} ${unit}`
}

/** The unit of metrics that are relative to the baseline. */
const OF_BASE = '% of base'

/** A relative difference in percent, as in `33.6 % below`; undefined for one that rounds to nothing. */
export function relativeText(relative: number): string | undefined {
  const percent = Math.abs(100 * relative)
  if (percent < 0.05) return undefined
  return `${percent >= 100 ? formatCount(percent) : percent.toFixed(1)} % ${relative < 0 ? 'below' : 'above'}`
}
