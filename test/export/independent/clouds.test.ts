import { createRequire } from 'node:module'
import type * as Alibaba from '@alicloud/fc20230330'
import { type ContainerApp, ContainerAppsAPIClient } from '@azure/arm-appcontainers'
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core'
import * as huawei from '@huaweicloud/huaweicloud-sdk-functiongraph/v2/public-api.js'
import { scf } from 'tencentcloud-sdk-nodejs-scf'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Data, listOf } from '../../../src/export/files/export-file.ts'
import { merged } from '../../../src/export/apply/merged-document.ts'
import type { Export } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { constantFloor, lowestLevel } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, textOf, WEEKLY } from '../exported.ts'
import { withStub } from './stub.ts'

/** Loaded as the CommonJS that it is: loaders differ in what its default export becomes. */
const alibaba = createRequire(import.meta.url)('@alicloud/fc20230330') as typeof Alibaba.default

const FLOORS = [
  ['daily', DAILY],
  ['weekly', WEEKLY],
] as const
/** What is sent for an object that is now like `present`. */
function wholeOf(made: Export, path: string, present: object): Record<string, unknown> {
  const { maxima = {} } = PLATFORMS.get(made.platform, 'test')
  return merged(present as Data, JSON.parse(textOf(made, path)) as Data, maxima) as Record<string, unknown>
}
const at = (port: number): string => `127.0.0.1:${port}`

describe('bodies for Alibaba Cloud', () => {
  it.each(FLOORS)(
    'reach the wire whole through its client, with a %s floor, merged into what is there',
    async (_, floor) => {
      const made = exported('alibaba-fc', planOf([appPlan({ schedule: floor })], 'Asia/Shanghai'))
      const body = wholeOf(made, 'provision/shop.json', { targetTrackingPolicies: [], defaultTarget: 3 })
      const input = new alibaba.PutProvisionConfigInput({
        ...body,
        scheduledActions: (body['scheduledActions'] as object[]).map((each) => new alibaba.ScheduledAction(each)),
      })
      input.validate()
      const received = await withStub({}, async (port, received) => {
        const config = { accessKeyId: 'a', accessKeySecret: 'b', endpoint: at(port), protocol: 'http', regionId: 'r' }
        const client = new alibaba.default(config as never)
        await client.putProvisionConfig(
          'shop',
          new alibaba.PutProvisionConfigRequest({ qualifier: 'LATEST', body: input }),
        )
        return [...received]
      })
      expect(received).toMatchObject([
        { method: 'PUT', url: '/2023-03-30/functions/shop/provision-config?qualifier=LATEST' },
      ])
      expect(received[0]!.body).toEqual(body)
    },
  )

  it('have every key that the call asks for, and times by the clocks of their zone', () => {
    const action = z.strictObject({
      name: z.string(),
      target: z.int().min(0).max(10_000),
      scheduleExpression: z.string().regex(/^cron\((\S+ ){5}\S+\)$/),
      startTime: z.iso.datetime({ local: true }).regex(/\d$/),
      endTime: z.iso.datetime({ local: true }).regex(/\d$/),
      timeZone: z.string(),
    })
    const config = z.strictObject({
      defaultTarget: z.int().min(0),
      alwaysAllocateCPU: z.boolean(),
      alwaysAllocateGPU: z.boolean(),
      scheduledActions: z.array(action).min(1),
      targetTrackingPolicies: z.array(z.never()),
    })
    const made = exported('alibaba-fc', planOf([appPlan({ schedule: DAILY })]))
    const created = JSON.parse(textOf(made, 'empty.json')) as Record<string, unknown>
    expect(config.safeParse(wholeOf(made, 'provision/shop.json', created)).error).toBeUndefined()
  })
})

describe('bodies for Huawei Cloud', () => {
  it.each(FLOORS)('are what its builders make and its client sends, with a %s floor', async (_, floor) => {
    const made = exported('huawei-functiongraph', planOf([appPlan({ schedule: floor })], 'Asia/Shanghai'))
    const body = wholeOf(made, 'reserved/shop.json', { idle_mode: true }) as unknown as Data
    const counts = listOf(body['tactics_config']!['cron_configs']).map(({ count }) => Number(count))
    expect(Number(body['count'])).toBe(Math.min(...counts))
    for (const { cron } of listOf(body['tactics_config']!['cron_configs'])) {
      expect(String(cron)).toMatch(/^CRON_TZ=Asia\/Shanghai 0 (\S+ ){4}\S+$/)
    }
    const configs = listOf(body['tactics_config']!['cron_configs']).map((config) =>
      new huawei.CronConfig()
        .withName(String(config['name']))
        .withCron(String(config['cron']))
        .withCount(Number(config['count']))
        .withStartTime(Number(config['start_time']))
        .withExpiredTime(Number(config['expired_time'])),
    )
    const built = new huawei.UpdateFunctionReservedInstancesCountRequestBody()
      .withCount(Number(body['count']))
      .withIdleMode(Boolean(body['idle_mode']))
      .withTacticsConfig(new huawei.TacticsConfig().withCronConfigs(configs))
    const request = new huawei.UpdateFunctionReservedInstancesCountRequest().withFunctionUrn('urn:shop').withBody(built)
    const received = await withStub({}, async (port, received) => {
      const credential = new BasicCredentials().withAk('a').withSk('b').withProjectId('p')
      const endpoint = `http://${at(port)}`
      const client = huawei.FunctionGraphClient.newBuilder().withCredential(credential).withEndpoint(endpoint).build()
      await client.updateFunctionReservedInstancesCount(request)
      return [...received]
    })
    expect(received).toMatchObject([
      { method: 'PUT', url: expect.stringMatching(/\/v2\/p\/fgs\/.*reservedinstances$/) },
    ])
    expect(received[0]!.body).toEqual(body)
  })
})

describe('calls for Tencent Cloud', () => {
  it.each(FLOORS)('reach the wire whole through its client, with a %s floor', async (_, floor) => {
    const made = exported('tencent-scf', planOf([appPlan({ schedule: floor })], 'Asia/Shanghai'))
    const named = { FunctionName: 'shop', Qualifier: '1', Namespace: 'default', VersionProvisionedConcurrencyNum: 2 }
    const body = wholeOf(made, 'provisioned/shop.json', named) as unknown as Data
    const received = await withStub({ Response: { RequestId: 'r' } }, async (port, received) => {
      const client = new scf.v20180416.Client({
        credential: { secretId: 'a', secretKey: 'b' },
        region: 'ap-guangzhou',
        profile: { httpProfile: { endpoint: at(port), protocol: 'http://' } },
      })
      await client.PutProvisionedConcurrencyConfig(body as never)
      return [...received]
    })
    expect(received[0]!.headers['x-tc-action']).toBe('PutProvisionedConcurrencyConfig')
    expect(received[0]!.body).toEqual(body)
    for (const { TriggerCronConfig } of listOf(body['TriggerActions'])) {
      expect(String(TriggerCronConfig)).toMatch(/^(\S+ ){6}\S+$/)
    }
  })

  it('are told by clocks at UTC+8, and say what that loses where summer time is kept', () => {
    const made = exported('tencent-scf', planOf([appPlan({ schedule: DAILY })], 'Europe/Berlin'))
    const crons = listOf((JSON.parse(textOf(made, 'provisioned/shop.json')) as Data)['TriggerActions'])
    // Berlin's standard time is UTC+1: 08:14 there is 15:14 at UTC+8.
    expect(crons.map(({ TriggerCronConfig }) => String(TriggerCronConfig))).toContain('0 14 15 * * * *')
    expect(made.notes).toContainEqual({
      app: 'shop',
      knob: 'provisioned concurrency',
      kind: 'schedule',
      wanted: 'the clocks of Europe/Berlin',
      written: 'standard time of Europe/Berlin by clocks at UTC+8',
    })
  })
})

describe('bodies for Azure Container Apps', () => {
  it('are sent whole by the client of Azure, which drops what it does not know', async () => {
    const made = exported('azure-container-apps', planOf([appPlan({ floor: DAILY })], 'Europe/Berlin'))
    const body = JSON.parse(textOf(made, 'apps/shop.json')) as { properties: Pick<ContainerApp, 'template'> }
    const sent: unknown[] = []
    const client = new ContainerAppsAPIClient(
      { getToken: async () => ({ token: 't', expiresOnTimestamp: 4e12 }) },
      's',
      {
        httpClient: {
          async sendRequest(request) {
            sent.push(JSON.parse(String(request.body)))
            return { request, status: 200, headers: request.headers, bodyAsText: '{}' }
          },
        },
      },
    )
    // The client has the properties of the wire's `properties` at the top.
    await client.containerApps.update('g', 'shop', { ...body.properties, location: 'l' })
    expect(sent).toEqual([{ location: 'l', ...body }])
  })
})

describe('replicas of Azure Container Apps', () => {
  it('are 1,000 at most, which is told', () => {
    const evidence = { idleTimes: 9, days: 1, shortestMs: 600_000, longestMs: 600_000, peakInstances: 1200, meanMs: 0 }
    const made = exported('azure-container-apps', planOf([appPlan({ floor: constantFloor(2000), evidence })]))
    const { properties } = JSON.parse(textOf(made, 'apps/shop.json')) as Data
    expect(properties!['template']!['scale']).toMatchObject({ minReplicas: 1000, maxReplicas: 1000 })
    expect(made.notes).toContainEqual(expect.objectContaining({ kind: 'clamped', wanted: '2000 instances' }))
    expect(made.notes).toContainEqual(expect.objectContaining({ kind: 'clamped', wanted: '1200 instances at once' }))
  })
})

/** The commands by which a timer changes instances of an app. */
function timedCommands(made: Export): [number, string][] {
  const { changes } = JSON.parse(textOf(made, 'timers/shop.json')) as Data
  return listOf(changes).map(({ instances, command }) => [Number(instances), String(command)])
}

describe('calls for Azure Functions', () => {
  it.each([
    ['premium', 'minimumElasticInstanceCount=4', 'minimumElasticInstanceCount=1'],
    ['flex', 'always-ready set --resource-group pilotlight --name shop --settings http=4', 'delete'],
  ])('of the plan %s are made at each change, and Premium keeps one instance', (plan, up, down) => {
    const made = exported('azure-functions', planOf([appPlan({ schedule: DAILY })]), { plan })
    const commands = new Map(timedCommands(made))
    expect(commands.get(4)).toContain(up)
    expect(commands.get(0)).toContain(down)
    expect(lowestLevel(made.applied.apps[0]!.floor)).toBe(plan === 'premium' ? 1 : 0)
  })

  it.each([
    [[{ name: 'a', trigger: 'queue', invocations: 5 }], 'function:a'],
    [[{ name: 'a', trigger: 'orchestration', invocations: 5 }], 'durable'],
    [[{ name: 'a', trigger: 'storage', invocations: 5 }], 'blob'],
    [
      [
        { name: 'a', trigger: 'timer', invocations: 5 },
        { name: 'b', trigger: 'http', invocations: 9 },
      ],
      'http',
    ],
  ])('of Flex name the scale group that is called most: %j, %s', (functions, group) => {
    const made = exported('azure-functions', planOf([appPlan({ schedule: DAILY, functions })]))
    expect(JSON.parse(textOf(made, 'apps/shop.json'))).toMatchObject({ alwaysReady: [{ name: group }] })
    const lost = made.notes.filter(({ kind, knob }) => kind === 'clamped' && knob === 'alwaysReady')
    expect(lost).toHaveLength(functions.length - 1)
  })

  it('never ask Premium for more than 20 instances, and say so', () => {
    const floor = {
      cycle: 'day',
      steps: [
        { minute: 0, instances: 30 },
        { minute: 60, instances: 0 },
      ],
    } as const
    const made = exported('azure-functions', planOf([appPlan({ schedule: floor })]), { plan: 'premium' })
    expect(made.fidelity).toMatchObject({ schedule: 1 })
    expect(made.notes).toContainEqual({
      app: 'shop',
      knob: 'minimumElasticInstanceCount',
      kind: 'clamped',
      wanted: '30 instances',
      written: '20 instances',
    })
  })
})
