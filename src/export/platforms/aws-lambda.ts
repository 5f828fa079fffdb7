import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { cronFields, timeOfCron } from '../schedule/cron.ts'
import { documentsIn, type ExportFile, jsonFile } from '../files/export-file.ts'
import { hclFile } from '../files/hcl.ts'
import { demandAtMost } from '../fit/limits.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { type AppSchedule, heldBy, schedulesOf } from '../fit/set-points.ts'

/** Quotas of Application Auto Scaling: actions of a target (fixed), Lambda targets of a region (can be raised). */
const MOST_ACTIONS = 200
const MOST_TARGETS = 500
/** What scalable targets are told of every Lambda function. */
const LAMBDA = { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency' }

const RULE = {
  knob: 'provisioned concurrency',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: MOST_ACTIONS,
  actions: 'scheduled actions',
  // Provisioned concurrency takes one to two minutes, and none of it is usable before all is.
  leadMinutes: 2,
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
  // On one line: size is what CloudFormation limits.
  const text = JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources })
  return { path: 'cloudformation.json', text: `${text}\n` }
}

/** Bytes of a template that a call of CloudFormation may hold, and that it takes from S3. */
const MOST_INLINE = 51_200
const MOST_TEMPLATE = 1_000_000

function deployOf({ path, text }: ExportFile): string {
  const deploy = `aws cloudformation deploy --template-file ${path} --stack-name pilotlight`
  if (text.length <= MOST_INLINE) return deploy
  if (text.length <= MOST_TEMPLATE) return `${deploy} --s3-bucket "$BUCKET"`
  return `(${path} is too large for one stack, which takes 1 MB)`
}

/** A name for Terraform, which wants none to begin with a digit. */
function terraformName(name: string): string {
  return `lambda_${name}`
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
      {
        labels: ['resource', 'aws_appautoscaling_target', terraformName(name)],
        values: { ...common, ...bounds(target) },
      },
      ...actions.map((action, index) => ({
        labels: ['resource', 'aws_appautoscaling_scheduled_action', `${terraformName(name)}-${index + 1}`],
        values: {
          ...common,
          name: action.ScheduledActionName,
          schedule: action.Schedule,
          timezone: action.Timezone,
          scalable_target_action: bounds(action.ScalableTargetAction),
        },
        after: [`aws_appautoscaling_target.${terraformName(name)}`],
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
  write(plan) {
    const { asking, notes } = schedulesOf(plan, RULE)
    if (asking.length === 0) return { files: [], notes, apply: [] }
    const all = asking.map((schedule): Scalable => {
      const { name } = schedule.app
      const qualifier = plan.settings['qualifier']!
      return { name, target: target(schedule, qualifier), actions: actionsOf(schedule, plan.timeZone) }
    })
    demandAtMost(MOST_TARGETS, all.length, 'functions with provisioned concurrency in a region', 'aws-lambda')
    const template = cloudFormation(all)
    return {
      files: [...all.flatMap((each) => callFiles(each)), template, terraform(all)],
      notes,
      apply: [
        `# The same in other words: ${deployOf(template)}`,
        '# or: terraform init && terraform apply',
        'for f in cli/targets/*.json; do aws application-autoscaling register-scalable-target --cli-input-json "file://$f"; done',
        ...(all.some(({ actions }) => actions.length > 0)
          ? [
              'for f in cli/actions/*.json; do aws application-autoscaling put-scheduled-action --cli-input-json "file://$f"; done',
            ]
          : []),
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
        const rules = { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor: heldBy(points, Number(MinCapacity), RULE) }
        return [String(ResourceId).split(':')[1]!, rules]
      }),
    )
  },
}
