import { MINUTE } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { fiveFields, timesOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { documentsOf, jsonFile, listOf, pick } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
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
  withLevel,
} from '../fit/set-points.ts'

const MOST_POLICIES = 100
const RULE = {
  knob: 'provisionConfig',
  mostInstances: 10_000,
  mostActions: MOST_POLICIES,
  actions: 'scheduled actions',
  leadMinutes: 1,
}
/** Actions need a beginning and an end, in local time of their zone. These two include any time at which files are used. */
const VALID = { startTime: '2020-01-01T00:00:00', endTime: '2099-12-31T23:59:59' }

/** The target is that of Monday's midnight; apply.sh sets that of the moment. */
function bodyOf({ first, points }: AppSchedule, timeZone: string) {
  return {
    defaultTarget: first,
    scheduledActions: points.map((point, index) => ({
      name: `${OWN}${String(index + 1).padStart(3, '0')}`,
      target: point.instances,
      scheduleExpression: `cron(0 ${fiveFields(point)})`,
      ...VALID,
      timeZone,
    })),
  }
}

const EMPTY_FILE = 'empty.json'
/** What a call must hold whole; without CPU while idle, which is the cheaper mode. */
const EMPTY = {
  defaultTarget: 0,
  alwaysAllocateCPU: false,
  alwaysAllocateGPU: false,
  scheduledActions: [],
  targetTrackingPolicies: [],
}

function toolOf({ region, qualifier }: Readonly<Record<string, string>>): Tool {
  const at = `"/2023-03-30/functions/$1/provision-config" --region ${region} --qualifier ${qualifier}`
  const lists = '(.scheduledActions // []) == [] and (.targetTrackingPolicies // []) == []'
  const setsNothing = `(.defaultTarget // 0) == 0 and ${lists}`
  return {
    needs: ['aliyun'],
    empty: EMPTY_FILE,
    get: filtered(
      `aliyun fc GET ${at}`,
      `if ${setsNothing} then empty else {${Object.keys(EMPTY).join(', ')}} | del(..|nulls) end`,
    ),
    put: [
      `if jq -e '${setsNothing}' "$2" >/dev/null; then aliyun fc DELETE ${at}`,
      `else aliyun fc PUT ${at} --header 'Content-Type=application/json' --body "$(jq -c . "$2")"; fi`,
    ],
    patch: [withLevel('.defaultTarget')],
  }
}

/** Alibaba Cloud Function Compute 3.0: PutProvisionConfig in @alicloud/fc20230330. */
export const alibabaFc: Platform = {
  id: 'alibaba-fc',
  title: 'Alibaba Cloud Function Compute',
  summary: 'No windows; provisioned instances by the time of day.',
  sets: '`defaultTarget` and `scheduledActions` of the provision config of a version or alias, by PutProvisionConfig',
  sources: [
    { about: 'keys', says: 'calls', at: '@alicloud/fc20230330 4.7.6', read: '2026-11-30' },
    {
      about: 'keys',
      says: 'a delayed release of 5 to 60 min, which is not written: the SDK has idleTimeout but does not explain it, and Terraform does not have it',
      at: 'Alibaba Cloud Function Compute, "Configure delayed release for elastic instances"; @alicloud/fc20230330 4.7.6; aliyun/terraform-provider-alicloud, fcv3_function',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'instances on demand are destroyed after 3 to 5 idle minutes, usually',
      at: 'Alibaba Cloud Function Compute, "Why do infrequently used functions take longer" (July 2024)',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'schedule', says: 'provisioned instances go at once when a schedule falls' },
    { about: 'requests', says: 'an instance serves one request at a time' },
  ],
  lacks:
    'Windows. Instances on demand go after 3 to 5 min. A delayed release of 5 to 60 min can be set in the console; the export does not write it.',
  present: {
    commands: ({ region }) => [`aliyun fc GET "/2023-03-30/provision-configs" --region ${region}`],
    objects: (documents, { region, qualifier }) =>
      entriesAt(documents, 'provisionConfigs').flatMap((config): Listed[] => {
        const arn = String(config['functionArn'])
        const [, place, name, found] = /^acs:fc:([^:]+):.*functions\/([^/]+)\/([^/]+)$/.exec(arn) ?? []
        return name === undefined || place !== region || found !== qualifier
          ? []
          : [[name, pick(config, Object.keys(EMPTY))]]
      }),
  },
  afterFall: 'Provisioned instances go at once (assumed: not documented).',
  unit: 'function',
  tariff: { onDemand: 'alibaba-fc', held: 'alibaba-fc-provisioned' },
  names: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    words: 'at most 64 letters, digits, "_" and "-", not beginning with a digit',
  },
  settings: {
    region: { describe: 'The region.', default: 'cn-hangzhou', pattern: /^[a-z]{2}-[-a-z0-9]+$/ },
    qualifier: { describe: 'The alias or version.', default: 'LATEST', pattern: /^[a-zA-Z0-9_-]{1,128}$/ },
  },
  schedule: { mostChanges: MOST_POLICIES },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: 5 * MINUTE,
    floor: NO_FLOOR,
    from: 'Alibaba: after 3 to 5 idle minutes',
  },
  write(plan) {
    const { settings, timeZone } = plan
    const schedules = schedulesOf(plan, RULE)
    const { asking, others, notes, refused } = schedules
    return {
      files: [
        ...asking.flatMap((schedule) => [
          jsonFile(`provision/${schedule.app.name}.json`, bodyOf(schedule, timeZone)),
          levelFile(schedule.app.name, schedule.floor, timeZone),
        ]),
        ...others.map(({ name }) => jsonFile(`provision/${name}.json`, { defaultTarget: 0, scheduledActions: [] })),
        jsonFile(EMPTY_FILE, EMPTY),
      ],
      notes: [...notes, ...plan.apps.flatMap((app) => servedNote(app, 'none', 1))],
      refused,
      changes: schedulesChanges(schedules, 'provision'),
      tool: toolOf(settings),
      before: [
        replacedBefore('A number of provisioned instances of yours'),
        `By default an account may have 100 instances per region; ${mostHeld(asking)}.`,
        'Provisioned instances are charged while they are idle.',
      ],
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'provision')].map(([name, { defaultTarget, scheduledActions }]) => {
        const points = listOf(scheduledActions).flatMap((action): SetPoint[] => {
          const [, cron = ''] = /^cron\((.*)\)$/.exec(String(action['scheduleExpression'])) ?? []
          const from = action['timeZone'] === undefined ? 'UTC' : String(action['timeZone'])
          const times = timesOfCron(cron, WITH_SECONDS, { from, to: timeZone })
          return times.map((time) => ({ ...time, instances: Number(action['target']) }))
        })
        const always = Number(defaultTarget ?? 0)
        const floor = points.length === 0 ? constantFloor(always) : heldBy(points, always, RULE)
        return [name, { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor }] as const
      }),
    )
  },
}
