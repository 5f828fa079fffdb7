import { agreeing } from '../core/counted.ts'
import type { english } from './english.ts'

/** A place of a report where words stand. */
export type Word = keyof typeof english

/** The names in braces of an English sentence: the values that it takes. */
type PlaceNames<Sentence extends string> = Sentence extends `${string}{${infer Place}}${infer Rest}`
  ? (Place extends `${infer Name}:${string}` ? Name : Place) | PlaceNames<Rest>
  : never

export type WordValues<W extends Word> = [PlaceNames<(typeof english)[W]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<PlaceNames<(typeof english)[W]>, string | number>>]

/**
 * What a language says at a place, with values in place of the names in braces. `{runs:run|runs}` is the first word where the
 * value is 1, else the second.
 */
export function told<W extends Word>(
  { words }: { readonly words: Readonly<Record<NoInfer<W>, string>> },
  word: W,
  ...given: WordValues<W>
): string {
  const [values] = given as readonly [Readonly<Record<string, string | number>>?]
  return filled(words[word], values ?? {})
}

function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(
    /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g,
    (whole: string, name: string, one: string | undefined, several: string | undefined) => {
      const value = values[name]
      if (value === undefined) return whole
      return one === undefined ? String(value) : agreeing(value, one, several!)
    },
  )
}
