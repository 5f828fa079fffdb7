import {
  Document,
  isScalar,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { UserError } from '../../core/user-error.ts'

/** A file of an export; the path is relative to its folder, with `/` between folders. */
export interface ExportFile {
  readonly path: string
  readonly text: string
}

/** Plain data of a parsed file; lists are read with {@link listOf}, and texts and numbers with String() and Number(). */
export interface Data {
  readonly [key: string]: Data
}

/** The entries of a list; no entries where the value is not a list. */
export function listOf(data: Data | undefined): readonly Data[] {
  return Array.isArray(data) ? (data as readonly Data[]) : []
}

/** These keys of an object, where it has them and they are not null. */
export function pick(data: Data, keys: readonly string[]): Data {
  return Object.fromEntries(keys.flatMap((key) => ((data[key] ?? null) === null ? [] : [[key, data[key]!]])))
}

/** An object without these keys. */
export function omit(data: Data, keys: readonly string[]): Data {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)))
}

/** A file of one JSON document. */
export function jsonFile(path: string, data: unknown): ExportFile {
  return { path, text: `${JSON.stringify(data, null, 2)}\n` }
}

/**
 * A file of YAML documents, each with a line of its own above it. kubectl, Helm and ansible read YAML 1.1, where `no` and
 * `12:30` without quotes are not texts. So a text that either version would read as something else is quoted.
 */
export function yamlFile(path: string, documents: readonly unknown[]): ExportFile {
  const texts = documents.map((data) => {
    const document = new Document(data, { aliasDuplicateObjects: false, version: '1.1' })
    visit(document, { Scalar: (_, scalar) => quoteOctal(scalar) })
    return document.toString({ lineWidth: 0 })
  })
  return { path, text: texts.map((text) => (documents.length > 1 ? `---\n${text}` : text)).join('') }
}

/** Texts that only YAML 1.2 reads as numbers. */
function quoteOctal(scalar: Scalar): void {
  if (typeof scalar.value === 'string' && /^0o[0-7]+$/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
}

/** All documents in the files whose paths match, in YAML or JSON. */
export function documentsIn(files: readonly ExportFile[], path: RegExp): Data[] {
  return files
    .filter((file) => path.test(file.path))
    .flatMap((file) => {
      if (file.path.endsWith('.json')) return [JSON.parse(file.text) as Data]
      // The check for duplicate keys takes quadratic time, and our files have none.
      const documents = parseAllDocuments(file.text, { uniqueKeys: false })
      if ('empty' in documents) return []
      return documents.map((document) => document.toJS({ maxAliasCount: 0 }) as Data)
    })
}

/** The documents of a folder's JSON files by the names of those. */
export function documentsOf(files: readonly ExportFile[], folder: string): Map<string, Data> {
  return new Map(
    files.flatMap(({ path, text }) => {
      if (!path.startsWith(`${folder}/`) || !path.endsWith('.json')) return []
      return [[path.slice(folder.length + 1, -'.json'.length), JSON.parse(text) as Data] as const]
    }),
  )
}

/** A YAML file that a user wrote, as plain data. Throws a UserError where it is not YAML, and for a duplicate key. */
export function userYaml(text: string, where: string): unknown {
  const lines = new LineCounter()
  // The parser's own check for duplicate keys takes quadratic time, and mappings have thousands of keys.
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', lineCounter: lines })
  const [error] = document.errors
  if (error !== undefined) throw notYaml(error.message, where)
  visit(document, { Map: (_, map) => demandUnique(map, lines, where) })
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch (aliased) {
    throw notYaml((aliased as Error).message, where)
  }
}

function notYaml(message: string, where: string): UserError {
  const [first = ''] = message.split('\n')
  return new UserError({ where, problem: `not valid YAML: ${first.replace(/[.:]$/, '')}` })
}

function demandUnique({ items }: YAMLMap, lines: LineCounter, where: string): void {
  const seen = new Set<unknown>()
  for (const { key } of items) {
    if (!isScalar(key)) continue
    if (seen.has(key.value)) {
      const { line, col } = lines.linePos(key.range?.[0] ?? 0)
      throw notYaml(`Map keys must be unique at line ${line}, column ${col}`, where)
    }
    seen.add(key.value)
  }
}

/** All documents of a text that a user gave, in YAML or JSON. Throws a UserError where it is neither. */
export function userDocuments(text: string, where: string): Data[] {
  const parsed = parseAllDocuments(text, { uniqueKeys: false })
  if ('empty' in parsed) return []
  return parsed.flatMap((document) => {
    const [error] = document.errors
    if (error === undefined) return (document.toJS({ maxAliasCount: 0 }) as Data | null) ?? []
    const [first = ''] = error.message.split('\n')
    throw new UserError({ where, problem: `not valid JSON or YAML: ${first.replace(/[.:]$/, '')}` })
  })
}
