import { describe, expect, it } from 'vitest'
import { bicepFile } from '../../../src/export/files/bicep-file.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { appPlan, DAILY, exported, planOf, textOf } from '../exported.ts'

/** The value that Bicep's text says: objects and lists with a line an entry, texts, numbers, truth values and null. */
function read(lines: string[], first: string): unknown {
  if (first === '{}') return {}
  if (first === '[]') return []
  if (first === '{' || first === '[') {
    const entries: [string, unknown][] = []
    for (let line = lines.shift()!.trim(); line !== '}' && line !== ']'; line = lines.shift()!.trim()) {
      const [, quoted, plain, rest = line] = (first === '{' && /^(?:'((?:[^'\\]|\\.)*)'|(\w+)): (.*)$/.exec(line)) || []
      entries.push([quoted === undefined ? (plain ?? '') : unescaped(quoted), read(lines, rest)])
    }
    return first === '[' ? entries.map(([, value]) => value) : Object.fromEntries(entries)
  }
  return first.startsWith("'") ? unescaped(first.slice(1, -1)) : (JSON.parse(first) as unknown)
}

function unescaped(text: string): string {
  const plain: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
  return text.replaceAll(/\\(.)/g, (_, letter: string) => plain[letter] ?? letter)
}

describe('a Bicep file', () => {
  it('has one variable with a line per key, and quotes what is no identifier', () => {
    const values = { shop: { minReplicas: 2, rules: [{ name: 'a' }], none: {}, off: false }, 'a-b': { x: null } }
    expect(bicepFile('use it', values).text).toBe(`// What the policy asks for, for your own templates:
//   use it
@export()
var pilotlight = {
  shop: {
    minReplicas: 2
    rules: [
      {
        name: 'a'
      }
    ]
    none: {}
    off: false
  }
  'a-b': {
    x: null
  }
}
`)
  })

  it('escapes quotes, backslashes, line ends and what would begin an expression', () => {
    const { text } = bicepFile('', { a: "it's ${b} \\ \n" })
    expect(text).toContain(String.raw`a: 'it\'s \${b} \\ \n'`)
  })

  it.each([
    ['azure-container-apps', {}, ['cooldownPeriod: 600', "type: 'cron'"]],
    ['azure-functions', { plan: 'flex' }, ["name: 'http'", 'instanceCount:']],
    ['azure-functions', { plan: 'premium' }, ['minimumElasticInstanceCount:']],
  ])('is part of an export to %s %j', (id, settings, parts) => {
    const functions = [{ name: 'checkout', trigger: 'queue', invocations: 1 }]
    const quiet = id === 'azure-container-apps' ? { functions } : {}
    const text = textOf(exported(id, planOf([appPlan({ floor: DAILY, ...quiet })]), settings), 'bicep/pilotlight.bicep')
    for (const part of parts) expect(text).toContain(part)
  })

  it.each([
    ['azure-container-apps', {}],
    ['azure-functions', { plan: 'flex' }],
    ['azure-functions', { plan: 'premium' }],
  ])('says of every app what apply.sh sets of it: %s %j', (id, settings) => {
    const apps = [
      appPlan({ floor: DAILY, schedule: DAILY, concurrency: 8 }),
      appPlan({ app: 'mailer', keepAliveMs: 60_000, functions: [{ name: 'send', trigger: 'queue', invocations: 1 }] }),
    ]
    const made = exported(id, planOf(apps), settings)
    const lines = textOf(made, 'bicep/pilotlight.bicep').split('\n')
    const begin = lines.findIndex((line) => line.startsWith('var pilotlight = '))
    const said = read(lines.slice(begin + 1), '{') as Readonly<Record<string, object>>
    expect(Object.keys(said)).toEqual(['shop', 'mailer'])
    for (const [name, values] of Object.entries(said)) {
      // Maxima may be left to the templates.
      const set = leavesOf(JSON.parse(textOf(made, `apps/${name}.json`)))
      const { maxima = {} } = PLATFORMS.get(id, 'test')
      const isMost = (leaf: string): boolean => Object.keys(maxima).some((key) => leaf.startsWith(`${key}.`))
      expect(leavesOf(values).filter((leaf) => !isMost(leaf))).toEqual(set.filter((leaf) => !isMost(leaf)))
      expect(set).toEqual(expect.arrayContaining(leavesOf(values)))
    }
  })
})

function leavesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  return Object.entries(value).flatMap(([key, each]) => {
    return leavesOf(each).map((leaf) =>
      (Array.isArray(value) ? leaf : `${key}.${leaf}`).replace(
        /^(properties|template|scale|functionAppConfig|scaleAndConcurrency)\./,
        '',
      ),
    )
  })
}
