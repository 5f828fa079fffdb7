import { isAlias, isMap, isScalar, isSeq, LineCounter, type Document, type Node, parseAllDocuments, visit } from 'yaml'
import { UserError } from '../core/user-error.ts'

/** A place in a document's data: keys and indices from its root. */
export type Path = readonly (string | number)[]

/** A YAML file as plain data, which still knows the line and column of everything in it. */
export interface SourceDocument {
  readonly file: string
  readonly text: string
  readonly data: unknown
  /** Where the value at a path stands, or the nearest thing round it. */
  value(path: Path): Place
  /** Where the key of a path stands, which is where a misspelt name is. */
  key(path: Path): Place
}

/** A place in a file. */
export interface Place {
  /** Characters from the start of the file. */
  readonly offset: number
  /** `file:line:column: path`, lines and columns counted from 1. */
  readonly where: string
}

/** What a document should be, and what to do about an empty one. */
interface Expected {
  readonly what: string
  readonly hint: string
}

const AN_EXPERIMENT: Expected = { what: 'an experiment', hint: 'See experiments/quickstart.yaml for one.' }

/** Reads the text of a YAML file; `file` is the name that errors give. Throws a {@link UserError} for what is no YAML. */
export function parseSource(text: string, file: string, { what, hint } = AN_EXPERIMENT): SourceDocument {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const document = 'empty' in documents ? undefined : documents[0]
  if (document === undefined || document.contents === null) {
    throw new UserError({ where: file, problem: `expected ${what}, found an empty file`, hint })
  }
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  for (const { errors, contents } of documents as Document[]) {
    const mistake = errors[0]
    if (mistake !== undefined) throw new UserError({ where: place(mistake.pos[0]), problem: sentence(mistake.message) })
    if (contents !== document.contents) {
      const where = place(contents?.range?.[0] ?? text.length)
      throw new UserError({ where, problem: 'expected one YAML document, found a second one' })
    }
  }
  const wrong = wrongNode(document)
  if (wrong !== undefined)
    throw new UserError({ where: place(wrong.offset), problem: `not valid YAML: ${wrong.problem}` })
  const placeOf = (path: Path, of: 'key' | 'value'): Place => {
    const offset = offsetOf(document, path, of)
    return { offset, where: path.length === 0 ? place(offset) : `${place(offset)}: ${pathText(path)}` }
  }
  return {
    file,
    text,
    data: plainData(document, file),
    value: (path) => placeOf(path, 'value'),
    key: (path) => placeOf(path, 'key'),
  }
}

/**
 * The text of a YAML file with some of its values replaced, each as `key=value`: the key a path such as
 * `policies[1].keepAlive`, the value as YAML. Throws a {@link UserError} at `where` for what is none.
 */
export function withValues(text: string, file: string, settings: readonly string[], where: string): string {
  if (settings.length === 0) return text
  parseSource(text, file)
  const document = parseAllDocuments(text, { prettyErrors: false, logLevel: 'error' })[0] as Document
  for (const setting of settings) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(setting) ?? []
    const path = pathOf(key.trim())
    const read = parseAllDocuments(value === '' ? 'null' : value, { prettyErrors: false, logLevel: 'error' })
    const parsed = 'empty' in read ? undefined : (read[0] as Document)
    if (path.length === 0 || parsed === undefined || parsed.errors.length > 0 || read.length > 1) {
      const problem = `expected key=value, found ${JSON.stringify(setting)}`
      throw new UserError({ where, problem, hint: 'As in model.kind=instances or policies[1].range=2h.' })
    }
    const parent = document.getIn(path.slice(0, -1), true)
    if (path.length > 1 && !isMap(parent) && !isSeq(parent)) {
      const problem = `there is no ${pathText(path.slice(0, -1))} in ${file} to set ${JSON.stringify(path.at(-1))} of`
      throw new UserError({ where, problem })
    }
    if (isSeq(parent) && typeof path.at(-1) !== 'number') {
      const problem = `${pathText(path.slice(0, -1))} is a list, found ${JSON.stringify(path.at(-1))} for the place in it`
      throw new UserError({ where, problem, hint: 'Places count from 0, as in policies[1].' })
    }
    document.setIn(path, parsed.contents)
  }
  return document.toString({ lineWidth: 0 })
}

/** The steps of a path such as `policies[1].keepAlive`. */
function pathOf(text: string): Path {
  const steps = text.match(/[^.[\]]+|\[\d+\]/g) ?? []
  return steps.map((step) => (step.startsWith('[') ? Number(step.slice(1, -1)) : step))
}

/** A configuration path as people write it: `policies[1].keepAlive`. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

/**
 * The first key that a mapping has twice, or alias that no anchor before it explains. The parser compares each key with
 * all others of its mapping, which takes 10 s for 60,000 of them, and tells no place of an alias.
 */
function wrongNode(document: Document): { readonly offset: number; readonly problem: string } | undefined {
  let wrong: { offset: number; problem: string } | undefined
  const anchors = new Set<string>()
  visit(document, {
    Node(_key, node) {
      const offset = node.range?.[0] ?? 0
      if (isAlias(node)) {
        if (anchors.has(node.source)) return undefined
        wrong = { offset, problem: `the alias ${node.source} has no anchor before it` }
        return visit.BREAK
      }
      if (node.anchor !== undefined) anchors.add(node.anchor)
      if (!isMap(node)) return undefined
      const twice = repeatedKey(node.items)
      if (twice === undefined) return undefined
      wrong = { offset: twice.range?.[0] ?? offset, problem: 'Map keys must be unique' }
      return visit.BREAK
    },
  })
  return wrong
}

function repeatedKey(pairs: readonly { readonly key: unknown }[]): Node | undefined {
  const seen = new Set<unknown>()
  for (const { key } of pairs) {
    if (!isScalar(key)) continue
    if (seen.has(key.value)) return key
    seen.add(key.value)
  }
  return undefined
}

function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    // Aliases that are unknown, or that multiply without end.
    throw new UserError({ where: file, problem: sentence(error instanceof Error ? error.message : String(error)) })
  }
}

/** Walks down as far as the document goes along the path and gives the offset of what it found last. */
function offsetOf(document: Document, path: Path, of: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = (node as Node | null)?.range?.[0] ?? 0
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const isLast = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step))
      if (pair === undefined) return offset
      node = of === 'key' && isLast ? pair.key : (pair.value ?? pair.key)
    } else if (isSeq(node)) node = node.items[Number(step)]
    else return offset
    offset = (node as Node | null | undefined)?.range?.[0] ?? offset
  }
  return offset
}

/** A message of the YAML parser without its closing stop, to begin in lower case after a place. */
function sentence(message: string): string {
  const [first = ''] = message.split('\n')
  return `not valid YAML: ${first.replace(/[.:]$/, '')}`
}
