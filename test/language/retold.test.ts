import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/language/index.ts'
import { ENGLISH, type Language, told, type Word } from '../../src/language/language.ts'
import { retold } from '../../src/language/retold.ts'
import { toldSpan } from '../../src/language/told-span.ts'
import { defectsNote } from '../../src/trace/build/join-report.ts'

const chinese = LANGUAGES.get('zh', 'test')
const NOTES = (Object.keys(ENGLISH.words) as Word[]).filter((word) => word.startsWith('note.'))
const say = told as unknown as (language: Language, word: Word, values: Readonly<Record<string, string>>) => string

/** Values for every name in braces: the count given, and texts with the marks that patterns are made of. */
function valuesOf(word: Word, count: string): Record<string, string> {
  const names = [...ENGLISH.words[word].matchAll(/\{(\w+)/g)].map(([, name]) => name!)
  const counts = [...ENGLISH.words[word].matchAll(/\{(\w+):/g)].map(([, name]) => name!)
  return Object.fromEntries(names.map((name) => [name, counts.includes(name) ? count : `${name}(x=1.*)`]))
}

describe('a note that was kept in English', () => {
  it.each(NOTES.flatMap((word) => ['1', '1,049'].map((count) => [word, count] as const)))(
    'is told in Chinese with its values: %s of %s',
    (word, count) => {
      const values = valuesOf(word, count)
      expect(retold(say(ENGLISH, word, values), chinese)).toBe(say(chinese, word, values))
    },
  )

  it('may have part of a sentence for a value', () => {
    const facts = { cold: 3, known: 8, percent: '37.50', survived: 4 }
    const note = (language: Language): string => {
      const minutes = (count: number): string => toldSpan(language, 60_000 * count)
      const apart = { longest: minutes(9), window: minutes(10), mistaken: 1 }
      return told(language, 'note.measured', {
        ...facts,
        idle: told(language, 'note.ended', { count: 2, shortest: minutes(11), ...apart }),
      })
    }
    expect(retold(note(ENGLISH), chinese)).toBe(note(chinese))
  })

  it('stays as it is in English, and where it is none of the notes', () => {
    const note = told(ENGLISH, 'note.twice', { count: 2 })
    expect(retold(note, ENGLISH)).toBe(note)
    expect(retold('somebody wrote this', chinese)).toBe('somebody wrote this')
  })

  it('may be that on the defects of a trace, which the reading of traces tells', () => {
    const defect = { id: 'gap', count: 2, found: '', rule: '', examples: [] }
    expect(retold(defectsNote({ files: [], defects: [defect] })!, chinese)).toBe(
      told(chinese, 'note.defects', { defects: 'gap 2' }),
    )
  })
})
