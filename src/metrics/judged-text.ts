import { DAY, formatDuration } from '../core/units.ts'
import { ENGLISH, type Language, told } from '../language/language.ts'
import type { Judged } from './run.ts'

/** A judged part by its days, counted from 1, or by its times. */
export function judgedText({ fromMs, toMs }: Judged, language: Language = ENGLISH): string {
  if (fromMs % DAY !== 0 || toMs % DAY !== 0)
    return told(language, 'judged.times', { from: formatDuration(fromMs), to: formatDuration(toMs) })
  const [first, last] = [fromMs / DAY + 1, toMs / DAY]
  return first === last ? told(language, 'judged.day', { day: first }) : told(language, 'judged.days', { first, last })
}
