import { MINUTE } from '../../core/units.ts'
import { constantFloor, lowestLevel, NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { cronFields, timesOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { type Data, documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { servedNote } from '../fit/demand.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { type AppSchedule, heldBy, mostHeld, replacedBefore, schedulesChanges, schedulesOf } from '../fit/set-points.ts'

const RULE = {
  knob: 'reserved instances',
  mostInstances: 1000,
  mostActions: 100,
  actions: 'scheduled configurations of a function',
  leadMinutes: 1,
}
/** Configurations need a beginning and an end, in s: 2020-01-01 and 2100-01-01 UTC. */
const VALID = { start_time: 1_577_836_800, expired_time: 4_102_444_800 }

/** Quartz: second, minute, hour, day of the month, month, day of the week; one of the two days is `?`. */
function quartz(point: SetPoint, timeZone: string): string {
  const { minute, hour, days } = cronFields(point)
  const fields = days === '*' ? `0 ${minute} ${hour} * * ?` : `0 ${minute} ${hour} ? * ${days}`
  // Without a zone the times are UTC.
  return `CRON_TZ=${timeZone} ${fields}`
}

/** The base count must not be above any scheduled one. */
function bodyOf({ floor, points }: AppSchedule, timeZone: string): unknown {
  const cron_configs = points.map((point, index) => ({
    name: `${OWN}${String(index + 1).padStart(3, '0')}`,
    cron: quartz(point, timeZone),
    count: point.instances,
    ...VALID,
  }))
  return { count: lowestLevel(floor), tactics_config: { cron_configs } }
}

const EMPTY_FILE = 'empty.json'
/** The file is the body of a call, which holds what it says whole. */
const EMPTY = { count: 0, idle_mode: true, tactics_config: { cron_configs: [] } }

function toolOf(): Tool {
  const place = 'https://functiongraph.$REGION.myhuaweicloud.com/v2/$PROJECT_ID/fgs/functions'
  const urn = 'urn:fss:$REGION:$PROJECT_ID:function:default:$1:latest'
  const call = 'curl --fail --silent --show-error -H "X-Auth-Token: $TOKEN"'
  return {
    needs: ['curl'],
    variables: {
      REGION: 'the region, as in cn-north-4',
      PROJECT_ID: 'the id of the project in that region',
      TOKEN: 'a token of IAM for that project (X-Subject-Token of POST /v3/auth/tokens), which is valid for a day',
    },
    empty: EMPTY_FILE,
    get: filtered(
      `${call} "${place}/reservedinstanceconfigs?function_urn=${urn}"`,
      '.reserved_instances[0] // empty | {count: .min_count, idle_mode, tactics_config}',
    ),
    put: [`${call} -X PUT "${place}/${urn}/reservedinstances" -H 'Content-Type: application/json' --data @"$2"`],
  }
}

/**
 * Huawei Cloud FunctionGraph: UpdateFunctionReservedInstancesCount and ListReservedInstanceConfigs in
 * @huaweicloud/huaweicloud-sdk-functiongraph.
 */
export const huaweiFunctiongraph: Platform = {
  id: 'huawei-functiongraph',
  title: 'Huawei Cloud FunctionGraph',
  summary: 'No windows; reserved instances by the time of day.',
  sets: '`count` and `tactics_config.cron_configs` of the reserved instances',
  sources: [
    { about: 'keys', says: 'calls', at: '@huaweicloud/huaweicloud-sdk-functiongraph 3.1.211', read: '2026-11-30' },
    {
      about: 'default',
      says: 'instances on demand are destroyed after a minute of inactivity',
      at: 'Huawei Cloud FunctionGraph, Service Overview, "Function Instance Types and Usage Modes" (August 2025)',
      read: '2026-11-30',
    },
  ],
  assumed: [
    {
      about: 'schedule',
      says: 'crons are in UTC unless they begin with CRON_TZ=<zone>, as in its timers',
    },
    { about: 'keys', says: 'counts of 0 to 1000, and none below the base' },
    { about: 'schedule', says: 'reserved instances go at once when a schedule falls' },
    { about: 'requests', says: 'an instance serves one request at a time' },
    { about: 'schedule', says: 'a function takes 100 configurations' },
  ],
  lacks:
    'Windows. Idle instances on demand go after a minute. How many configurations a function may have is not documented: at most 100 are written.',
  present: {
    commands: () => [
      'curl --fail --silent --show-error -H "X-Auth-Token: $TOKEN" "https://functiongraph.$REGION.myhuaweicloud.com/v2/$PROJECT_ID/fgs/functions/reservedinstanceconfigs?limit=500"',
    ],
    objects: (documents) =>
      entriesAt(documents, 'reserved_instances').flatMap((config): Listed[] => {
        const { function_urn: urn, min_count: count, idle_mode, tactics_config } = config
        const [, name] = /:function:[^:]+:([^:]+):latest$/.exec(String(urn)) ?? []
        return name === undefined ? [] : [[name, { count, idle_mode, tactics_config } as unknown as Data]]
      }),
  },
  afterFall: 'Reserved instances go at once (assumed: not documented).',
  unit: 'function',
  tariff: { onDemand: 'huawei-functiongraph', held: 'huawei-functiongraph-reserved' },
  names: { pattern: /^[a-zA-Z]([-\w]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits, "-" and "_"' },
  settings: {},
  schedule: { mostChanges: RULE.mostActions },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: MINUTE,
    floor: NO_FLOOR,
    from: 'Huawei: after a minute of inactivity',
  },
  write(plan) {
    const schedules = schedulesOf(plan, RULE)
    const { asking, others, notes, refused } = schedules
    const nothing = { count: 0, tactics_config: { cron_configs: [] } }
    const files = [
      ...asking.map((schedule) => jsonFile(`reserved/${schedule.app.name}.json`, bodyOf(schedule, plan.timeZone))),
      ...others.map(({ name }) => jsonFile(`reserved/${name}.json`, nothing)),
    ]
    return {
      files: [...files, jsonFile(EMPTY_FILE, EMPTY)],
      notes: [...notes, ...plan.apps.flatMap((app) => servedNote(app, 'none', 1))],
      refused,
      changes: schedulesChanges(schedules, 'reserved'),
      tool: toolOf(),
      before: [
        replacedBefore('A base count of yours'),
        'The base count is the lowest level of the schedule. The level that should hold now comes with the next action.',
        `Reserved instances are charged while they are idle; ${mostHeld(asking)}.`,
      ],
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'reserved')].map(([name, body]) => {
        const points = listOf(body['tactics_config']?.['cron_configs']).flatMap((config): SetPoint[] => {
          const [, from = 'UTC', cron = ''] = /^(?:CRON_TZ=(\S+) )?(.*)$/.exec(String(config['cron'])) ?? []
          const times = timesOfCron(cron, WITH_SECONDS, { from, to: timeZone })
          return times.map((time) => ({ ...time, instances: Number(config['count']) }))
        })
        const base = Number(body['count'] ?? 0)
        const floor = points.length === 0 ? constantFloor(base) : heldBy(points, base, RULE)
        return [name, { prewarmMs: 0, keepAliveMs: MINUTE, floor }] as const
      }),
    )
  },
}
