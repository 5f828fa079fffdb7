import { counted } from '../core/counted.ts'
import type { Variant } from './variant.ts'

/** So many entries are named; a generated experiment may have thousands. */
const MOST_NAMED = 5

/**
 * The entries of an experiment whose runs have labels of earlier entries, each as a sentence with its place and without a full
 * stop: their runs are told apart by numbers, or are one run, and seldom is that meant.
 */
export function equalLabels(variants: readonly Pick<Variant, 'label' | 'entry'>[]): string[] {
  const first = new Map<string, Variant['entry']>()
  const told = new Map<Variant['entry'], string>()
  for (const { label, entry } of variants) {
    const earlier = first.get(label)
    if (earlier === undefined) first.set(label, entry)
    else if (!told.has(entry)) {
      const other = earlier === entry ? 'two of its combinations' : `a run of ${earlier.where} as well`
      told.set(entry, `${entry.where}: the label ${JSON.stringify(label)} is that of ${other}`)
    }
  }
  const sentences = [...told.values()]
  if (sentences.length <= MOST_NAMED) return sentences
  const more = counted(sentences.length - MOST_NAMED, 'entry', 'entries')
  return [...sentences.slice(0, MOST_NAMED), `${more} further have labels of earlier entries as well`]
}
