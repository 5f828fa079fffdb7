import {
  ApplicationAutoScalingClient,
  PutScheduledActionCommand,
  type PutScheduledActionCommandInput,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
} from '@aws-sdk/client-application-auto-scaling'
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import type { PropertyType, Resource, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Export, exportPlan } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { highestLevel } from '../../../src/policy/plan/floor.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, DAILY, exported, planOf, textOf, WEEKLY } from '../exported.ts'
import { type Received, withStub } from './stub.ts'

const TWO = planOf([
  appPlan({ schedule: DAILY }),
  appPlan({ app: 'mailer', schedule: WEEKLY }),
  appPlan({ app: 'rare' }),
])
const MADE = exported('aws-lambda', TWO, { qualifier: 'prod' })

/** What apply.sh calls with: a target of each function that asks for instances, and its actions. */
function under({ files }: Export, kind: 'targets' | 'actions'): object[] {
  return files.flatMap(({ path, text }): object[] => {
    const [, name] = /^functions\/(.*)\.json$/.exec(path) ?? []
    const { actions } = JSON.parse(name === undefined ? '{"actions":[]}' : text) as { actions: ScheduledAction[] }
    if (actions.length === 0) return []
    const levels = actions.map(({ ScalableTargetAction }) => ScalableTargetAction.MinCapacity)
    const common = { ...LAMBDA, ResourceId: `function:${name}:prod` }
    if (kind === 'actions') return actions.map((action) => ({ ...common, ...action }))
    return [{ ...common, MinCapacity: Math.min(...levels), MaxCapacity: Math.max(...levels) }]
  })
}

interface ScheduledAction {
  readonly ScalableTargetAction: { readonly MinCapacity: number }
}

const LAMBDA = { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency' }

type Entry = Readonly<Record<string, unknown>>

function nameOf(entry: Entry): string {
  return `${String(entry['resource_id'])} ${String(entry['name'])}`
}

/** In an order of their own: the parser sorts resources by name. */
function byName(list: readonly Entry[]): unknown[] {
  return list.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** Sends every call of an export with the vendor's client, which drops what it does not know. */
async function sent(made: Export): Promise<readonly Received[]> {
  return withStub({}, async (port, received) => {
    const client = new ApplicationAutoScalingClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    for (const input of under(made, 'targets')) {
      await client.send(new RegisterScalableTargetCommand(input as RegisterScalableTargetCommandInput))
    }
    for (const input of under(made, 'actions')) {
      await client.send(new PutScheduledActionCommand(input as PutScheduledActionCommandInput))
    }
    client.destroy()
    return [...received]
  })
}

const spec: SpecDatabase = loadAwsServiceSpecSync()

/** What the specification finds wrong with a value: unknown keys, missing ones, other types. */
function wrongs(type: PropertyType, value: unknown, path: string): string[] {
  if (type.type === 'ref') return wrongKeys(spec.get('typeDefinition', type.reference.$ref), value, path)
  if (type.type === 'array') {
    if (!Array.isArray(value)) return [`${path}: expected a list`]
    return value.flatMap((each, index) => wrongs(type.element, each, `${path}[${index}]`))
  }
  if (type.type === 'integer') return Number.isInteger(value) ? [] : [`${path}: expected an integer`]
  if (type.type === 'string') return typeof value === 'string' ? [] : [`${path}: expected a string`]
  return [`${path}: this test does not know the type ${type.type}`]
}

function wrongKeys(
  { properties }: Pick<Resource | TypeDefinition, 'properties'>,
  value: unknown,
  path: string,
): string[] {
  const given = value as Readonly<Record<string, unknown>>
  const missing = Object.entries(properties).filter(([key, { required }]) => required === true && !(key in given))
  return [
    ...missing.map(([key]) => `${path}: ${key} is missing`),
    ...Object.entries(given).flatMap(([key, each]) => {
      const property = properties[key]
      return property === undefined ? [`${path}: unknown key ${key}`] : wrongs(property.type, each, `${path}.${key}`)
    }),
  ]
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>
}

function wrongResources({ Resources }: Template): string[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', Type)
    return resource === undefined ? [`${id}: unknown type ${Type}`] : wrongKeys(resource, Properties, id)
  })
}

describe('calls of the CLI', () => {
  it('reach the wire whole through the client of AWS', async () => {
    const received = await sent(MADE)
    expect(received.map(({ body }) => body)).toEqual([...under(MADE, 'targets'), ...under(MADE, 'actions')])
    expect(received.map(({ headers }) => headers['x-amz-target'])).toEqual([
      ...Array.from({ length: 2 }, () => 'AnyScaleFrontendService.RegisterScalableTarget'),
      ...Array.from({ length: received.length - 2 }, () => 'AnyScaleFrontendService.PutScheduledAction'),
    ])
    expect(received[0]!.body).toEqual({
      ServiceNamespace: 'lambda',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ResourceId: 'function:shop:prod',
      MinCapacity: 0,
      MaxCapacity: 4,
    })
    expect(received[2]!.body).toMatchObject({
      ResourceId: 'function:shop:prod',
      Schedule: 'cron(30 2 * * ? *)',
      ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 1 },
    })
  })

  it('have a ? in exactly one of the two day fields, names that AWS takes, and days together', () => {
    const schedules = under(MADE, 'actions').map((input) => input as PutScheduledActionCommandInput)
    for (const { Schedule, ScheduledActionName } of schedules) {
      const [, fields = ''] = /^cron\((.*)\)$/.exec(Schedule!) ?? []
      const [, , dayOfMonth, , dayOfWeek, year] = fields.split(' ')
      expect([dayOfMonth, dayOfWeek].filter((field) => field === '?')).toHaveLength(1)
      expect(year).toBe('*')
      expect(ScheduledActionName).toMatch(/^[^:/|\p{Cc}]{1,256}$/u)
    }
    expect(schedules.map(({ Schedule }) => Schedule)).toContain('cron(58 7 ? * MON,TUE,WED,THU,FRI *)')
  })
})

describe('the CloudFormation template', () => {
  it('is as the specification of CloudFormation says, whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const made = exported('aws-lambda', plan)
        // A template must have a resource: where no app asks for instances there is none.
        const asks = plan.apps.some(({ schedule }) => highestLevel(schedule) > 0)
        expect(made.files.some(({ path }) => path === 'cloudformation.json')).toBe(asks)
        if (!asks) return
        const template = JSON.parse(textOf(made, 'cloudformation.json')) as Template
        expect(wrongResources(template)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('would be found wrong with a misspelt key, a text for a number or a missing name', () => {
    const template = JSON.parse(textOf(MADE, 'cloudformation.json')) as Template
    const { Type, Properties } = template.Resources['Target1']!
    const wrong = { ...Properties, MinCapacity: '1', TimeZone: 'UTC', ScheduledActions: [{ Schedule: 'rate(1 day)' }] }
    expect(wrongResources({ Resources: { Bad: { Type, Properties: wrong } } })).toEqual([
      'Bad.MinCapacity: expected an integer',
      'Bad.ScheduledActions[0]: ScheduledActionName is missing',
      'Bad: unknown key TimeZone',
    ])
  })

  it('says the same as the calls', () => {
    const { Resources } = JSON.parse(textOf(MADE, 'cloudformation.json')) as Template
    const calls = Object.values(Resources).flatMap(({ Properties }) => {
      const { ServiceNamespace, ScalableDimension, ResourceId, ScheduledActions } = Properties
      return (ScheduledActions as object[]).map((action) => {
        return { ServiceNamespace, ScalableDimension, ResourceId, ...action }
      })
    })
    expect(calls).toEqual(under(MADE, 'actions'))
  })
})

/** A file in the JSON that Terraform reads: resources by type and name. */
interface Terraform {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Entry>>>>
}

function terraformOf(made: Export): Terraform {
  return JSON.parse(textOf(made, 'main.tf.json')) as Terraform
}

describe('the Terraform file', () => {
  it('has names that are references, also of functions that begin with a digit', () => {
    const schedule = DAILY
    const plan = planOf([appPlan({ app: 'a', schedule }), appPlan({ app: 'b', schedule })])
    const names = { apps: { a: '9lives', b: '-dash_' }, settings: {}, where: 'names.yaml' }
    const { resource } = terraformOf(exportPlan(plan, PLATFORMS.get('aws-lambda', 'test'), names))
    const targets = Object.keys(resource['aws_appautoscaling_target']!)
    for (const name of targets) expect(name).toMatch(/^[A-Za-z_][\w-]*$/)
    const actions = Object.values(resource['aws_appautoscaling_scheduled_action']!)
    expect(new Set(actions.flatMap((action) => action['depends_on'] as string[]))).toEqual(
      new Set(targets.map((name) => `aws_appautoscaling_target.${name}`)),
    )
  })

  it('says the same as the calls', () => {
    const { resource } = terraformOf(MADE)
    expect(byName(Object.values(resource['aws_appautoscaling_target']!))).toEqual(
      byName(
        under(MADE, 'targets').map((input) => {
          const target = input as RegisterScalableTargetCommandInput
          return {
            service_namespace: target.ServiceNamespace,
            scalable_dimension: target.ScalableDimension,
            resource_id: target.ResourceId,
            min_capacity: target.MinCapacity,
            max_capacity: target.MaxCapacity,
          }
        }),
      ),
    )
    const actions = Object.values(resource['aws_appautoscaling_scheduled_action']!)
    expect(byName(actions.map(({ depends_on: _after, ...action }) => action))).toEqual(
      byName(
        under(MADE, 'actions').map((input) => {
          const action = input as PutScheduledActionCommandInput
          const { MinCapacity, MaxCapacity } = action.ScalableTargetAction!
          return {
            service_namespace: action.ServiceNamespace,
            scalable_dimension: action.ScalableDimension,
            resource_id: action.ResourceId,
            name: action.ScheduledActionName,
            schedule: action.Schedule,
            timezone: action.Timezone,
            scalable_target_action: { min_capacity: MinCapacity, max_capacity: MaxCapacity },
          }
        }),
      ),
    )
  })
})
