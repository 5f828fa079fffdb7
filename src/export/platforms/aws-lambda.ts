import { counted } from '../../core/counted.ts'
import { MINUTE } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import type { Tool } from '../apply/tool.ts'
import { AMAZON, cronFields, timesOfCron } from '../schedule/cron.ts'
import { type Data, documentsOf, type ExportFile, jsonFile, listOf, pick } from '../files/export-file.ts'
import type { Listed, PresentListing } from '../files/listing.ts'
import { servedNote } from '../fit/demand.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import {
  type AppSchedule,
  heldBy,
  levelFile,
  mostHeld,
  replacedBefore,
  schedulesChanges,
  schedulesOf,
} from '../fit/set-points.ts'

/** Quotas of Application Auto Scaling: actions of a target (fixed), Lambda targets of a region (can be raised). */
const MOST_ACTIONS = 200
const MOST_TARGETS = 500
/** What a scalable target says of every Lambda function. */
const LAMBDA = { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency' }

const RULE = {
  knob: 'provisioned concurrency',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: MOST_ACTIONS,
  actions: 'scheduled actions',
  // Provisioned concurrency takes one to two minutes, and can be used only when all of it is ready.
  leadMinutes: 2,
}

/** Minute, hour, day of the month, month, day of the week, year; one of the two days must be `?`. */
function awsCron(point: SetPoint): string {
  const { minute, hour, days } = cronFields(point)
  return days === '*' ? `cron(${minute} ${hour} * * ? *)` : `cron(${minute} ${hour} ? * ${days} *)`
}

function targetOf({ app, first, highest, points }: AppSchedule, qualifier: string) {
  const lowest = Math.min(first, ...points.map(({ instances }) => instances))
  return { ...LAMBDA, ResourceId: `function:${app.name}:${qualifier}`, MinCapacity: lowest, MaxCapacity: highest }
}

/** An action sets both bounds, because capacity between them is left as it is. */
function actionsOf({ points }: Pick<AppSchedule, 'points'>, timeZone: string) {
  return points.map((point, index) => ({
    ScheduledActionName: `${OWN}${String(index + 1).padStart(3, '0')}`,
    Schedule: awsCron(point),
    Timezone: timeZone,
    ScalableTargetAction: { MinCapacity: point.instances, MaxCapacity: point.instances },
  }))
}

interface Scalable {
  readonly name: string
  readonly target: ReturnType<typeof targetOf>
  readonly actions: ReturnType<typeof actionsOf>
}

function cloudFormation(all: readonly Scalable[]): ExportFile {
  const resources = all.map(({ target, actions }, index) => [
    `Target${index + 1}`,
    { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ...target, ScheduledActions: actions } },
  ])
  const Resources = Object.fromEntries(resources) as unknown
  // On one line, since CloudFormation limits the size.
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

/** A name for Terraform, which must not begin with a digit. */
function terraformName(name: string): string {
  return `lambda_${name}`
}

function bounds({ MinCapacity, MaxCapacity }: { readonly MinCapacity: number; readonly MaxCapacity: number }) {
  return { min_capacity: MinCapacity, max_capacity: MaxCapacity }
}

function terraform(all: readonly Scalable[]): ExportFile {
  const common = ({ ServiceNamespace, ScalableDimension, ResourceId }: Scalable['target']) => ({
    service_namespace: ServiceNamespace,
    scalable_dimension: ScalableDimension,
    resource_id: ResourceId,
  })
  const targets = all.map(
    ({ name, target }) => [terraformName(name), { ...common(target), ...bounds(target) }] as const,
  )
  const actions = all.flatMap(({ name, target, actions }) =>
    actions.map((action, index) => {
      const values = {
        ...common(target),
        name: action.ScheduledActionName,
        schedule: action.Schedule,
        timezone: action.Timezone,
        scalable_target_action: bounds(action.ScalableTargetAction),
        depends_on: [`aws_appautoscaling_target.${terraformName(name)}`],
      }
      return [`${terraformName(name)}-${index + 1}`, values] as const
    }),
  )
  return jsonFile('main.tf.json', {
    resource: {
      aws_appautoscaling_target: Object.fromEntries(targets),
      aws_appautoscaling_scheduled_action: Object.fromEntries(actions),
    },
  })
}

const EMPTY_FILE = 'empty.json'

/** The fields that make an action. AWS adds others when it prints one. */
const ACTION_KEYS = [
  'ScheduledActionName',
  'Schedule',
  'Timezone',
  'StartTime',
  'EndTime',
  'ScalableTargetAction',
] as const

/**
 * A target with its actions and the names of its scaling policies as one object; actions that are no longer wanted are
 * deleted. Without a target, the object is what is provisioned by hand: a target that is deleted leaves what it provisioned
 * last, which would be charged for ever. Where the policy holds nothing, a target stays only for the operator's own actions
 * and scaling policies, which would go with it.
 */
function toolOf(qualifier: string): Tool {
  const aws = 'aws application-autoscaling'
  const lambda = `--function-name "$1" --qualifier ${qualifier}`
  const of = `--service-namespace lambda --resource-id "function:$1:${qualifier}"`
  const dimension = `--scalable-dimension ${LAMBDA.ScalableDimension}`
  const shape = `{${ACTION_KEYS.join(', ')}} | del(..|nulls)`
  const configs = [
    `configs=$(aws lambda list-provisioned-concurrency-configs --function-name "$1" --output json) || return 1`,
    `provisioned=$(printf %s "$configs" | jq --arg of ":$1:${qualifier}" '[.ProvisionedConcurrencyConfigs[]? | select(.FunctionArn | endswith($of))][0].RequestedProvisionedConcurrentExecutions')`,
  ]
  return {
    needs: ['aws'],
    empty: EMPTY_FILE,
    get: [
      `target=$(${aws} describe-scalable-targets --service-namespace lambda --resource-ids "function:$1:${qualifier}" --output json) || return 1`,
      `if [ "$(printf %s "$target" | jq '.ScalableTargets | length')" = 0 ]; then`,
      ...configs.map((line) => `  ${line}`),
      `  jq -n --argjson n "$provisioned" 'if $n == null then empty else {provisioned: $n, actions: [], policies: []} end'`,
      'else',
      `  actions=$(${aws} describe-scheduled-actions ${of} --output json) || return 1`,
      `  policies=$(${aws} describe-scaling-policies ${of} --output json) || return 1`,
      `  jq -n --argjson t "$target" --argjson a "$actions" --argjson p "$policies" '$t.ScalableTargets[0] | {target: {MinCapacity, MaxCapacity}, actions: [$a.ScheduledActions[] | ${shape}], policies: [$p.ScalingPolicies[].PolicyName]}'`,
      'fi',
    ],
    put: [
      `if [ "$(jq .target "$2")" = null ]; then`,
      `  if [ "$(jq .target "$4")" != null ]; then ${aws} deregister-scalable-target ${of} ${dimension}; fi`,
      ...configs.map((line) => `  ${line}`),
      '  wanted=$(jq ".provisioned // 0" "$2")',
      '  if [ "$wanted" != 0 ]; then',
      `    aws lambda put-provisioned-concurrency-config ${lambda} --provisioned-concurrent-executions "$wanted"`,
      '  elif [ "$provisioned" != null ]; then',
      `    aws lambda delete-provisioned-concurrency-config ${lambda}`,
      '  fi',
      '  return',
      'fi',
      `${aws} register-scalable-target ${of} ${dimension} --min-capacity "$(jq .target.MinCapacity "$2")" --max-capacity "$(jq .target.MaxCapacity "$2")"`,
      `jq -n -c --slurpfile new "$2" --slurpfile old "$4" '$new[0].actions[] | select(. as $a | ($old[0].actions // []) | index([$a]) | not)' | while read -r action; do`,
      `  ${aws} put-scheduled-action ${of} ${dimension} --cli-input-json "$action"`,
      'done',
      `jq -n -r --slurpfile new "$2" --slurpfile old "$4" '($old[0].actions // []) - $new[0].actions | .[].ScheduledActionName | select(. as $n | any($new[0].actions[]; .ScheduledActionName == $n) | not)' | while read -r name; do`,
      `  ${aws} delete-scheduled-action ${of} ${dimension} --scheduled-action-name "$name"`,
      'done',
    ],
    // Where nothing is held, a target stays for the operator's own actions and policies, and holds nothing by itself.
    patch: [
      'level=0',
      'if [ -e "levels/$(basename "$1")" ]; then level=$(level "levels/$(basename "$1")"); fi',
      `jq --slurpfile now "$2" --argjson level "$level" '([$now[0].actions[]? | select(.ScheduledActionName | startswith("${OWN}") | not)] + ($now[0].policies // [])) as $yours | if .actions == [] and $yours == [] then . else .target = {MinCapacity: $level, MaxCapacity: $level} end' "$1"`,
    ],
  }
}

/** Every scalable target of Lambda, its actions and scaling policies, and what is provisioned by hand, of each function. */
const LISTING: PresentListing = {
  commands: () => [
    'aws application-autoscaling describe-scalable-targets --service-namespace lambda --output json',
    'aws application-autoscaling describe-scheduled-actions --service-namespace lambda --output json',
    'aws application-autoscaling describe-scaling-policies --service-namespace lambda --output json',
    "aws lambda list-functions --query 'Functions[].FunctionName' --output text | xargs -n 1 aws lambda list-provisioned-concurrency-configs --output json --function-name",
  ],
  objects(documents, { qualifier }) {
    const all = (key: string): Data[] => documents.flatMap((document) => listOf(document[key]))
    const nameIn = (id: unknown): string | undefined => {
      const [, name, found] = /(?:^|:)function:([^:]+):([^:]+)$/.exec(String(id)) ?? []
      return found === qualifier ? name : undefined
    }
    const actions = Map.groupBy(all('ScheduledActions'), ({ ResourceId }) => nameIn(ResourceId))
    const policies = Map.groupBy(all('ScalingPolicies'), ({ ResourceId }) => nameIn(ResourceId))
    const targets = all('ScalableTargets').flatMap(({ ResourceId, MinCapacity, MaxCapacity }): Listed[] => {
      const name = nameIn(ResourceId)
      if (name === undefined) return []
      const own = (actions.get(name) ?? []).map((action) => pick(action, ACTION_KEYS))
      const names = (policies.get(name) ?? []).map(({ PolicyName }) => PolicyName)
      return [[name, { target: { MinCapacity, MaxCapacity }, actions: own, policies: names } as unknown as Data]]
    })
    const held = new Set(targets.map(([name]) => name))
    const byHand = all('ProvisionedConcurrencyConfigs').flatMap((config): Listed[] => {
      const name = nameIn(config['FunctionArn'])
      if (name === undefined || held.has(name)) return []
      const provisioned = config['RequestedProvisionedConcurrentExecutions']
      return [[name, { provisioned, actions: [], policies: [] } as unknown as Data]]
    })
    return [...targets, ...byHand]
  },
}

/** AWS Lambda by Application Auto Scaling: RegisterScalableTarget and PutScheduledAction of its API. */
export const awsLambda: Platform = {
  id: 'aws-lambda',
  title: 'AWS Lambda',
  summary: 'No windows; provisioned concurrency by the time of day through Application Auto Scaling.',
  sets: 'scalable targets and scheduled actions: calls of the CLI, a CloudFormation template, and Terraform',
  sources: [
    {
      about: 'keys',
      says: 'calls and their limits',
      at: '@aws-sdk/client-application-auto-scaling 3.1141 and @aws-cdk/aws-service-spec 0.1.216',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: "Terraform's resources",
      at: 'its provider in @cdktf/provider-aws 21.22.1',
      read: '2026-11',
    },
    {
      about: 'keys',
      says: '200 actions for a target, which is fixed',
      at: 'awsdocs/application-auto-scaling-user-guide, doc_source/application-auto-scaling-quotas.md at 670f6f18',
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: 'at its time, an action raises to its minimum and lowers to its maximum; times without a zone are UTC',
      at: 'AWS Application Auto Scaling, user guide, "How scheduled scaling works"',
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: "a target's bounds change the capacity at once",
      at: '@aws-sdk/client-application-auto-scaling 3.1141, RegisterScalableTarget',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'an invocation that finds no free environment starts one',
      at: 'AWS Lambda, developer guide, "Scaling Lambda Managed Instances", on the default',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: "the window of 10 min, which Shahrad et al. saw in 2020, is still AWS's" },
    { about: 'schedule', says: 'provisioned concurrency is ready after two minutes' },
    { about: 'schedule', says: 'environments above the level go as idle ones do' },
  ],
  lacks: 'Windows. Provisioned concurrency is ready after one to two minutes.',
  present: LISTING,
  afterFall:
    'Environments that are no longer provisioned go at once, unless they were used within the platform’s own window (assumed: not documented).',
  unit: 'function',
  tariff: { onDemand: 'aws-lambda', held: 'aws-lambda-provisioned' },
  names: { pattern: /^[a-zA-Z0-9_-]{1,64}$/, words: 'at most 64 letters, digits, "-" and "_"' },
  settings: {
    qualifier: {
      describe:
        'The alias or version that is provisioned. When an alias with provisioned concurrency moves, AWS shifts its traffic by weight.',
      default: 'live',
      pattern: /^[a-zA-Z0-9_-]{1,128}$/,
    },
  },
  schedule: { mostChanges: MOST_ACTIONS },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: NO_FLOOR,
    from: 'Shahrad et al., USENIX ATC 2020: 10 min',
  },
  write(plan) {
    const { timeZone, settings } = plan
    const schedules = schedulesOf(plan, RULE)
    const { asking, others, notes, refused } = schedules
    const all = asking.map((schedule): Scalable => {
      const target = targetOf(schedule, settings['qualifier']!)
      return { name: schedule.app.name, target, actions: actionsOf(schedule, timeZone) }
    })
    const template = cloudFormation(all)
    const actions = asking.reduce((sum, { points }) => sum + points.length, 0)
    return {
      files: [
        ...asking.flatMap(({ app: { name }, first, floor }, index) => [
          jsonFile(`functions/${name}.json`, {
            // The level of Monday's midnight; apply.sh sets that of the moment.
            target: { MinCapacity: first, MaxCapacity: first },
            provisioned: null,
            actions: all[index]!.actions,
          }),
          levelFile(name, floor, timeZone),
        ]),
        ...others.map(({ name }) =>
          jsonFile(`functions/${name}.json`, { target: null, provisioned: null, actions: [] }),
        ),
        jsonFile(EMPTY_FILE, { actions: [], policies: [] }),
        ...(all.length === 0 ? [] : [template, terraform(all)]),
      ],
      notes: [...notes, ...plan.apps.flatMap((app) => servedNote(app, 'none', 1))],
      refused,
      changes: schedulesChanges(schedules, 'functions'),
      tool: toolOf(settings['qualifier']!),
      before: [
        replacedBefore('A number of provisioned instances of yours'),
        'A scalable target of yours gets the level as both its bounds. So a scaling policy of yours on it has no room until you roll back. Where the policy holds nothing, a target without actions and scaling policies of yours is removed.',
        `Every function must have the alias or version ${settings['qualifier']}.`,
        `Provisioned concurrency is charged as long as it is held, used or not. It is part of the account’s concurrency; ${mostHeld(asking)}.`,
        `The schedules have ${counted(actions, 'action')}, and apply.sh makes a call for each.`,
        ...(all.length > MOST_TARGETS
          ? [
              `${all.length} functions ask for it, and a region takes ${MOST_TARGETS} targets: have that quota raised first.`,
            ]
          : []),
      ],
      back: 'A target of your own gets its bounds and actions back at once. The level that your actions hold comes with the next action.',
      ...(all.length === 0
        ? {}
        : {
            byHand: [
              '# In place of apply.sh, where you keep such things in one of these (they do not see targets that were made otherwise):',
              `# ${deployOf(template)}`,
              '# terraform init && terraform apply',
            ],
          }),
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'functions')].map(([name, { target, provisioned, actions }]) => {
        const points = listOf(actions).flatMap((action): SetPoint[] => {
          const [, cron = ''] = /^cron\((.*)\)$/.exec(String(action['Schedule'])) ?? []
          const from = action['Timezone'] === undefined ? 'UTC' : String(action['Timezone'])
          const least = action['ScalableTargetAction']?.['MinCapacity']
          if (least === undefined) return []
          const times = timesOfCron(cron, AMAZON, { from, to: timeZone })
          return times.map((time) => ({ ...time, instances: Number(least) }))
        })
        const always = Number(target?.['MinCapacity'] ?? provisioned ?? 0)
        const floor = points.length === 0 ? constantFloor(always) : heldBy(points, always, RULE)
        return [name, { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor }] as const
      }),
    )
  },
}
