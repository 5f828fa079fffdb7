import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'

/**
 * The text of a script that runs in the reader's browser, for a module script of a page. `file` is its TypeScript source:
 * in the package its compiled form lies beside where that would be; in the sources themselves its types are taken off here.
 */
export function browserScript(file: URL): string {
  const compiled = new URL(file.href.replace(/\.ts$/, '.js'))
  return existsSync(compiled) ? readFileSync(compiled, 'utf8') : withoutTypes(readFileSync(file, 'utf8'))
}

/** Only from the sources, so only on a Node that has the function. Node takes the types off its own files without a word, but warns whoever asks for it that the function may change. */
function withoutTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return module.stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

/** The text of a style sheet of a page. */
export function browserStyle(file: URL): string {
  return readFileSync(file, 'utf8')
}
