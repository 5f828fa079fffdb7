import type { Described } from '../core/registry.ts'
import { english } from './english.ts'

/** A place of a report where words stand. */
export type Word = keyof typeof english

/** The names in braces of an English sentence: the values that it takes. */
type Values<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Values<Rest>
  : never

type Given<W extends Word> = [Values<(typeof english)[W]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<Values<(typeof english)[W]>, string | number>>]

/** A language that reports are written in: one file, and one line in the list. */
export interface Language extends Described {
  /** Every sentence and name of a report, with the values of the English one in braces. */
  readonly words: Readonly<Record<Word, string>>
  /** The heading of each metric's column and what it means, by the metric's id; without them a column has its own. */
  readonly metrics: Readonly<Record<string, { readonly heading: string; readonly summary: string }>>
}

/** What a language says at a place, with values in place of the names in braces. */
export function told<W extends Word>({ words }: Pick<Language, 'words'>, word: W, ...given: Given<W>): string {
  const [values] = given as readonly [Readonly<Record<string, string | number>>?]
  return filled(words[word], values ?? {})
}

function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The language of metrics, policies and options; what is in no other language is in this one. */
export const ENGLISH: Language = { id: 'en', summary: 'English.', words: english, metrics: {} }
