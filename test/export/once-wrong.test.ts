import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { constantFloor } from '../../src/policy/plan/floor.ts'
import type { AppPlan } from '../../src/policy/plan/plan.ts'
import { plans } from '../policy/plan/arbitrary-plan.ts'
import { appPlan, DAILY, exported, planOf, textOf, VARIANTS } from './exported.ts'

/*
 * What exports once said and platforms did otherwise, a sentence for each.
 */

function written(
  id: string,
  path: string,
  given: Partial<AppPlan> = {},
  settings: Readonly<Record<string, string>> = {},
): unknown {
  return JSON.parse(textOf(exported(id, planOf([appPlan(given)]), settings), path)) as unknown
}

const QUEUE = [{ name: 'resize', trigger: 'queue', invocations: 10 }]

describe('an export', () => {
  it.each([60, 540, 1138, 4000])(
    'to Knative waits for %i s in all, whatever part is the window, the delay and the retention',
    (seconds) => {
      const text = textOf(exported('knative', planOf([appPlan({ keepAliveMs: seconds * 1000 })])), 'services/shop.json')
      const waits = ['window', 'scale-down-delay', 'scale-to-zero-pod-retention-period'].map((key) =>
        Number(new RegExp(`dev/${key}": "(\\d+)s"`).exec(text)![1]),
      )
      expect(waits.reduce((sum, each) => sum + each, 0)).toBe(seconds)
      // A longer window would widen the panic window.
      expect(waits[0]).toBeLessThanOrEqual(60)
    },
  )

  it('to KEDA takes the window of the request rate off the cool-down', () => {
    expect(written('keda', 'routes/shop.json')).toMatchObject({
      spec: { scalingMetric: { requestRate: { window: '60s' } } },
    })
    expect(written('keda', 'scaledobjects/shop.json')).toMatchObject({ spec: { cooldownPeriod: 540 } })
  })

  it('tells KEDA what an instance serves, and Container Apps how many requests a second that is', () => {
    const given = { concurrency: 50, evidence: { ...appPlan().evidence, meanMs: 500 } }
    expect(written('keda', 'routes/shop.json', given)).toMatchObject({
      spec: { scalingMetric: { concurrency: { targetValue: 50 } } },
    })
    expect(written('azure-container-apps', 'apps/shop.json', given)).toMatchObject({
      properties: { template: { scale: { rules: [{ http: { metadata: { concurrentRequests: '100' } } }] } } },
    })
  })

  it('has no http rule for an app that nothing calls over http, and asks Flex for instances of the right group', () => {
    const given = { functions: QUEUE, schedule: constantFloor(2) }
    expect(written('keda', 'scaledobjects/shop.json', given)).toMatchObject({ spec: { triggers: [] } })
    expect(written('azure-container-apps', 'apps/shop.json', given)).toMatchObject({
      properties: { template: { scale: { rules: [] } } },
    })
    expect(written('azure-functions', 'apps/shop.json', given)).toMatchObject({
      alwaysReady: [{ name: 'function:resize' }],
    })
  })

  it('to Huawei names the zone of its crons, and has the lowest level as its base', () => {
    const made = textOf(
      exported('huawei-functiongraph', planOf([appPlan({ schedule: DAILY })], 'Europe/Berlin')),
      'reserved/shop.json',
    )
    const crons = [...made.matchAll(/"cron": "(.*)"/g)].map(([, cron]) => cron!)
    expect(crons.length).toBeGreaterThan(0)
    for (const cron of crons) expect(cron).toMatch(/^CRON_TZ=Europe\/Berlin 0 /)
    const counts = [...made.matchAll(/"count": (\d+)/g)].map(([, count]) => Number(count))
    expect(counts[0]).toBe(Math.min(...counts))
  })

  it('to Code Engine takes the minute off that an app stays anyhow, and allows as many instances as it holds', () => {
    expect(written('ibm-code-engine', 'apps/shop.json', { floor: constantFloor(12) })).toMatchObject({
      scale_down_delay: 540,
      scale_min_instances: 12,
      scale_max_instances: 12,
    })
    expect(written('ibm-code-engine', 'apps/shop.json', { keepAliveMs: 30_000 })).toMatchObject({ scale_down_delay: 0 })
  })

  it("to OpenWhisk sets the variables that beat the invoker's file in the stock deployment", () => {
    const made = exported('openwhisk', planOf([appPlan()]))
    expect(textOf(made, 'invoker.env')).toMatch(/^CONFIG_whisk_containerProxy_timeouts_idleContainer=/m)
    expect(textOf(made, 'group_vars/all/pilotlight.yml')).toMatch(/^containerProxy_timeouts_idleContainer: /m)
  })

  it('to OpenFaaS says how long further replicas stay, which is 5 min at most', () => {
    expect(written('openfaas', 'functions/shop.json')).toMatchObject({
      labels: { 'com.openfaas.scale.down.window': '300s', 'com.openfaas.scale.zero-duration': '600s' },
    })
  })

  it('to Nuclio allows no fewer replicas than before because the trace saw fewer', () => {
    const evidence = { ...appPlan().evidence, peakInstances: 7 }
    expect(written('nuclio', 'functions/shop.json', { evidence })).toMatchObject({ spec: { maxReplicas: 1 } })
    expect(PLATFORMS.get('nuclio', 'test').maxima).toEqual({ maxReplicas: 1 })
  })

  it('to Alibaba tells times by the clocks of their zone, without a Z that would be dropped', () => {
    const text = textOf(
      exported('alibaba-fc', planOf([appPlan({ schedule: DAILY })], 'Asia/Tokyo')),
      'provision/shop.json',
    )
    expect(text).toContain('"timeZone": "Asia/Tokyo"')
    expect(text).not.toMatch(/\d{2}:\d{2}:\d{2}Z/)
  })

  it('to Azure Premium never asks for less than the instance that it keeps', () => {
    const made = exported('azure-functions', planOf([appPlan({ schedule: DAILY })]), { plan: 'premium' })
    expect(JSON.stringify(made.files)).not.toContain('minimumElasticInstanceCount=0')
  })

  it('to Fission leaves the executor of a function as it is', () => {
    const { spec } = written('fission', 'functions/shop.json', { floor: DAILY }) as { spec: object }
    expect(Object.keys(spec).toSorted()).toEqual(['idletimeout', 'provisionedConcurrency', 'requestsPerPod'])
  })

  it('to Lambda Managed Instances names no alias, which the call refuses', () => {
    expect(textOf(exported('lambda-managed-instances', planOf([appPlan()])), 'tool.sh')).toMatch(
      /--qualifier "\\\$LATEST\.PUBLISHED"/,
    )
  })
})

it.each(VARIANTS)(
  'fidelity never calls a setting of %s exact of which another note tells a loss',
  (_, id, settings) => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { notes } = exported(id, plan, settings)
        const exact = notes.filter(({ kind }) => kind === 'exact').map(({ app, knob }) => `${app} ${knob}`)
        const losing = new Set(notes.filter(({ kind }) => kind !== 'exact').map(({ app, knob }) => `${app} ${knob}`))
        expect(exact.filter((each) => losing.has(each))).toEqual([])
      }),
      { numRuns: 10 },
    )
  },
)
