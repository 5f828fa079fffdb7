import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/**
 * Folders whose files, and what they export, are called by an id that users write: the id of a plug-in, a command, an entry
 * of the library. The same word may be an id of several lists: `openwhisk` is a platform and a contract.
 */
const NAMED_BY_ID = [
  'cli/commands',
  'config/presets',
  'data/formats',
  'data/tables',
  'export/platforms',
  'language',
  'library',
  'live/backends',
  'live/contracts',
  'metrics/columns',
  'metrics/prices/providers',
  'policy/policies',
  'report/charts',
  'report/renderers',
  'sim/evictions',
  'sim/placements',
  'submit/engines',
  'trace/catalogue',
  'trace/formats',
  'trace/mapping/presets',
]

/** What stands at the beginning of a line, as the formatter leaves it. */
const DECLARED =
  /^(export )?(?:declare )?(?:abstract |async )?(const|let|class|function\*?|interface|type|enum) ([A-Za-z_$][\w$]*)/gm

interface Declaration {
  readonly name: string
  readonly path: string
  readonly isExported: boolean
  readonly isType: boolean
}

const isById = (path: string): boolean => NAMED_BY_ID.includes(dirname(path))

const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))

const declarations = paths.flatMap((path): Declaration[] =>
  [...readFileSync(join(SRC, path), 'utf8').matchAll(DECLARED)].map(([, exported, kind, name]) => ({
    name: name!,
    path,
    isExported: exported !== undefined,
    isType: ['class', 'interface', 'type', 'enum'].includes(kind!),
  })),
)

/** As `name: path, path`, of each name that several files have. */
function shared(named: readonly Pick<Declaration, 'name' | 'path'>[]): string[] {
  const files = new Map<string, Set<string>>()
  for (const { name, path } of named) files.set(name, (files.get(name) ?? new Set()).add(path))
  return [...files].filter(([, { size }]) => size > 1).map(([name, several]) => `${name}: ${[...several].join(', ')}`)
}

describe('two things never share a name', () => {
  it('every folder of files that are called by an id exists', () => {
    for (const folder of NAMED_BY_ID) expect(paths.some((path) => dirname(path) === folder)).toBe(true)
  })

  it('a name is exported by one file, unless it is an id of several lists', () => {
    const exported = declarations.filter(({ isExported }) => isExported)
    expect(exported.length).toBeGreaterThan(1000)
    const byWord = new Set(exported.filter(({ path }) => !isById(path)).map(({ name }) => name))
    expect(shared(exported.filter(({ name }) => byWord.has(name)))).toEqual([])
  })

  it('no file has a type of its own under the name of a type that another file exports', () => {
    const types = declarations.filter(({ isType }) => isType)
    const exported = new Set(types.filter(({ isExported }) => isExported).map(({ name }) => name))
    expect(shared(types.filter(({ name }) => exported.has(name)))).toEqual([])
  })

  it('no two files have the same name, unless it is an id', () => {
    const files = paths.filter((path) => basename(path) !== 'index.ts' && !isById(path))
    expect(shared(files.map((path) => ({ name: basename(path), path })))).toEqual([])
  })
})
