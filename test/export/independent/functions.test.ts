import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultPlan, exportPlan } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'

const name = z.string().regex(/^[a-z][-a-z0-9]{0,62}$/)

/** The rules of api/models/fn.go. */
const idleTimeout = z.int().min(1).max(3600)
const funcYaml = z.strictObject({ schema_version: z.literal(20180708), name, idle_timeout: idleTimeout })
const fnBody = z.strictObject({ idle_timeout: idleTimeout })

const digits = z.string().regex(/^\d+$/)
const stack = z.strictObject({
  version: z.literal('1.0'),
  provider: z.strictObject({ name: z.literal('openfaas'), gateway: z.url() }),
  functions: z.record(
    name,
    z.strictObject({
      skip_build: z.literal(true),
      image: z.string().regex(/^\$\{REGISTRY:-[\w./]+\}\/[-a-z0-9]+:\$\{TAG:-latest\}$/),
      labels: z.strictObject({
        'com.openfaas.scale.zero': z.enum(['true', 'false']),
        'com.openfaas.scale.zero-duration': z.string().regex(/^[1-9]\d*s$/),
        'com.openfaas.scale.min': digits,
        'com.openfaas.scale.max': digits,
      }),
    }),
  ),
})

/** The ranges of the documentation of IBM-Cloud/terraform-provider-ibm. */
const known = { project_id: z.literal('${var.project_id}'), name }
const codeEngine = {
  app: z.strictObject({
    ibm_code_engine_app: z.record(
      name,
      z.strictObject({
        ...known,
        image_reference: z.string().regex(/^\$\{var\.images\["[-a-z0-9]+"\]\}$/),
        scale_down_delay: z.int().min(0).max(3600),
        scale_min_instances: z.int().min(0),
        scale_max_instances: z.int().min(1),
      }),
    ),
  }),
  function: z.strictObject({
    ibm_code_engine_function: z.record(
      name,
      z.strictObject({
        ...known,
        runtime: z.string().startsWith('${var.runtimes['),
        code_reference: z.string().startsWith('${var.code['),
        scale_down_delay: z.int().min(0).max(600),
      }),
    ),
  }),
}

describe('files for Fn', () => {
  it('keep to its ranges whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { path, text } of exported('fn', plan).files) {
          if (path.endsWith('func.yaml')) funcYaml.parse(parse(text))
          if (path.startsWith('api/')) fnBody.parse(JSON.parse(text))
        }
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    [0, 1, 'clamped'],
    [1000, 1, 'exact'],
    [1001, 2, 'exact'],
    [3_600_000, 3600, 'exact'],
    [3_600_001, 3600, 'clamped'],
    [Number.POSITIVE_INFINITY, 3600, 'clamped'],
  ])('say of a window of %d ms %d s, which is %s', (keepAliveMs, seconds, kind) => {
    const made = exported('fn', planOf([appPlan({ keepAliveMs })]))
    expect(parse(textOf(made, 'functions/shop/func.yaml'))).toMatchObject({ idle_timeout: seconds })
    expect(made.notes).toMatchObject([{ kind, written: `${seconds}s` }])
  })

  it('stay loaded over a pre-warming window, and say so', () => {
    const made = exported('fn', planOf([appPlan({ prewarmMs: 600_000, keepAliveMs: 60_000 })]))
    expect(made.notes).toEqual([
      {
        app: 'shop',
        knob: 'idle_timeout',
        kind: 'superset',
        wanted: 'unload, load after 10m, keep 1m',
        written: '660s',
      },
    ])
  })
})

describe('stack.yaml for OpenFaaS', () => {
  it('keeps to its rules whatever the plan, with every label a text', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        stack.parse(parse(textOf(exported('openfaas', plan), 'stack.yaml')))
      }),
      { numRuns: 50 },
    )
  })
})

describe.each(['app', 'function'] as const)('Terraform for Code Engine, kind %s', (kind) => {
  it('has other defaults for functions than for apps', () => {
    const plan = planOf([appPlan()])
    const platform = PLATFORMS.get('ibm-code-engine', 'test')
    const kept = (kind: string) => defaultPlan(plan, platform, { kind }).apps[0]!.keepAliveMs
    expect([kept('app'), kept('function')]).toEqual([0, 1000])
    const names = { apps: { shop: null }, settings: { kind: 'function' }, where: 'names.yaml' }
    expect(exportPlan(plan, platform, names).applied.apps[0]!.keepAliveMs).toBe(1000)
  })

  it('keeps to the ranges of the provider whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const text = textOf(exported('ibm-code-engine', plan, { kind }), 'main.tf.json')
        codeEngine[kind].parse((JSON.parse(text) as { resource: unknown }).resource)
      }),
      { numRuns: 50 },
    )
  })
})
