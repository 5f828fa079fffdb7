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

/** What {@link toldSpan} says in English. */
const SPAN = /^[\d.]+ (?:d|h|min|s|ms)(?: \d+ (?:h|min|s))?$/

/** A time told in English in another language; any other text as it is. */
export function retoldSpan(text: string, language: Language): string {
  if (!SPAN.test(text)) return text
  return text.replaceAll(/[a-z]+/g, (unit) => told(language, UNITS[unit]!))
}

const UNITS: Readonly<Record<string, 'span.d' | 'span.h' | 'span.min' | 'span.s' | 'span.milliseconds'>> = {
  d: 'span.d',
  h: 'span.h',
  min: 'span.min',
  s: 'span.s',
  ms: 'span.milliseconds',
}
