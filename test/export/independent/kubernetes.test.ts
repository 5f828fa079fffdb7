import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Service } from '@kubernetes-models/knative/serving.knative.dev/v1'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { Export } from '../../../src/export/export-plan.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, DAILY, exported, planOf } from '../exported.ts'

/** Every object in an export's YAML files, read by a YAML parser in its strict mode. */
function objectsIn({ files }: Export): Record<string, unknown>[] {
  return files
    .filter(({ path }) => path.endsWith('.yaml'))
    .flatMap(({ text }) => {
      const documents = parseAllDocuments(text, { strict: true })
      if ('empty' in documents) return []
      expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
      return documents.map((document) => document.toJS() as Record<string, unknown>)
    })
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
  'autoscaling.knative.dev/scale-down-delay': seconds.pipe(z.number().min(0).max(3600)).optional(),
  'autoscaling.knative.dev/min-scale': z.string().regex(/^\d+$/).optional(),
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
    pollingInterval: z.int().min(1),
    minReplicaCount: z.int().min(0),
    maxReplicaCount: z.int().min(1),
    advanced: z.object({
      horizontalPodAutoscalerConfig: z.object({
        behavior: z.object({ scaleDown: z.object({ stabilizationWindowSeconds: z.int().min(0).max(3600) }) }),
      }),
    }),
    triggers: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('cron'), metadata: cron }),
          z.strictObject({
            type: z.literal('external-push'),
            metadata: z.strictObject({ scalerAddress: z.string(), interceptorRoute: label }),
          }),
        ]),
      )
      .min(1),
  })
  .refine(({ minReplicaCount, maxReplicaCount }) => minReplicaCount <= maxReplicaCount)

const route = z.strictObject({
  apiVersion: z.literal('http.keda.sh/v1beta1'),
  kind: z.literal('InterceptorRoute'),
  metadata,
  spec: z.strictObject({ target: z.unknown(), rules: z.array(z.unknown()).min(1), scalingMetric: z.unknown() }),
})

const fissionFunction = z.strictObject({
  apiVersion: z.literal('fission.io/v1'),
  kind: z.literal('Function'),
  metadata,
  spec: z.strictObject({
    idletimeout: z
      .int()
      .min(1)
      .max(2 ** 31 - 1),
    InvokeStrategy: z.strictObject({ ExecutionStrategy: z.strictObject({ ExecutorType: z.literal('poolmgr') }) }),
    provisionedConcurrency: z
      .strictObject({
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
      })
      .optional(),
  }),
})

const nuclioFunction = z.strictObject({
  apiVersion: z.literal('nuclio.io/v1beta1'),
  kind: z.literal('NuclioFunction'),
  metadata,
  spec: z
    .strictObject({
      minReplicas: z.int().min(0),
      maxReplicas: z.int().min(1),
      scaleToZero: z.strictObject({
        scaleResources: z.tuple([
          z.strictObject({
            metricName: z.string().min(1),
            windowSize: z.enum(['1m', '2m', '5m', '10m', '30m']),
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
        for (const object of objectsIn(exported('knative', plan))) {
          new Service(object as never).validate()
          const { spec } = object as { spec: { template: { metadata: { annotations: unknown } } } }
          knativeAnnotations.parse(spec.template.metadata.annotations)
          metadata.parse(object['metadata'])
        }
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    [1, '6s', '0s'],
    [60, '60s', '0s'],
    [600, '60s', '540s'],
    [3660, '60s', '3600s'],
    [5400, '1800s', '3600s'],
    [9000, '3600s', '3600s'],
  ])('split %i s into a window of %s and a retention period of %s', (keepS, window, retention) => {
    const [object] = objectsIn(exported('knative', planOf([appPlan({ keepAliveMs: keepS * 1000 })])))
    expect(object).toMatchObject({
      spec: {
        template: {
          metadata: {
            annotations: {
              'autoscaling.knative.dev/window': window,
              'autoscaling.knative.dev/scale-to-zero-pod-retention-period': retention,
            },
          },
        },
      },
    })
  })

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
        for (const object of objectsIn(exported('keda', plan))) {
          if (object['kind'] === 'InterceptorRoute') route.parse(object)
          else {
            new ScaledObject(object as never).validate()
            kedaSpec.parse(object['spec'])
            metadata.parse(object['metadata'])
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('hold what is low by night as a minimum and what is high by day as a trigger', () => {
    const [, object] = objectsIn(exported('keda', planOf([appPlan({ floor: DAILY })], 'Europe/Berlin')))
    const { minReplicaCount, triggers } = object!['spec'] as { minReplicaCount: number; triggers: unknown[] }
    expect(minReplicaCount).toBe(0)
    expect(triggers[2]).toEqual({
      type: 'cron',
      metadata: { timezone: 'Europe/Berlin', start: '14 8 * * *', end: '5 17 * * *', desiredReplicas: '4' },
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
        for (const object of objectsIn(exported(id, plan))) schema.parse(object)
      }),
      { numRuns: 50 },
    )
  })
})

describe('services for Cloud Run', () => {
  it('fit the schema of a Service, with a minimum that is a text', () => {
    const [object] = objectsIn(exported('google-cloud-run', planOf([appPlan({ standIn: DAILY })])))
    new Service(object as never).validate()
    expect(object).toMatchObject({ metadata: { annotations: { 'run.googleapis.com/minScale': '2' } } })
  })
})

describe('a plan of more windows than Fission takes', () => {
  it('is refused with the number', () => {
    const steps = Array.from({ length: 72 }, (_, each) => ({ minute: each * 20, instances: each % 2 }))
    const plan = planOf([appPlan({ floor: { cycle: 'day', steps } })])
    expect(() => exported('fission', plan)).toThrow(
      'app shop: the plan is too large: expected at most 32 windows of provisioned concurrency, found 37.',
    )
  })
})
