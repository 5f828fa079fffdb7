import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'

/** An import of names from another file of the project, as it stands in a script without its types. */
const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*'(\.[^']+)';?/gm
/** A declaration that other files may import. */
const EXPORT = /^export (?=(?:async )?function\*? |const |let |class )/gm
const EXPORTED = /^export (?:(?:async )?function\*?|const|let|class) (\w+)/gm

/**
 * The text of a script that runs in the reader's browser, for a module script of a page: the file and all that it imports,
 * as one. `file` is its TypeScript source: in the package its compiled form lies beside where that would be; in the
 * sources themselves its types are taken off here. Each imported file is a function of its own, so that names do not meet;
 * what it exports are functions, constants and classes by name.
 */
export function browserScript(file: URL): string {
  const names = new Map<string, string>()
  const parts: string[] = []
  const linked = (url: URL): string =>
    plainScript(url).replaceAll(IMPORT, (_import, list: string, path: string) => {
      const imported = new URL(path.replace(/\.js$/, '.ts'), url)
      if (!names.has(imported.href)) {
        const text = linked(imported)
        names.set(imported.href, `file${names.size}`)
        const exported = [...text.matchAll(EXPORTED)].map(([, name]) => name).join(', ')
        parts.push(
          `const ${names.get(imported.href)} = (() => {\n${text.replaceAll(EXPORT, '')}\nreturn { ${exported} }\n})()`,
        )
      }
      return `const {${list.replaceAll(/\bas\b/g, ':')}} = ${names.get(imported.href)}`
    })
  const entry = linked(file)
  return [...parts, entry].join('\n')
}

/** A script without types. */
function plainScript(file: URL): string {
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
