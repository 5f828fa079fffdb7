import { english } from './english.ts'
import type { Language } from './language.ts'
import { retoldSpan } from './told-span.ts'
import { told, type Word } from './told.ts'

/** What a store keeps as sentences, in English: the notes on runs and their trace. */
const NOTES = (Object.keys(english) as Word[]).filter((word) => word.startsWith('note.'))

/** A value of a sentence, and the words that go with its count. */
const PLACE = /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g

/**
 * A note in another language: that of the English sentence that it is, with the same values, which may be parts of sentences
 * themselves. So are times; a text that is neither stays as it is.
 */
export function retold(note: string, language: Language): string {
  if (language.words === english) return note
  for (const word of NOTES) {
    const values = PATTERNS.get(word)!.exec(note)?.groups
    if (values === undefined) continue
    const spoken = Object.entries(values).map(([name, value]) => [name, value === '' ? '' : retold(value, language)])
    const tell = told as (from: Language, at: Word, given: Readonly<Record<string, string>>) => string
    return tell(language, word, Object.fromEntries(spoken))
  }
  return retoldSpan(note, language)
}

const PATTERNS: ReadonlyMap<Word, RegExp> = new Map(NOTES.map((word) => [word, patternOf(english[word])]))

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** What matches an English sentence, with its values as named groups. */
function patternOf(sentence: string): RegExp {
  const seen = new Set<string>()
  let [pattern, at] = ['', 0]
  for (const place of sentence.matchAll(PLACE)) {
    const [whole, name = '', one, several] = place
    pattern += literal(sentence.slice(at, place.index))
    if (one !== undefined) pattern += `(?:${literal(one)}|${literal(several!)})`
    else pattern += seen.has(name) ? String.raw`\k<${name}>` : `(?<${name}>.*?)`
    if (one === undefined) seen.add(name)
    at = place.index + whole.length
  }
  return new RegExp(`^${pattern}${literal(sentence.slice(at))}$`, 's')
}
