import { formatSpan } from '../core/units.ts'
import { type Language, told } from './language.ts'

/** About how long a time is in a language, by its two largest units, as in `27 h 59 min` or `12 天`. */
export function toldSpan(language: Language, ms: number): string {
  return formatSpan(ms, [
    told(language, 'span.d'),
    told(language, 'span.h'),
    told(language, 'span.min'),
    told(language, 'span.s'),
    told(language, 'span.milliseconds'),
  ])
}
