import { HOUR } from '../../core/units.ts'
import type { Listed } from '../files/listing.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import { filtered } from '../apply/tool.ts'
import type { Platform } from '../platform.ts'

/** A qualifier for a shell: its leading dollar must not begin a variable. */
function quoted(qualifier: string): string {
  return `"${qualifier.replace('$', String.raw`\$`)}"`
}

/** AWS Lambda Managed Instances: PutFunctionScalingConfig of its API (2025-11-30), 0 to 15,000 environments, 3 by default. */
export const lambdaManagedInstances: Platform = plainPlatform({
  id: 'lambda-managed-instances',
  title: 'AWS Lambda Managed Instances',
  summary: 'No windows; a minimum of execution environments per function.',
  sets: '`MinExecutionEnvironments` of a version',
  sources: [
    {
      about: 'keys',
      says: 'a qualifier is a number or $LATEST.PUBLISHED, and no alias',
      at: "AWS's reference of PutFunctionScalingConfig",
      read: '2026-11-30',
    },
    { about: 'keys', says: 'the call and its keys', at: '@aws-sdk/client-lambda 3.1164', read: '2026-11-30' },
    {
      about: 'default',
      says: '3 environments by default, and at most',
      at: 'AWS SAM, FunctionScalingConfig',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'keys', says: '0 to 15,000 environments' },
    { about: 'default', says: 'environments beyond the minimum stay for an hour' },
  ],
  lacks:
    'Windows and schedules: a timer of yours must make the call by the time of day. How long environments beyond the minimum stay is not documented: an hour is assumed.',
  present: {
    commands: ({ qualifier }) => [
      "for f in $(aws lambda list-functions --query 'Functions[].FunctionName' --output text); do",
      `  aws lambda get-function-scaling-config --function-name "$f" --qualifier ${quoted(qualifier!)} --output json`,
      'done',
    ],
    objects: (documents, { qualifier }) =>
      documents.flatMap(({ FunctionArn, RequestedFunctionScalingConfig, AppliedFunctionScalingConfig }): Listed[] => {
        const config = RequestedFunctionScalingConfig ?? AppliedFunctionScalingConfig
        const [, name, found] = /:function:([^:]+):([^:]+)$/.exec(String(FunctionArn)) ?? []
        return name === undefined || found !== qualifier || config === undefined ? [] : [[name, config]]
      }),
  },
  // By default there is no maximum.
  maxima: { MaxExecutionEnvironments: Number.POSITIVE_INFINITY },
  unit: 'function',
  names: { pattern: /^[a-zA-Z0-9_-]{1,64}$/, words: 'at most 64 letters, digits, "-" and "_"' },
  settings: {
    qualifier: {
      describe: 'The version, a number, or $LATEST.PUBLISHED. The call takes no alias.',
      default: '$LATEST.PUBLISHED',
      pattern: /^\$LATEST\.PUBLISHED$|^\d{1,10}$/,
    },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: HOUR,
    floor: constantFloor(3),
    from: 'MinExecutionEnvironments: 3; an hour is assumed',
  },
  floor: { knob: 'MinExecutionEnvironments', most: 15_000 },
  patch: ({ instances }) => ({
    MinExecutionEnvironments: instances,
    MaxExecutionEnvironments: Math.max(1, instances),
  }),
  read: (config) => ({ instances: Number(config['MinExecutionEnvironments'] ?? 3) }),
  tool: ({ qualifier }) => {
    const of = `--function-name "$1" --qualifier ${quoted(qualifier!)}`
    return {
      needs: ['aws'],
      get: filtered(
        `aws lambda get-function-scaling-config ${of} --output json`,
        `.RequestedFunctionScalingConfig // .AppliedFunctionScalingConfig // empty`,
      ),
      put: [`aws lambda put-function-scaling-config ${of} --function-scaling-config "file://$2"`],
    }
  },
  before: ['The instances on which environments run are charged whether they are used or not.'],
})
