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

/**
 * A script without its types; only for the sources, which need a Node that has the function. That warns whoever calls it
 * that it may change, which is no word for the user of a command.
 */
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
