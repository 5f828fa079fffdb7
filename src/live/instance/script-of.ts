import { basename } from 'node:path'

/** Interpreters whose first word that is no option is the path of a script. */
const INTERPRETERS = /^(node|nodejs|bun|python[\d.]*|pypy[\d.]*|ruby|perl|php|sh|bash|dash|zsh|Rscript)$/
/** Options after which there is no script, but code or the name of a module. */
const NO_SCRIPT = /^(-[A-Za-z]*[cempEr]|--eval|--print|--require|--import)$/
/** Endings of the names of scripts. */
const SCRIPT = /^\S+\.(mjs|cjs|js|mts|cts|ts|py|rb|pl|php|sh|R)$/
/** What node adds to a name that has no ending. */
const ENDINGS = ['', '.js', '.json', '.node']

/**
 * Paths of which one must exist, since the command is an interpreter that runs a script; none where this cannot be
 * known from its words, as with `python -m`.
 */
export function scriptOf([program = '', ...words]: readonly string[]): readonly string[] {
  const interpreter = basename(program)
  const at = words.findIndex((word) => !word.startsWith('-'))
  const word = words[at]
  if (
    word === undefined ||
    !INTERPRETERS.test(interpreter) ||
    words.slice(0, at).some((each) => NO_SCRIPT.test(each))
  ) {
    return []
  }
  if (SCRIPT.test(word)) return [word]
  // The word after an option may be its value, and `bun run` is no script.
  const isPlain = at === 0 && /^(node|nodejs|py|ruby|perl|php)/.test(interpreter) && word !== ''
  if (!isPlain) return []
  return interpreter.startsWith('node') ? ENDINGS.map((ending) => `${word}${ending}`) : [word]
}
