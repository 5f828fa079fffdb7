import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { cronFields, timeOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { documentsIn, jsonFile, listOf } from '../files/export-file.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import type { AppSchedule } from '../fit/set-points.ts'
import { CLOCK, heldByClock, schedulesByClock } from '../fit/zoned-floor.ts'

const RULE = {
  knob: 'reserved instances',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: 100,
  actions: 'scheduled configurations of a function',
  leadMinutes: 1,
}
/** Configurations need a beginning and an end, in s: 2020-01-01 and 2100-01-01 UTC. */
const VALID = { start_time: 1_577_836_800, expired_time: 4_102_444_800 }

/** Quartz: second, minute, hour, day of the month, month, day of the week; one of the two days is `?`. */
function quartz(point: SetPoint): string {
  const { minute, hour, days } = cronFields(point)
  return days === '*' ? `0 ${minute} ${hour} * * ?` : `0 ${minute} ${hour} ? * ${days}`
}

function bodyOf({ first, points }: AppSchedule): unknown {
  const cron_configs = points.map((point, index) => ({
    name: `pilotlight-${String(index + 1).padStart(3, '0')}`,
    cron: quartz(point),
    count: point.instances,
    ...VALID,
  }))
  return { count: first, idle_mode: true, ...(points.length === 0 ? {} : { tactics_config: { cron_configs } }) }
}

/** Huawei Cloud FunctionGraph: UpdateFunctionReservedInstancesCount in @huaweicloud/huaweicloud-sdk-functiongraph. */
export const huaweiFunctiongraph: Platform = {
  id: 'huawei-functiongraph',
  title: 'Huawei Cloud FunctionGraph',
  summary: 'No windows; reserved instances by the clock.',
  sets: '`count` and `tactics_config.cron_configs` of the reserved instances',
  lacks:
    'Windows; a time zone in the schedule. How long idle instances stay is not documented: 10 min are assumed. No limit of the number of configurations is documented: 100 are written at most.',
  names: { pattern: /^[a-zA-Z]([-\w]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits, "-" and "_"' },
  settings: { clock: CLOCK },
  standIn: { mostChanges: RULE.mostActions },
  byDefault: { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor: NO_FLOOR, from: 'not documented: 10 min are assumed' },
  write(plan) {
    const { asking, notes } = schedulesByClock(plan, RULE, plan.settings['clock']!)
    return {
      files: asking.map((schedule) => jsonFile(`reserved/${schedule.app.name}.json`, bodyOf(schedule))),
      notes,
      apply: asking.map(
        ({ app: { name } }) =>
          `curl --fail -X PUT "https://functiongraph.$REGION.myhuaweicloud.com/v2/$PROJECT_ID/fgs/functions/urn:fss:$REGION:$PROJECT_ID:function:default:${name}:latest/reservedinstances" -H "X-Auth-Token: $TOKEN" -H 'Content-Type: application/json' --data @reserved/${name}.json`,
      ),
    }
  },
  read(files, { timeZone, settings }) {
    const clock = { timeZone, hours: settings['clock']! }
    return new Map(
      files.flatMap((file) => {
        const name = /^reserved\/(.*)\.json$/.exec(file.path)?.[1]
        const [body] = documentsIn([file], /^reserved\//)
        if (name === undefined || body === undefined) return []
        const points = listOf(body['tactics_config']?.['cron_configs']).map((config): SetPoint => {
          return { ...timeOfCron(String(config['cron']), WITH_SECONDS), instances: Number(config['count']) }
        })
        const floor = heldByClock(points, Number(body['count']), RULE, clock)
        return [[name, { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor }] as const]
      }),
    )
  },
}
