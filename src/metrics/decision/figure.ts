import { agreeing } from '../../core/counted.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { formatCount } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

/** A figure of a metric with its unit, as in `881 cold starts` or `47.90 % of the baseline’s idle memory`. */
export function figureText(value: number, { heading, unit, format }: Metric, language: Language = ENGLISH): string {
  if (unit === '') {
    const text = format(value)
    // Headings name several: one of them is called so in the languages that say it otherwise.
    return told(language, 'figure.count', { value: text, heading: agreeing(text, heading.replace(/s$/, ''), heading) })
  }
  if (unit === told(language, 'unit.ofBase')) return told(language, 'figure.ofBase', { value: format(value), heading })
  return `${format(value)} ${unit}`
}

/** A relative difference in percent, as in `33.6`; undefined for one that rounds to nothing. */
export function percentText(relative: number): string | undefined {
  const percent = Math.abs(100 * relative)
  if (percent < 0.05) return undefined
  return percent >= 100 ? formatCount(percent) : percent.toFixed(1)
}
