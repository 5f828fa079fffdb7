import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/language/index.ts'
import { ENGLISH, told, type Word } from '../../src/language/language.ts'
import { METRICS } from '../../src/metrics/index.ts'

const WORDS = Object.keys(ENGLISH.words) as Word[]

function values(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted()
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

it('a value is never read for names in braces', () => {
  expect(told(ENGLISH, 'change.best', { label: '{figure}' })).toBe('{figure} is best')
})
