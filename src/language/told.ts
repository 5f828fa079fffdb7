import type { english } from './english.ts'

/** A place of a report where words stand. */
export type Word = keyof typeof english

/** The names in braces of an English sentence: the values that it takes. */
type Values<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Values<Rest>
  : never

export type Given<W extends Word> = [Values<(typeof english)[W]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<Values<(typeof english)[W]>, string | number>>]

/** What a language says at a place, with values in place of the names in braces. */
export function told<W extends Word>(
  { words }: { readonly words: Readonly<Record<NoInfer<W>, string>> },
  word: W,
  ...given: Given<W>
): string {
  const [values] = given as readonly [Readonly<Record<string, string | number>>?]
  return filled(words[word], values ?? {})
}

function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
