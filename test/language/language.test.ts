import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/language/index.ts'
import { ENGLISH, told, type Word } from '../../src/language/language.ts'
import { METRICS } from '../../src/metrics/index.ts'

const WORDS = Object.keys(ENGLISH.words) as Word[]

function values(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)(?::[^{}]*)?\}/g)].map(([, name]) => name!))].toSorted()
}

describe.each(LANGUAGES.all)('the language $id', (language) => {
  it('says something at every place', () => {
    for (const word of WORDS) expect(language.words[word], word).not.toBe('')
  })

  it('takes the values of the English sentence at every place', () => {
    for (const word of WORDS) expect(values(language.words[word]), word).toEqual(values(ENGLISH.words[word]))
  })
})

describe.each(LANGUAGES.all.filter((language) => language !== ENGLISH))(
  'the language $id beside English',
  (language) => {
    it('has a heading and a meaning for every metric but one that was just added, which has its own, and for nothing else', () => {
      const told = Object.keys(language.metrics)
      expect(METRICS.ids).toEqual(expect.arrayContaining(told))
      // A metric is one file and one line, also for who does not know the language.
      expect(METRICS.ids.length - told.length).toBeLessThanOrEqual(1)
    })

    it('says no English sentence: no three words of it in a row', () => {
      const texts = [
        ...Object.values(language.words),
        ...Object.values(language.metrics).flatMap((each) => Object.values(each)),
      ]
      // Names that experiments spell in English stay as they are.
      for (const text of texts) expect(text.replaceAll(/\{\w+\}/g, '')).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i)
    })
  },
)

it('a sentence is told with its values, each at all its places', () => {
  expect(told(ENGLISH, 'groups.of', { wins: 3, pairs: 4 })).toBe('3 of 4')
})

it('a word goes with its count, as a number and as text', () => {
  const size = { apps: 1, functions: '1', invocations: '1,049', span: told(ENGLISH, 'span.days', { count: 1 }) }
  expect(told(ENGLISH, 'trace.size', size)).toBe('1 app, 1 function, 1,049 invocations in 1 day')
  expect(told(ENGLISH, 'measured.moreRuns', { count: 2 })).toBe('2 more runs')
})

function ones(word: Word): Readonly<Record<string, number>> {
  return Object.fromEntries(values(ENGLISH.words[word]).map((name) => [name, 1]))
}

it('no English sentence counts one thing as several', () => {
  // Of whichever place, with the values that it takes.
  const sentence = told as unknown as (
    language: typeof ENGLISH,
    word: Word,
    values: Readonly<Record<string, number>>,
  ) => string
  const wrong = WORDS.map((word) => sentence(ENGLISH, word, ones(word))).filter((text) =>
    /\b1 (?:more |fewer )?(?:apps|runs|seeds|columns|worlds|values|cold starts|functions|invocations|marks)\b/.test(
      text.replaceAll(/^1 of 1 |at most 1/g, ''),
    ),
  )
  expect(wrong).toEqual([])
})

it('a value is never read for names in braces', () => {
  expect(told(ENGLISH, 'change.best', { label: '{figure}' })).toBe('{figure} is best')
})
