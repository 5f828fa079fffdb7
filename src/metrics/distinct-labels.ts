import { ENGLISH, type Language, told } from '../language/language.ts'

/**
 * Labels of which no two are equal: a label that another run has already gets a number, as in `base #2`. `note` is the
 * sentence that says so, or nothing.
 */
export function distinctLabels(
  labels: readonly string[],
  language: Language = ENGLISH,
): { readonly labels: string[]; readonly note: string[] } {
  const taken = new Set<string>()
  const numbered: string[] = []
  const distinct = labels.map((label) => {
    let free = label
    for (let number = 2; taken.has(free); number += 1) free = `${label} #${number}`
    taken.add(free)
    if (free !== label) numbered.push(free)
    return free
  })
  const [example] = numbered
  if (example === undefined) return { labels: distinct, note: [] }
  return { labels: distinct, note: [told(language, 'note.numbered', { count: numbered.length, example })] }
}
