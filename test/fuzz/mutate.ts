import type { MixedSource } from './mixed-source.ts'

/** What breaks readers, wherever it stands. */
const TOKENS = [
  '',
  '0',
  '-1',
  '1e3',
  '1e308',
  '1e-6',
  'NaN',
  'Infinity',
  '-0',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '"',
  '""',
  "'",
  ',',
  ',,',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '\0',
  '\u001B[2J',
  '\uFEFF',
  '\uFFFD',
  '\u202E',
  'é',
  '😀',
  '{}',
  '[]',
  '[[',
  '}',
  ':',
  '- ',
  '&a',
  '*a',
  '<<: *a',
  '!!js',
  '|',
  '>',
  '#',
  '%',
  '---\n',
  '...',
  'null',
  'true',
  '~',
  '365d',
  '0ms',
  '-5m',
  '1h30m',
  '8GB',
  '0GB',
  '../..',
  '/dev/null',
  '__proto__',
  'constructor',
  'x'.repeat(2000),
  '[1, 2, 3]',
] as const // prettier-ignore

/** A text after one to four changes of the kinds that hands, editors, networks and programs make. */
export function mutated(text: string, source: MixedSource): string {
  let changed = text
  for (let times = 1 + source.below(4); times > 0; times -= 1)
    changed = CHANGES[source.below(CHANGES.length)]!(changed, source)
  return changed
}

type Change = (text: string, source: MixedSource) => string

const CHANGES: readonly Change[] = [
  // A token put in, or in place of a word or number.
  (text, source) => spliced(text, source.below(text.length + 1), 0, source.of(TOKENS)),
  replacedWord,
  replacedWord,
  // Letters lost, doubled or changed.
  (text, source) => spliced(text, source.below(text.length + 1), 1 + source.below(4), ''),
  (text, source) => {
    const at = source.below(text.length + 1)
    return spliced(text, at, 0, text.slice(at, at + 1 + source.below(30)))
  },
  (text, source) => spliced(text, source.below(text.length + 1), 1, String.fromCodePoint(32 + source.below(95))),
  // Cut short, or one part behind the other.
  (text, source) => text.slice(0, source.below(text.length + 1)),
  (text) => text + text,
  // Lines lost, repeated and swapped.
  (text, source) => inLines(text, (lines) => void lines.splice(source.below(lines.length), 1)),
  (text, source) =>
    inLines(text, (lines) => void lines.splice(source.below(lines.length), 0, lines[source.below(lines.length)]!)),
  (text, source) =>
    inLines(text, (lines) => {
      const [a, b] = [source.below(lines.length), source.below(lines.length)]
      ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
    }),
]

function replacedWord(text: string, source: MixedSource): string {
  const words = [...text.matchAll(/[\w.]+/g)]
  if (words.length === 0) return text
  const { index, 0: word } = source.of(words)
  return spliced(text, index, word.length, source.of(TOKENS))
}

function spliced(text: string, at: number, length: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + length)
}

function inLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n')
  change(lines)
  return lines.join('\n')
}
