import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import { readBytes } from '../files/read-text.ts'
import { callHere, importHere } from '../own/call-here.ts'
import { stackPlace } from '../own/stack-place.ts'
import { toldOf } from '../own/told.ts'
import { loadApart, tryLoading } from '../own/trial.ts'
import { syntaxPlace } from './syntax-place.ts'
import { pathText } from './document.ts'

/** A module of a user's own is named by the path of its file. */
export const OWN_MODULE_PATTERN = String.raw`\.(ts|mts|js|mjs)$`

/** Whether something of the user's own is named, by the path of its file. */
export function isOwnModule(name: string): boolean {
  return new RegExp(OWN_MODULE_PATTERN).test(name)
}

/** What may be named by the path of a user's own file. */
export interface OwnKind {
  /** In a sentence: `a policy`. */
  readonly what: string
  /** The largest file of the kind, in bytes. */
  readonly mostBytes: number
  /** What to do about a file that is not as it should be; a whole sentence. */
  readonly hint: string
}

/** The file of a user's own, as it was read. */
export interface ReadOwnFile {
  /** The absolute path. */
  readonly path: string
  readonly content: Buffer
  /** SHA-256 (hex) of the file: another text is another thing. What it imports is not part of it. */
  readonly sha256: string
}

/** Reads a user's own file; `where` is the place that names it. Throws a UserError for what cannot be read. */
export async function readOwnFile(file: string, where: string, { what, mostBytes }: OwnKind): Promise<ReadOwnFile> {
  const hint = `The path of ${what} is relative to the experiment file.`
  const content = await readBytes(file, { what, where, hint, mostBytes })
  return { path: resolve(file), content, sha256: createHash('sha256').update(content).digest('hex') }
}

/**
 * Loads a module into this thread, after a trial in another, and gives its default export as the schema has it. Throws a
 * UserError that names the file.
 */
export async function loadModule(file: string, kind: OwnKind, schema: z.ZodType): Promise<unknown> {
  return exported(file, kind, schema, async (path) => {
    await tryLoading(path, file)
    return importHere(path)
  })
}

/**
 * The same of a module whose methods are called in workers alone: its code never runs in this thread. What the definition
 * itself is asked here, the methods `asked`, is asked in a thread of its own.
 */
export async function loadModuleApart(
  file: string,
  kind: OwnKind,
  schema: z.ZodType,
  asked: readonly string[] = [],
): Promise<unknown> {
  return exported(file, kind, schema, (path) => loadApart(path, file, asked))
}

async function exported(
  file: string,
  kind: OwnKind,
  schema: z.ZodType,
  load: (path: string) => Promise<unknown>,
): Promise<unknown> {
  const definition = await loaded(resolve(file), file, kind, load)
  const issue = schema.safeParse(definition).error?.issues[0]
  if (issue === undefined) return definition
  const place = issue.path.length === 0 ? '' : `${pathText(issue.path as (string | number)[])}: `
  const problem = `${place}${issue.message.replace(/^Invalid input: /, '')}`
  throw new UserError({ where: file, problem, hint: kind.hint })
}

async function loaded(
  path: string,
  file: string,
  { what, hint }: OwnKind,
  load: (path: string) => Promise<unknown>,
): Promise<unknown> {
  let definition: unknown
  try {
    definition = await load(path)
  } catch (error) {
    if (error instanceof UserError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const problem = `Node ${process.versions.node} cannot load TypeScript`
      throw new UserError({ where: file, problem, hint: 'Use Node 22.18 or newer, or write it in JavaScript.' })
    }
    const place = stackPlace(path, error)
    const where = place === path && error instanceof SyntaxError ? (syntaxPlace(path) ?? path) : place
    throw new UserError({
      where: where.replace(path, file),
      problem: `the file does not load: ${thrown(error)}`,
      ...(isTakenForCommonJs(error) ? { hint: COMMON_JS } : {}),
    })
  }
  if (definition !== undefined) return definition
  throw new UserError({
    where: file,
    problem: `expected a default export, the definition of ${what}; found none`,
    hint,
  })
}

/** What npm writes into a new package.json has Node take files that export for what they are not. */
const COMMON_JS =
  'The package.json of its folder says "type": "commonjs". Say "type": "module" there, or name the file .mts or .mjs.'

function isTakenForCommonJs(error: unknown): boolean {
  return (
    error instanceof SyntaxError &&
    /^(Unexpected token 'export'|Cannot use import statement outside a module)/.test(error.message)
  )
}

/**
 * A method of a user's own file whose failures are told as mistakes of that file: `name` is the method's, and `wrong`
 * says what is wrong with an answer, or nothing.
 */
export function guarded<A extends unknown[], R>(
  file: string,
  name: string,
  method: (...args: A) => R,
  wrong: (answer: R) => string | undefined = () => undefined,
): (...args: A) => R {
  return (...args) => {
    let answer: R
    try {
      answer = callHere(resolve(file), () => method(...args))
    } catch (error) {
      throw failedCall(file, name, error)
    }
    demandRight(file, name, wrong(answer))
    return answer
  }
}

/** What a method of a user's own file threw, told as a mistake of that file. */
export function failedCall(file: string, name: string, error: unknown): UserError {
  if (error instanceof UserError) return error
  const where = stackPlace(resolve(file), error).replace(resolve(file), file)
  return new UserError({ where, problem: `${name}() failed: ${thrown(error)}` })
}

function demandRight(file: string, name: string, mistake: string | undefined): void {
  if (mistake !== undefined) throw new UserError({ where: file, problem: `${name}() ${mistake}` })
}

/** What was thrown, in a line; it need be no Error. */
function thrown(error: unknown): string {
  return error instanceof Error ? toldOf(error) : `it throws ${toldOf(error)}`
}
