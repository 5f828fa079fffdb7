import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultPlan, exportPlan } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'

/** The rules of api/models/fn.go. */
const idleTimeout = z.int().min(1).max(3600)
const fnBody = z.strictObject({ idle_timeout: idleTimeout })

const labels = z.strictObject({
  'com.openfaas.scale.zero': z.enum(['true', 'false']),
  'com.openfaas.scale.zero-duration': z.string().regex(/^[1-9]\d*s$/),
  'com.openfaas.scale.min': z.string().regex(/^[1-9]\d*$/),
  'com.openfaas.scale.max': z.string().regex(/^\d+$/).optional(),
  'com.openfaas.scale.type': z.literal('capacity').nullable(),
  'com.openfaas.scale.target': z
    .string()
    .regex(/^[1-9]\d*$/)
    .nullable(),
  'com.openfaas.scale.down.window': z.string().regex(/^([1-9]\d?|[12]\d\d|300)s$/),
})

/** The ranges of the documentation of IBM-Cloud/terraform-provider-ibm. */
const codeEngine = {
  app: z.strictObject({
    scale_down_delay: z.int().min(0).max(3600),
    scale_concurrency: z.int().min(1).max(1000).optional(),
    scale_min_instances: z.int().min(0),
    scale_max_instances: z.int().min(1).optional(),
  }),
  function: z.strictObject({
    scale_down_delay: z.int().min(0).max(600),
    scale_concurrency: z.int().min(1).max(100).optional(),
  }),
}

describe('files for Fn', () => {
  it('keep to its ranges whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { path, text } of exported('fn', plan).files) {
          if (path.startsWith('functions/')) fnBody.parse(JSON.parse(text))
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
    expect(JSON.parse(textOf(made, 'functions/shop.json'))).toEqual({ idle_timeout: seconds })
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

describe('labels for OpenFaaS', () => {
  it('keep to its rules whatever the plan, each a text', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { path, text } of exported('openfaas', plan).files) {
          if (path.startsWith('functions/')) labels.parse((JSON.parse(text) as { labels: unknown }).labels)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe.each(['app', 'function'] as const)('what is set of Code Engine, kind %s', (kind) => {
  it('has other defaults for functions than for apps, which stay a minute anyhow', () => {
    const plan = planOf([appPlan()])
    const platform = PLATFORMS.get('ibm-code-engine', 'test')
    const kept = (kind: string) => defaultPlan(plan, platform, { kind }).apps[0]!.keepAliveMs
    expect([kept('app'), kept('function')]).toEqual([60_000, 1000])
    const names = { apps: { shop: null }, settings: { kind: 'function' }, where: 'names.yaml' }
    expect(exportPlan(plan, platform, names).applied.apps[0]!.keepAliveMs).toBe(1000)
  })

  it('keeps to the ranges of the provider whatever the plan, in Terraform as in the calls', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const made = exported('ibm-code-engine', plan, { kind })
        const calls = made.files.filter(({ path }) => path.startsWith(`${kind}s/`))
        for (const { text } of calls) codeEngine[kind].parse(JSON.parse(text))
        if (calls.length === 0) return
        const { resource } = JSON.parse(textOf(made, 'pilotlight_override.tf.json')) as {
          resource: Record<string, Record<string, unknown>>
        }
        const named = resource[`ibm_code_engine_${kind}`]!
        expect(Object.entries(named)).toEqual(
          calls.map(({ path, text }) => {
            // A maximum that is enough anyhow stays what the user's own files say.
            const { scale_max_instances: most = 0, ...scale } = JSON.parse(text) as Record<string, number>
            const whole = most > 10 ? { ...scale, scale_max_instances: most } : scale
            return [path.replace(/^.*\/|\.json$/g, ''), whole]
          }),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('takes the minute off that an app stays anyhow, and lets it have the instances that it must hold', () => {
    if (kind === 'function') return
    const made = exported('ibm-code-engine', planOf([appPlan({ floor: constantFloor(12) })]), { kind })
    expect(JSON.parse(textOf(made, 'apps/shop.json'))).toEqual({
      scale_down_delay: 540,
      scale_concurrency: 1,
      scale_min_instances: 12,
      scale_max_instances: 12,
    })
  })
})
