import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Service } from '@kubernetes-models/knative/serving.knative.dev/v1'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { merged } from '../../../src/export/apply/merged-document.ts'
import type { Data } from '../../../src/export/files/export-file.ts'
import type { Export } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, DAILY, exported, planOf, textOf } from '../exported.ts'

/** A merge patch for an object that was made by somebody, or what an export makes where there is none. */
function objectIn(made: Export, path: string, present: object): Record<string, unknown> {
  const { maxima = {} } = PLATFORMS.get(made.platform, 'test')
  return merged(present as Data, JSON.parse(textOf(made, path)) as Data, maxima) as Record<string, unknown>
}

/** Every object that an export patches, merged into one of its kind. */
function objectsIn(made: Export, folder: string, present: (name: string) => object): Record<string, unknown>[] {
  return made.files.flatMap(({ path }) => {
    const [, name] = new RegExp(`^${folder}/(.*)\\.json$`).exec(path) ?? []
    return name === undefined ? [] : [objectIn(made, path, present(name))]
  })
}

function createdIn(made: Export, folder: string): (name: string) => object {
  return (name) => JSON.parse(textOf(made, `create/${folder}/${name}.json`)) as object
}

function knativeService(name: string): object {
  const spec = {
    template: { spec: { containers: [{ name: 'web', image: 'shop:1', env: [{ name: 'A', value: '1' }] }] } },
  }
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec }
}

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
const metadata = z.strictObject({ name: label, namespace: label })
const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10))

/** The rules of Knative's webhook (pkg/apis/autoscaling/annotation_validation.go), which the schema does not have. */
const knativeAnnotations = z.strictObject({
  'autoscaling.knative.dev/window': seconds.pipe(z.number().min(6).max(3600)),
  'autoscaling.knative.dev/scale-to-zero-pod-retention-period': seconds.pipe(z.number().min(0).max(3600)),
  'autoscaling.knative.dev/scale-down-delay': seconds.pipe(z.number().min(0).max(3600)),
  'autoscaling.knative.dev/min-scale': z.string().regex(/^\d+$/),
  'autoscaling.knative.dev/target': z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  'autoscaling.knative.dev/target-utilization-percentage': z.literal('100').optional(),
})

/** Rules of KEDA's webhook and scalers that the schema does not have. */
const cron = z
  .strictObject({
    timezone: z.string().min(1),
    start: z.string().regex(/^(\S+ ){4}\S+$/),
    end: z.string().regex(/^(\S+ ){4}\S+$/),
    desiredReplicas: z.string().regex(/^[1-9]\d*$/),
  })
  .refine(({ start, end }) => start !== end)
const kedaSpec = z
  .looseObject({
    cooldownPeriod: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    minReplicaCount: z.int().min(0),
    maxReplicaCount: z.int().min(1).default(100),
    advanced: z.object({
      horizontalPodAutoscalerConfig: z.object({
        behavior: z.object({ scaleDown: z.object({ stabilizationWindowSeconds: z.int().min(0).max(3600) }) }),
      }),
    }),
    triggers: z.array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('cron'), name: z.string(), metadata: cron }),
        z.strictObject({
          type: z.literal('external-push'),
          name: z.string(),
          metadata: z.strictObject({ scalerAddress: z.string(), interceptorRoute: label }),
        }),
      ]),
    ),
  })
  .refine(({ minReplicaCount, maxReplicaCount }) => minReplicaCount <= maxReplicaCount)

const route = z.strictObject({
  apiVersion: z.literal('http.keda.sh/v1beta1'),
  kind: z.literal('InterceptorRoute'),
  metadata,
  spec: z.strictObject({
    target: z.unknown(),
    rules: z.array(z.unknown()).min(1),
    scalingMetric: z.strictObject({
      concurrency: z
        .strictObject({
          targetValue: z
            .int()
            .min(1)
            .max(2 ** 31 - 1),
        })
        .partial(),
      requestRate: z
        .strictObject({
          window: z.string().regex(/^([1-9]|[1-5]\d|60)s$/),
          granularity: z.literal('1s'),
          targetValue: z
            .int()
            .min(1)
            .max(2 ** 31 - 1),
        })
        .optional(),
    }),
  }),
})

const fissionFunction = z.strictObject({
  spec: z.strictObject({
    idletimeout: z
      .int()
      .min(1)
      .max(2 ** 31 - 1),
    requestsPerPod: z.int().min(1).nullable(),
    provisionedConcurrency: z.strictObject({
      target: z.int().min(1).max(20),
      windows: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            start: z.string().regex(/^CRON_TZ=\S+ (\S+ ){4}\S+$/),
            duration: z.string().regex(/^\d+[smh]$/),
            target: z.int().min(0).max(20),
          }),
        )
        .max(32),
    }),
  }),
})

const nuclioFunction = z.strictObject({
  spec: z
    .strictObject({
      minReplicas: z.int().min(0),
      maxReplicas: z.int().min(1).default(1),
      scaleToZero: z.strictObject({
        scaleResources: z.tuple([
          z.strictObject({
            metricName: z.string().min(1),
            windowSize: z.string().regex(/^[1-9]\d*s$/),
            threshold: z.literal(0),
          }),
        ]),
      }),
    })
    .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas),
})

describe('objects for Knative', () => {
  it('fit the schema of a Service and the rules of its webhook, whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const object of objectsIn(exported('knative', plan), 'services', knativeService)) {
          new Service(object as never).validate()
          const { spec } = object as { spec: { template: { metadata: { annotations: unknown } } } }
          knativeAnnotations.parse(spec.template.metadata.annotations)
        }
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    [1, '6s', '0s', '0s'],
    [60, '60s', '0s', '0s'],
    [600, '60s', '540s', '0s'],
    [3660, '60s', '3600s', '0s'],
    [5400, '60s', '3600s', '1740s'],
    [9000, '60s', '3600s', '3600s'],
  ])(
    'split %i s into a window of %s, a delay of %s and a retention period of %s',
    (keepS, window, delay, retention) => {
      const made = exported('knative', planOf([appPlan({ keepAliveMs: keepS * 1000, concurrency: 50 })]))
      const object = objectIn(made, 'services/shop.json', knativeService('shop'))
      expect(object).toMatchObject({
        spec: {
          template: {
            metadata: {
              annotations: {
                'autoscaling.knative.dev/window': window,
                'autoscaling.knative.dev/scale-down-delay': delay,
                'autoscaling.knative.dev/scale-to-zero-pod-retention-period': retention,
                'autoscaling.knative.dev/target': '50',
              },
            },
            spec: { containerConcurrency: 50, containers: [{ name: 'web', image: 'shop:1' }] },
          },
        },
      })
    },
  )

  it('would be found wrong with a number for an annotation', () => {
    const annotations = { 'autoscaling.knative.dev/window': 60 }
    const object = { metadata: { name: 'a' }, spec: { template: { metadata: { annotations } } } }
    expect(() => new Service(object as never).validate()).toThrow('string')
  })
})

describe('objects for KEDA', () => {
  it('fit the schema of a ScaledObject and the rules of KEDA, whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const made = exported('keda', plan)
        for (const object of objectsIn(made, 'routes', createdIn(made, 'routes'))) route.parse(object)
        for (const object of objectsIn(made, 'scaledobjects', createdIn(made, 'scaledobjects'))) {
          new ScaledObject(object as never).validate()
          kedaSpec.parse(object['spec'])
          metadata.parse(object['metadata'])
        }
      }),
      { numRuns: 50 },
    )
  })

  it('hold what is low by night as a minimum and what is high by day as a trigger', () => {
    const made = exported('keda', planOf([appPlan({ floor: DAILY })], 'Europe/Berlin'))
    const object = objectIn(made, 'scaledobjects/shop.json', {})
    const { minReplicaCount, triggers } = object['spec'] as { minReplicaCount: number; triggers: unknown[] }
    expect(minReplicaCount).toBe(0)
    expect(triggers[2]).toEqual({
      type: 'cron',
      name: 'pilotlight-2',
      metadata: { timezone: 'Europe/Berlin', start: '14 8 * * *', end: '5 17 * * *', desiredReplicas: '4' },
    })
  })

  it('count requests by their rate, so that short ones are seen, and wait so much less', () => {
    const made = exported('keda', planOf([appPlan({ keepAliveMs: 600_000, concurrency: 50 })]))
    expect(objectIn(made, 'routes/shop.json', {})).toEqual({
      spec: {
        scalingMetric: {
          concurrency: { targetValue: 50 },
          requestRate: { window: '60s', granularity: '1s', targetValue: 2 ** 31 - 1 },
        },
      },
    })
    expect(objectIn(made, 'scaledobjects/shop.json', {})).toMatchObject({ spec: { cooldownPeriod: 540 } })
  })

  it('leave apps that no request calls without a rule for requests', () => {
    const functions = [{ name: 'digest', trigger: 'timer', invocations: 3 }]
    const made = exported('keda', planOf([appPlan({ functions })]))
    expect(made.files.some(({ path }) => path.startsWith('routes/'))).toBe(false)
    expect(objectIn(made, 'scaledobjects/shop.json', {})).toMatchObject({ spec: { cooldownPeriod: 600, triggers: [] } })
    const apps = exported('azure-container-apps', planOf([appPlan({ functions })]))
    expect(JSON.parse(textOf(apps, 'apps/shop.json'))).toMatchObject({
      properties: { template: { scale: { rules: [] } } },
    })
  })
})

describe.each([
  ['fission', fissionFunction],
  ['nuclio', nuclioFunction],
])('objects for %s', (id, schema) => {
  it('fit the rules of its custom resource, whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { path, text } of exported(id, plan).files) {
          if (path.startsWith('functions/')) schema.parse(JSON.parse(text))
        }
      }),
      { numRuns: 50 },
    )
  })
})
