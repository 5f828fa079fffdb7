import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { MODEL_KINDS } from '../../src/config/model-kinds.ts'
import { entrySchema, jsonSchema, modelSchema } from '../../src/config/experiment-schema.ts'
import { settingKind, spell } from '../../src/config/setting.ts'
import { policies } from '../../src/policy/policies/index.ts'

const ROOT = new URL('../../', import.meta.url)
const made = jsonSchema(policies)
const validator = z.fromJSONSchema(made as Parameters<typeof z.fromJSONSchema>[0])

const EXPERIMENT = { name: 'x', trace: { path: 'p' }, policies: [{ policy: 'none' }] }

/** The schema of the entries of one policy. */
function entryOf(id: string): { properties: Record<string, { default?: unknown; description?: string }> } {
  const { properties } = made as { properties: { policies: { items: { anyOf: { title: string }[] } } } }
  return properties.policies.items.anyOf.find(({ title }) => title === id) as never
}

describe('the JSON Schema of an experiment', () => {
  it('is the one that is published in docs/experiment.schema.json', () => {
    const published = readFileSync(new URL('docs/experiment.schema.json', ROOT), 'utf8')
    expect(JSON.parse(published), 'npm run docs writes it').toEqual(made)
  })

  it.each(readdirSync(new URL('experiments', ROOT)).filter((name) => name.endsWith('.yaml')))(
    'accepts experiments/%s',
    (name) => {
      const text = readFileSync(fileURLToPath(new URL(`experiments/${name}`, ROOT)), 'utf8')
      expect(validator.safeParse(parse(text)).error).toBeUndefined()
    },
  )

  it.each([
    ['a duration without a unit', [{ policy: 'fixed', keepAlive: 600 }]],
    ['an unknown parameter', [{ policy: 'fixed', keepalive: '10m' }]],
    ['an unknown policy', [{ policy: 'hybird' }]],
    ['no policy', []],
  ])('refuses %s', (_what, entries) => {
    const experiment = { name: 'x', trace: { path: 'p' }, policies: entries }
    expect(validator.safeParse(experiment).success).toBe(false)
  })
})

describe.each(policies.all)('the policy $id', ({ id, parameters }) => {
  it('is in the JSON Schema with every parameter, its default and its description', () => {
    const { properties } = entryOf(id)
    expect(Object.keys(properties)).toEqual(['policy', 'label', 'eviction', ...Object.keys(parameters)])
    for (const [name, parameter] of Object.entries(parameters)) {
      expect(properties[name]!.default).toEqual(spell(parameter, parameter.default))
      expect(properties[name]!.description).toBe(parameter.describe)
    }
  })

  it('accepts each of its defaults, in the experiment and in the JSON Schema', () => {
    const entry: Record<string, unknown> = { policy: id }
    for (const [name, parameter] of Object.entries(parameters)) {
      entry[name] = spell(parameter, parameter.default)
      expect(settingKind(parameter).read(entry[name])).toMatchObject({ value: parameter.default })
    }
    expect(entrySchema({ id, parameters }, {}).safeParse(entry).success).toBe(true)
    expect(validator.safeParse({ name: 'x', trace: { path: 'p' }, policies: [entry] }).success).toBe(true)
  })

  it('takes no parameter whose name every entry has', () => {
    expect(Object.keys(parameters)).not.toContain('policy')
    expect(Object.keys(parameters)).not.toContain('label')
  })
})

describe.each(MODEL_KINDS.all)('the $id model', (kind) => {
  /** What must be given, because it has no default. */
  const needed: Readonly<Record<string, unknown>> = { nodes: { memory: '4GB' } }
  const standing = Object.entries(kind.options).filter(([name]) => !(name in needed))

  it('has a default for every option but those that must be given', () => {
    const without = Object.entries(kind.options).filter(([, { jsonSchema }]) => jsonSchema.default === undefined)
    expect(without.map(([name]) => name)).toEqual(kind.id === 'cluster' ? ['nodes'] : [])
    expect('nodes' in kind.defaults ? kind.defaults.nodes : []).toEqual([])
  })

  it('accepts each of its defaults, here and in the JSON Schema', () => {
    for (const [name, { jsonSchema, read }] of standing) {
      // What stands for other options has no place in the model itself.
      const value = name in kind.defaults ? kind.defaults[name as keyof typeof kind.defaults] : jsonSchema.default
      expect(read(jsonSchema.default)).toMatchObject({ value })
    }
    const options = standing.map(([name, { jsonSchema }]) => [name, jsonSchema.default] as const)
    const given = kind.id === 'cluster' ? needed : {}
    const model = { kind: kind.id, ...Object.fromEntries(options), ...given }
    expect(modelSchema(kind).safeParse(model).error).toBeUndefined()
    expect(validator.safeParse({ ...EXPERIMENT, model }).error).toBeUndefined()
  })
})

/** Options of a cluster, whose reader and JSON Schema accept the same. */
const NODES = 'nodes: { memory: 4GB }'
const ACCEPTED = [
  'nodes: { count: 4, memory: 16GB }',
  'nodes: { count: [1, 2], memory: [512MB, 1.5 TB] }',
  'nodes: [ { count: 2, memory: 8GB }, { memory: 64GB } ]',
  `${NODES}, placement: [hash, random], eviction: [lru, belady], overflow: drop, queueLimit: [none, 90s]`,
  `${NODES}, coldStart: { median: 400ms, p99: 6s }`,
  `${NODES}, coldStart: [trace, 1s, { base: 0s, perMb: 0.5ms }]`,
  `${NODES}, as: [none, faascache], renew: off, concurrency: 4`,
]
const REFUSED = [
  'concurrency: 2',
  'nodes: []',
  'nodes: {}',
  'nodes: 4',
  'nodes: { count: 0, memory: 4GB }',
  'nodes: { count: 1.5, memory: 4GB }',
  'nodes: { count: [], memory: 4GB }',
  'nodes: { memory: 4 }',
  'nodes: { memory: -4GB }',
  'nodes: { memory: 4GB, cout: 2 }',
  'nodes: [ { count: [1, 2], memory: 4GB } ]',
  'nodes: [ 4GB ]',
  `${NODES}, placement: hsh`,
  `${NODES}, eviction: [lru, lrru]`,
  `${NODES}, queueLimit: never`,
  `${NODES}, coldStart: { median: 400ms }`,
  `${NODES}, coldStart: { median: 400ms, p99: 6s, base: 1s }`,
  `${NODES}, as: fascache`,
]

const clusterOf = (options: string): unknown => parse(`{ kind: cluster, ${options} }`)

/** Whether the reader of experiments and the JSON Schema accept the options. */
function acceptance(options: string): { readonly read: boolean; readonly told: boolean } {
  const model = clusterOf(options)
  return {
    read: modelSchema(MODEL_KINDS.get('cluster', '')).safeParse(model).success,
    told: validator.safeParse({ ...EXPERIMENT, model }).success,
  }
}

describe('the options of a cluster', () => {
  it.each(ACCEPTED)('%s are accepted, and the JSON Schema does so too', (options) => {
    expect(acceptance(options)).toEqual({ read: true, told: true })
  })

  it.each(REFUSED)('%s are refused, and the JSON Schema does so too', (options) => {
    expect(acceptance(options)).toEqual({ read: false, told: false })
  })

  it('let an entry of a policy choose its eviction order, or a list of them', () => {
    const policies = [
      { policy: 'no-unload', eviction: 'lru' },
      { policy: 'fixed', keepAlive: '10m', eviction: ['lru', 'greedy-dual'] },
    ]
    expect(validator.safeParse({ ...EXPERIMENT, model: clusterOf(NODES), policies }).error).toBeUndefined()
    const misspelt = [{ policy: 'no-unload', eviction: 'lur' }]
    expect(validator.safeParse({ ...EXPERIMENT, model: clusterOf(NODES), policies: misspelt }).success).toBe(false)
  })
})
