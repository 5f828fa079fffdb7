import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exportPlan } from '../../src/export/export-plan.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { plans } from '../policy/plan/arbitrary-plan.ts'
import { VARIANTS } from './exported.ts'

/*
 * What every emitted object is checked against: a package of the vendor in the folder independent/ where npm carries one, else
 * rules of our own, written from the vendor's documentation and apart from the code that writes the objects.
 */

/** Packages of vendors that tests in the folder independent/ check a platform's objects with; `zod`: rules of our own there. */
const BY_PACKAGE: Readonly<Record<string, string>> = {
  'aws-lambda': '@aws-cdk/aws-service-spec',
  'azure-container-apps': '@azure/arm-appcontainers',
  openwhisk: '@pushcorn/hocon-parser',
  'ibm-code-engine': 'zod',
  'alibaba-fc': '@alicloud/fc20230330',
  'huawei-functiongraph': '@huaweicloud/huaweicloud-sdk-functiongraph',
  'tencent-scf': 'tencentcloud-sdk-nodejs-scf',
  fn: 'zod',
  knative: '@kubernetes-models/knative',
  keda: '@kubernetes-models/keda',
  openfaas: 'zod',
  fission: 'zod',
  nuclio: 'zod',
  'cloudflare-containers': '@cloudflare/containers',
  'lambda-managed-instances': '@aws-sdk/client-lambda',
  scaleway: '@scaleway/sdk-container',
}

const count = z.int().min(0)
const most = z.int().min(1)
const numberText = z.string().regex(/^\d+$/)
const SECONDS = 'autoscaling.knative.dev/'
const goSeconds = (least: number, longest: number) =>
  z
    .string()
    .regex(/^\d+s$/)
    .refine((text) => Number.parseInt(text, 10) >= least && Number.parseInt(text, 10) <= longest)
const waits = {
  [`${SECONDS}window`]: goSeconds(6, 3600),
  [`${SECONDS}scale-down-delay`]: goSeconds(0, 3600),
  [`${SECONDS}scale-to-zero-pod-retention-period`]: goSeconds(0, 3600),
  [`${SECONDS}target-utilization-percentage`]: z.literal('100').nullable(),
}
const atOnce = z.int().min(1).max(1000).nullable()
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

const slimSchedule = z.strictObject({
  TimeZoneID: z.string().min(1),
  Default: z.strictObject({
    WakeUp: z.array(time),
    ScaleDownTimeout: z.array(z.strictObject({ Time: time, Value: z.int().min(1) })),
  }),
})

const job = z.strictObject({
  name: z.string().regex(/^[a-zA-Z\d_-]{1,500}$/),
  schedule: z.string().regex(/^\d{1,2} \d{1,2} \* \* (\*|[A-Z,]+)$/),
  timeZone: z.string().min(1),
  httpTarget: z.strictObject({
    uri: z.string().regex(/^https:\/\/run\.googleapis\.com\/v2\/projects\/\S+\?updateMask=scaling\.minInstanceCount$/),
    httpMethod: z.literal('PATCH'),
    headers: z.strictObject({ 'Content-Type': z.literal('application/json') }),
    body: z.base64().refine((text) => {
      return z.strictObject({ scaling: z.strictObject({ minInstanceCount: count }) }).safeParse(JSON.parse(atob(text)))
        .success
    }),
    oauthToken: z.strictObject({ serviceAccountEmail: z.email() }),
  }),
})

const knativePatch = z.strictObject({
  spec: z.strictObject({
    template: z.strictObject({
      metadata: z.strictObject({
        annotations: z.strictObject({
          ...waits,
          [`${SECONDS}min-scale`]: numberText,
          [`${SECONDS}max-scale`]: numberText,
          [`${SECONDS}target`]: numberText.nullable(),
        }),
      }),
      spec: z.strictObject({ containerConcurrency: atOnce }),
    }),
  }),
})

/** Rules of our own, by platform: for the files of a folder. */
const BY_RULES: Readonly<Record<string, readonly [folder: string, schema: z.ZodType]>> = {
  'azure-functions': [
    'apps',
    z.union([
      z.strictObject({
        alwaysReady: z.array(
          z.strictObject({
            name: z.string().regex(/^(http|blob|durable|function:.+)$/),
            instanceCount: count.max(1000),
          }),
        ),
        maximumInstanceCount: z.int().min(40).max(1000).optional(),
      }),
      z.strictObject({ minimumElasticInstanceCount: most.max(20) }),
    ]),
  ],
  'google-cloud-run': ['services', z.strictObject({ min: count, most, revision: most, jobs: z.array(job) })],
  modal: ['apps', z.strictObject({ scaledown_window: z.int().min(2).max(1200), min_containers: count })],
  slimfaas: [
    'deployments',
    z.strictObject({
      metadata: z.strictObject({
        annotations: z.strictObject({
          'SlimFaas/ReplicasMin': numberText,
          'SlimFaas/ReplicasAtStart': numberText,
          'SlimFaas/TimeoutSecondBeforeSetReplicasMin': numberText,
          'SlimFaas/Schedule': z
            .string()
            .refine((text) => slimSchedule.safeParse(JSON.parse(text)).success)
            .nullable(),
        }),
      }),
    }),
  ],
  kserve: [
    'services',
    z.strictObject({
      metadata: z.strictObject({ annotations: z.strictObject(waits) }),
      spec: z.strictObject({
        predictor: z
          .strictObject({
            minReplicas: count,
            maxReplicas: most,
            scaleTarget: atOnce,
            scaleMetric: z.literal('concurrency').nullable(),
            containerConcurrency: atOnce,
          })
          .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas),
      }),
    }),
  ],
  runpod: ['apps', z.strictObject({ idleTimeout: z.int().min(1).max(3600), workersMin: count, workersMax: most })],
  koyeb: [
    'apps',
    z
      .strictObject({ deepSleepDelay: z.int().min(60).max(21_600).nullable(), minScale: count, maxScale: most })
      // The command takes a delay only with a minimum of 0.
      .refine(({ deepSleepDelay, minScale }) => minScale === 0 || deepSleepDelay === null),
  ],
  'hugging-face': [
    'apps',
    z.strictObject({
      compute: z.strictObject({
        scaling: z.strictObject({ minReplica: count, maxReplica: most, scaleToZeroTimeout: z.int().min(1).nullable() }),
      }),
    }),
  ],
  bentocloud: [
    'apps',
    z.strictObject({
      scaling: z.strictObject({
        min_replicas: count,
        max_replicas: most,
        policy: z.strictObject({ scale_down_stabilization_window: z.int().min(0).max(3600) }),
      }),
    }),
  ],
  beam: ['apps', z.strictObject({ keep_warm_seconds: count, min_containers: count })],
  'vertex-ai': [
    'apps',
    z.strictObject({
      dedicatedResources: z
        .strictObject({
          minReplicaCount: count,
          maxReplicaCount: most,
          scaleToZeroSpec: z
            .strictObject({ minScaleupPeriod: z.literal('300s'), idleScaledownPeriod: goSeconds(300, 28_800) })
            .nullable(),
        })
        // A minimum of 0 is there only with the specification.
        .refine(({ minReplicaCount, scaleToZeroSpec }) => (minReplicaCount === 0) === (scaleToZeroSpec !== null)),
    }),
  ],
  fly: [
    'apps',
    z.strictObject({
      min_machines_running: count,
      auto_stop_machines: z.enum(['off', 'stop', 'suspend']),
      auto_start_machines: z.boolean(),
    }),
  ],
  'openshift-serverless': ['services', knativePatch],
}
/** It reads its own files in the tests of live files. */
const OURS = ['pilotlight']

const FOLDER = join(import.meta.dirname, 'independent')
const JUDGES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'))

it('the objects of every platform are checked by a package of its vendor or by rules of our own', () => {
  const checked = [...Object.keys(BY_PACKAGE), ...Object.keys(BY_RULES), ...OURS]
  expect(checked.toSorted()).toEqual(PLATFORMS.ids.toSorted())
})

it.each(Object.entries(BY_PACKAGE))('a test in the folder independent/ checks %s with %s', (id, name) => {
  const [vendor = ''] = id.split('-')
  const found = JUDGES.filter((text) => text.includes(`'${name}`) && text.toLowerCase().includes(vendor))
  expect(found).not.toEqual([])
})

it('the page of exports names what each platform is checked against', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/export.md'), 'utf8')
  const [, table = ''] = /## What files are checked against\n([^]*?)\n## /.exec(page) ?? []
  for (const [id, name] of Object.entries(BY_PACKAGE)) {
    expect(table).toMatch(new RegExp(`\\| [^|]*\`${id}\`[^|]*\\| [^|]*${name === 'zod' ? 'rules of our own' : name}`))
  }
  for (const id of Object.keys(BY_RULES)) {
    expect(table).toMatch(new RegExp(`\\| [^|]*\`${id}\`[^|]*\\| [^|]*rules of our own`))
  }
})

describe.each(VARIANTS.filter(([, id]) => BY_RULES[id] !== undefined))('the objects for %s', (_, id, settings) => {
  const [folder, schema] = BY_RULES[id]!
  const made = (plan: Parameters<typeof exportPlan>[0]) =>
    exportPlan(plan, PLATFORMS.get(id, 'test'), { settings, where: 'names.yaml' })

  it('keep to the keys and ranges that the vendor documents, whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { files, refused } = made(plan)
        const objects = files.filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('.json'))
        expect(objects).toHaveLength(plan.apps.length - refused.length)
        for (const { path, text } of objects) {
          const { success, error } = schema.safeParse(JSON.parse(text))
          expect(success, `${path}: ${text}\n${error?.message}`).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('would be found wrong with a key that there is not', () => {
    expect(schema.safeParse({ keepAlive: 600 }).success).toBe(false)
  })
})
