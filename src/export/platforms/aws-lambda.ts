import { MINUTE } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/floor.ts'
import { cronFields, timeOfCron } from '../cron.ts'
import { documentsIn, type ExportFile, jsonFile } from '../export-file.ts'
import { hclFile } from '../hcl.ts'
import { demandAtMost } from '../limits.ts'
import type { Platform } from '../platform.ts'
import { behind, floorOfSetPoints, type SetPoint } from '../schedule.ts'
import { type AppSchedule, asksForInstances, scheduleOf } from '../set-points.ts'

/** Quotas of Application Auto Scaling: actions of a target (fixed), Lambda targets of a region (can be raised). */
const MOST_ACTIONS = 200
const MOST_TARGETS = 500
/** Provisioned concurrency takes one to two minutes, and none of it is usable before all is. */
const LEAD_MINUTES = 2
/** What scalable targets are told of every Lambda function. */
const LAMBDA = { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency' }

const RULE = {
  knob: 'provisioned concurrency',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: MOST_ACTIONS,
  actions: 'scheduled actions',
  leadMinutes: LEAD_MINUTES,
}

/** Minute, hour, day of the month, month, day of the week, year; one of the two days must be `?`. */
function awsCron(point: SetPoint): string {
  const { minute, hour, days } = cronFields(point)
  return days === '*' ? `cron(${minute} ${hour} * * ? *)` : `cron(${minute} ${hour} ? * ${days} *)`
}

function target({ app, first, highest, points }: AppSchedule, qualifier: string) {
  const lowest = Math.min(first, ...points.map(({ instances }) => instances))
  return { ...LAMBDA, ResourceId: `function:${app.name}:${qualifier}`, MinCapacity: lowest, MaxCapacity: highest }
}

/** An action sets both bounds, because capacity between them is left as it is. */
function actionsOf({ points }: AppSchedule, timeZone: string) {
  return points.map((point, index) => ({
    ScheduledActionName: `pilotlight-${String(index + 1).padStart(3, '0')}`,
    Schedule: awsCron(point),
    Timezone: timeZone,
    ScalableTargetAction: { MinCapacity: point.instances, MaxCapacity: point.instances },
  }))
}

interface Scalable {
  readonly name: string
  readonly target: ReturnType<typeof target>
  readonly actions: ReturnType<typeof actionsOf>
}

function callFiles({ name, target, actions }: Scalable): ExportFile[] {
  const calls = actions.map((action) => {
    const { ServiceNamespace, ScalableDimension, ResourceId } = target
    const path = `cli/actions/${name}.${action.ScheduledActionName}.json`
    return jsonFile(path, { ServiceNamespace, ScalableDimension, ResourceId, ...action })
  })
  return [jsonFile(`cli/targets/${name}.json`, target), ...calls]
}

function cloudFormation(all: readonly Scalable[]): ExportFile {
  const resources = all.map(({ target, actions }, index) => [
    `Target${index + 1}`,
    {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: { ...target, ...(actions.length === 0 ? {} : { ScheduledActions: actions }) },
    },
  ])
  const Resources = Object.fromEntries(resources) as unknown
  return jsonFile('cloudformation.json', { AWSTemplateFormatVersion: '2010-09-09', Resources })
}

function bounds({ MinCapacity, MaxCapacity }: { readonly MinCapacity: number; readonly MaxCapacity: number }) {
  return { min_capacity: MinCapacity, max_capacity: MaxCapacity }
}

function terraform(all: readonly Scalable[]): ExportFile {
  const blocks = all.flatMap(({ name, target, actions }) => {
    const common = {
      service_namespace: target.ServiceNamespace,
      scalable_dimension: target.ScalableDimension,
      resource_id: target.ResourceId,
    }
    return [
      { labels: ['resource', 'aws_appautoscaling_target', name], values: { ...common, ...bounds(target) } },
      ...actions.map((action, index) => ({
        labels: ['resource', 'aws_appautoscaling_scheduled_action', `${name}-${index + 1}`],
        values: {
          ...common,
          name: action.ScheduledActionName,
          schedule: action.Schedule,
          timezone: action.Timezone,
          scalable_target_action: bounds(action.ScalableTargetAction),
        },
        after: [`aws_appautoscaling_target.${name}`],
      })),
    ]
  })
  return hclFile('main.tf', blocks)
}

/** AWS Lambda by Application Auto Scaling: RegisterScalableTarget and PutScheduledAction of its API. */
export const awsLambda: Platform = {
  id: 'aws-lambda',
  title: 'AWS Lambda',
  summary: 'No windows; provisioned concurrency by the clock through Application Auto Scaling.',
  sets: 'scalable targets and scheduled actions: calls of the CLI, a CloudFormation template, and Terraform',
  lacks: 'Windows of any kind. Provisioned concurrency takes one to two minutes to be there.',
  names: { pattern: /^[a-zA-Z0-9_-]{1,64}$/, words: 'at most 64 letters, digits, "-" and "_"' },
  settings: {
    qualifier: {
      describe:
        'The alias or version that is provisioned. An alias with provisioned concurrency is rolled out by weight when it moves.',
      default: 'live',
      pattern: /^[a-zA-Z0-9_-]{1,128}$/,
    },
  },
  standIn: { mostChanges: MOST_ACTIONS },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: NO_FLOOR,
    from: 'Shahrad et al., USENIX ATC 2020: 10 min',
  },
  write({ apps, timeZone, settings }) {
    const schedules = apps.map((app) => scheduleOf(app, RULE))
    const all = schedules.filter(asksForInstances).map((schedule): Scalable => {
      const { name } = schedule.app
      return { name, target: target(schedule, settings['qualifier']!), actions: actionsOf(schedule, timeZone) }
    })
    demandAtMost(MOST_TARGETS, all.length, 'functions with provisioned concurrency in a region', 'aws-lambda')
    return {
      files: [...all.flatMap((each) => callFiles(each)), cloudFormation(all), terraform(all)],
      notes: schedules.flatMap(({ notes }) => notes),
      apply: [
        '# The same in other words: aws cloudformation deploy --template-file cloudformation.json --stack-name pilotlight',
        '# or: terraform init && terraform apply',
        'for f in cli/targets/*.json; do aws application-autoscaling register-scalable-target --cli-input-json "file://$f"; done',
        'for f in cli/actions/*.json; do aws application-autoscaling put-scheduled-action --cli-input-json "file://$f"; done',
      ],
    }
  },
  read(files) {
    const actions = Map.groupBy(documentsIn(files, /^cli\/actions\//), ({ ResourceId }) => String(ResourceId))
    return new Map(
      documentsIn(files, /^cli\/targets\//).map(({ ResourceId, MinCapacity }) => {
        const points = (actions.get(String(ResourceId)) ?? []).map((action): SetPoint => {
          const [, cron = ''] = /^cron\((.*)\)$/.exec(String(action['Schedule'])) ?? []
          const time = timeOfCron(cron, { minute: 0, hour: 1, days: 4 })
          return { ...time, instances: Number(action['ScalableTargetAction']!['MinCapacity']) }
        })
        const least = Number(MinCapacity)
        const floor = points.length === 0 ? constantFloor(least) : floorOfSetPoints(points, least)
        const rules = { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor: behind(floor, LEAD_MINUTES) }
        return [String(ResourceId).split(':')[1]!, rules]
      }),
    )
  },
}
