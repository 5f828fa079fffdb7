import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { liveAppSchema, liveFrame, liveJsonSchema } from '../../src/config/live-schema.ts'
import { livePolicySchema } from '../../src/config/experiment-schema.ts'
import { spell } from '../../src/config/setting.ts'
import { BACKENDS } from '../../src/live/backends/index.ts'
import { CONTRACTS } from '../../src/live/contracts/index.ts'
import { definePolicy } from '../../src/policy/policy.ts'
import { policies } from '../../src/policy/policies/index.ts'

const ROOT = new URL('../../', import.meta.url)
const made = liveJsonSchema(policies.all)
const validator = z.fromJSONSchema(made as Parameters<typeof z.fromJSONSchema>[0])

/** A live file with its policy, or with an app's keys, or with keys of its own. */
function live(more: Readonly<Record<string, unknown>> = {}, app: Readonly<Record<string, unknown>> = {}): unknown {
  const apps = { web: { command: ['node', 'web.js'], memory: '256MB', ...app } }
  return { name: 'shop', policy: { policy: 'fixed', keepAlive: '5m' }, apps, ...more }
}

const accepts = (data: unknown): boolean => validator.safeParse(data).success

describe('the JSON Schema of a live file', () => {
  it('is the one that is published in docs/live.schema.json', () => {
    const published = readFileSync(new URL('docs/live.schema.json', ROOT), 'utf8')
    expect(JSON.parse(published), 'npm run docs writes it').toEqual(made)
  })

  it.each(readdirSync(new URL('experiments/live', ROOT)).filter((name) => name.endsWith('.yaml')))(
    'accepts experiments/live/%s, which names it',
    (name) => {
      const text = readFileSync(new URL(`experiments/live/${name}`, ROOT), 'utf8')
      expect(validator.safeParse(parse(text)).error).toBeUndefined()
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/live\.schema\.json\n/)
    },
  )

  it('accepts a policy of one’s own and an exported plan by their paths', () => {
    expect(accepts(live({ policy: { policy: './own.ts', patience: 3 } }))).toBe(true)
    expect(accepts(live({ policy: { policy: './plan.json' } }))).toBe(true)
  })

  it.each([
    ['an unknown key', live({ polcy: 1 })],
    ['no apps', live({ apps: {} })],
    ['an app whose name is a path', live({ apps: { '../web': { memory: '1MB' } } })],
    ['an app without memory', live({}, { memory: undefined })],
    ['memory without a unit', live({}, { memory: 256 })],
    ['a command that is a text', live({}, { command: 'node web.js' })],
    ['an unknown backend', live({ backend: 'dokcer' })],
    ['an unknown contract', live({}, { contract: 'htp' })],
    ['an unknown policy', live({ policy: { policy: 'fxed' } })],
    ['a grid of parameters', live({ policy: { policy: 'fixed', keepAlive: ['5m', '6m'] } })],
    ['no policy', live({ policy: undefined })],
    ['a port beyond ports', live({ listen: { port: 70_000 } })],
    ['a replay of no trace', live({ replay: { speed: 60 } })],
  ])('refuses %s', (_what, data) => {
    expect(accepts(JSON.parse(JSON.stringify(data)))).toBe(false)
  })

  it('has every backend, contract and key, with the default where there is one', () => {
    const { properties } = made as { properties: Record<string, { enum?: unknown; default?: unknown }> }
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(liveFrame.shape).toSorted())
    expect(properties['backend']).toMatchObject({ enum: BACKENDS.ids, default: 'process' })
    const { additionalProperties: app } = properties['apps'] as unknown as {
      additionalProperties: { properties: Record<string, unknown> }
    }
    expect(Object.keys(app.properties)).toEqual(Object.keys(liveAppSchema.shape))
    expect(app.properties['contract']).toMatchObject({ enum: CONTRACTS.ids, default: 'http' })
    expect(app.properties['timeout']).toMatchObject({ default: '1m' })
  })

  it('leaves out a policy that needs what nobody knows of live calls', () => {
    const seer = definePolicy({ ...policies.get('none', 'test'), id: 'seer', needs: ['future'] })
    const { properties } = liveJsonSchema([...policies.all, seer]) as {
      properties: { policy: { anyOf: { title: string }[] } }
    }
    expect(properties.policy.anyOf.map(({ title }) => title)).not.toContain('seer')
  })
})

it.each(policies.all)('the policy $id takes each of its defaults in a live file and in its JSON Schema', (policy) => {
  const spelt = Object.entries(policy.parameters).map(([name, each]) => [name, spell(each, each.default)] as const)
  const entry = { policy: policy.id, ...Object.fromEntries(spelt) }
  const read = livePolicySchema(policy).safeParse(entry)
  expect(read.error).toBeUndefined()
  for (const [name, { default: standard }] of Object.entries(policy.parameters)) {
    expect((read.data as Record<string, unknown>)[name]).toBe(standard)
  }
  expect(accepts(live({ policy: entry }))).toBe(true)
})
