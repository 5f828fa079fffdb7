import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { MODEL_KINDS } from '../../src/experiment/model-kinds.ts'
import { entrySchema, jsonSchema, modelSchema } from '../../src/experiment/schema.ts'
import { settingKind, spell } from '../../src/experiment/setting.ts'
import { policies } from '../../src/policy/policies/index.ts'

const ROOT = new URL('../../', import.meta.url)
const made = jsonSchema(policies)
const validator = z.fromJSONSchema(made as Parameters<typeof z.fromJSONSchema>[0])

/** The schema of the entries of one policy. */
function entryOf(id: string): { properties: Record<string, { default?: unknown; description?: string }> } {
  const { properties } = made as { properties: { policies: { items: { anyOf: { title: string }[] } } } }
  return properties.policies.items.anyOf.find(({ title }) => title === id) as never
}

describe('the JSON Schema of an experiment', () => {
  it('is the one that is published in docs/experiment.schema.json', () => {
    const published = readFileSync(new URL('docs/experiment.schema.json', ROOT), 'utf8')
    expect(JSON.parse(published), 'run: npm run pilotlight -- schema > docs/experiment.schema.json').toEqual(made)
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
    expect(Object.keys(properties)).toEqual(['policy', 'label', ...Object.keys(parameters)])
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
  it('accepts each of its defaults', () => {
    for (const [name, { jsonSchema, read }] of Object.entries(kind.options)) {
      expect(read(jsonSchema.default)).toMatchObject({ value: kind.defaults[name as keyof typeof kind.defaults] })
    }
    const options = Object.fromEntries(
      Object.entries(kind.options).map(([name, { jsonSchema }]) => [name, jsonSchema.default]),
    )
    expect(modelSchema(kind).safeParse({ kind: kind.id, ...options }).success).toBe(true)
  })
})
