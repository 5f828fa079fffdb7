import type { BoardEntry } from '../../report/board/board.ts'

/** Entries with names of their own: cards of several folders are often called the same. Each name is that of a JSON file. */
export function distinctNames(entries: readonly BoardEntry[]): readonly BoardEntry[] {
  const taken = new Set<string>()
  return entries.map((entry) => {
    const stem = entry.name.replace(/\.(json|html?)$/i, '').replaceAll(/[^\w.-]+/g, '-')
    const name = [stem, ...Array.from({ length: entries.length }, (_, index) => `${stem}-${index + 2}`)]
      .map((each) => `${each}.json`)
      .find((each) => !taken.has(each))!
    taken.add(name)
    return { ...entry, name }
  })
}
