// The fields of the JSON that commands print, read off the types of what they print: each place where a command prints JSON is
// found in its source, so none is left out.
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { MEANINGS } from './field-meanings.ts'

/** A field of a document. */
export interface Field {
  /** Where it stands: `runs[].totals.coldStarts`; `<name>` stands for any key. */
  readonly path: string
  readonly kind: string
  /** What its type says of it, or else what its name means; empty for keys of the user's own. */
  readonly meaning: string
}

/** The documents that a command prints: several where it prints different ones. */
export interface Printed {
  readonly command: string
  readonly documents: readonly (readonly Field[])[]
}

const ROOT = fileURLToPath(new URL('../', import.meta.url))
/** Fields within fields beyond so many are told as a whole. */
const DEEPEST = 7

/** Every document that a command prints, by the command's name, in the order of the alphabet. */
export function printedDocuments(): Printed[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object }
  const files = ts.sys.readDirectory(`${ROOT}src/cli/commands`, ['.ts'])
  const { options } = ts.parseJsonConfigFileContent({ ...config, files }, ts.sys, ROOT)
  const program = ts.createProgram(files, { ...options, noEmit: true, skipLibCheck: true })
  const checker = program.getTypeChecker()
  // The schemas that `schema` prints are described by what they are.
  const printed = files
    .filter((file) => basename(file) !== 'schema.ts')
    .flatMap((file): Printed[] => {
      const documents = printedTypes(program.getSourceFile(file)!, checker).map((type) => fieldsOf(type, checker))
      return documents.length === 0 ? [] : [{ command: basename(file, '.ts'), documents }]
    })
  return printed.toSorted((a, b) => (a.command < b.command ? -1 : 1))
}

/** The types of what a file hands to `printJson`. */
function printedTypes(file: ts.SourceFile, checker: ts.TypeChecker): ts.Type[] {
  const found: ts.Type[] = []
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'printJson') {
      found.push(checker.getTypeAtLocation(node.arguments[0]!))
    }
    ts.forEachChild(node, look)
  }
  look(file)
  return found
}

function fieldsOf(document: ts.Type, checker: ts.TypeChecker): Field[] {
  const fields = new Map<string, Field>()
  const walk = (type: ts.Type, path: string, within: readonly ts.Type[]): void => {
    if (within.includes(type) || within.length > DEEPEST) return
    for (const part of type.isUnion() ? type.types : [type]) {
      if (!isExpanded(part)) continue
      const element = checker.getIndexTypeOfType(part, ts.IndexKind.Number)
      if (element !== undefined) walk(element, `${path}[]`, [...within, type])
      const value = element === undefined ? checker.getIndexTypeOfType(part, ts.IndexKind.String) : undefined
      if (value !== undefined) add(`${path}.<name>`, value, '', [...within, type])
      if (element !== undefined) continue
      for (const property of part.getProperties()) {
        const [declaration] = property.declarations ?? []
        // What can be called does not reach JSON.
        const own = checker.getTypeOfSymbol(property)
        if (own.getCallSignatures().length > 0) continue
        const meaning = ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ')
        const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0 && declaration !== undefined
        add(`${path === '' ? '' : `${path}.`}${property.name}`, own, meaning, [...within, type], isOptional)
      }
    }
  }
  const add = (path: string, type: ts.Type, meaning: string, within: readonly ts.Type[], isOptional = false): void => {
    const known = fields.get(path)
    if (known === undefined || known.meaning === '') {
      const kind = kindOf(type, checker) + (isOptional ? ', may be absent' : '')
      fields.set(path, { path, kind, meaning: plain(meaning) || meaningOf(path) })
    }
    walk(type, path, within)
  }
  walk(document, '', [])
  return [...fields.values()]
}

/** A comment without its links to the source. */
function plain(comment: string): string {
  return comment.replaceAll(/\{@link (\w+)\}/g, '$1')
}

function meaningOf(path: string): string {
  const names = path.replaceAll('[]', '').split(/\.(?!\d)/)
  return (
    MEANINGS[names.slice(-2).join('.')] ??
    MEANINGS[names.at(-1)!] ??
    (names.at(-1) === '<name>' ? 'By its name, id or digest.' : '')
  )
}

function isExpanded(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0
}

/** A type in a word or two, as JSON has it. */
function kindOf(type: ts.Type, checker: ts.TypeChecker): string {
  const parts = (type.isUnion() ? type.types : [type]).filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0)
  const kinds = parts.map((part) => {
    const { flags } = part
    if ((flags & ts.TypeFlags.Null) !== 0) return 'null'
    if (part.isStringLiteral()) return `\`${part.value}\``
    if (part.isNumberLiteral()) return String(part.value)
    if ((flags & ts.TypeFlags.StringLike) !== 0) return 'text'
    if ((flags & ts.TypeFlags.NumberLike) !== 0) return 'number'
    if ((flags & ts.TypeFlags.BooleanLike) !== 0) return 'true or false'
    if ((flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0) return 'any value'
    if (checker.getIndexTypeOfType(part, ts.IndexKind.Number) !== undefined) return 'list'
    return 'object'
  })
  return [...new Set(kinds)].join(', ')
}
