import { MINUTE } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { fiveFields, timesOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { type Data, documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import type { Listed } from '../files/listing.ts'
import { servedNote } from '../fit/demand.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import {
  type AppSchedule,
  levelFile,
  mostHeld,
  replacedBefore,
  schedulesChanges,
  withLevel,
} from '../fit/set-points.ts'
import { CLOCK, clockZone, heldByClock, schedulesByClock } from '../fit/zoned-floor.ts'

const RULE = {
  knob: 'provisioned concurrency',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: 100,
  actions: 'trigger actions of a function',
  leadMinutes: 1,
}

/** The number is that of Monday's midnight; apply.sh sets that of the moment. */
function bodyOf({ first, points }: AppSchedule): unknown {
  const TriggerActions = points.map((point, index) => ({
    TriggerName: `${OWN}${String(index + 1).padStart(3, '0')}`,
    TriggerProvisionedConcurrencyNum: point.instances,
    // Seven fields: second, minute, hour, day of the month, month, day of the week, year.
    TriggerCronConfig: `0 ${fiveFields(point)} *`,
    ProvisionedType: 'Default',
  }))
  return { VersionProvisionedConcurrencyNum: first, TriggerActions }
}

const EMPTY = { VersionProvisionedConcurrencyNum: 0, TriggerActions: [] }
const EMPTY_FILE = 'empty.json'

function toolOf({ qualifier, namespace }: Readonly<Record<string, string>>): Tool {
  const of = `--FunctionName "$1" --Namespace ${namespace}`
  return {
    needs: ['tccli'],
    empty: EMPTY_FILE,
    get: filtered(
      `tccli scf GetProvisionedConcurrencyConfig ${of}`,
      `[.Allocated[]? | select(.Qualifier == "${qualifier}")][0] // empty | {VersionProvisionedConcurrencyNum: .AllocatedProvisionedConcurrencyNum, TriggerActions: (.TriggerActions // [])}`,
    ),
    put: [
      `if jq -e '.VersionProvisionedConcurrencyNum == 0 and .TriggerActions == []' "$2" >/dev/null; then`,
      `  tccli scf DeleteProvisionedConcurrencyConfig ${of} --Qualifier ${qualifier}`,
      '  return',
      'fi',
      `jq --arg name "$1" '. + {FunctionName: $name, Qualifier: "${qualifier}", Namespace: "${namespace}"}' "$2" >"$2.body"`,
      'tccli scf PutProvisionedConcurrencyConfig --cli-input-json "file://$2.body"',
    ],
    patch: [withLevel('.VersionProvisionedConcurrencyNum')],
  }
}

/** Tencent SCF: PutProvisionedConcurrencyConfig (2018-04-16) in tencentcloud-sdk-nodejs-scf. */
export const tencentScf: Platform = {
  id: 'tencent-scf',
  title: 'Tencent SCF',
  summary: 'No windows; provisioned concurrency of a version by the time of day.',
  sets: '`VersionProvisionedConcurrencyNum` and `TriggerActions` of a version',
  sources: [
    { about: 'keys', says: 'calls', at: 'tencentcloud-sdk-nodejs-scf 4.1.151 (API 2018-04-16)', read: '2026-11-30' },
    {
      about: 'schedule',
      says: 'a task sets a level that stays until the next task; crons of seven fields; 100 instances per minute',
      at: 'Tencent Cloud SCF, "Scheduled Provisioned Concurrency" (document 583/44843)',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'on-demand instances stay idle for 10 min' },
    { about: 'schedule', says: 'provisioned instances go at once when a schedule falls' },
    { about: 'schedule', says: 'the times of schedules are at UTC+8' },
    { about: 'requests', says: 'an instance serves one request at a time' },
  ],
  lacks:
    'Windows; a time zone in the schedule; `$LATEST`. How long idle instances stay is not documented: 10 min are assumed. All versions together may have the quota less 100.',
  present: {
    // What it prints of a function does not have the function's name.
    commands: ({ namespace }) => [
      `for f in $(tccli scf ListFunctions --Namespace ${namespace} --Limit 100 | jq -r '.Functions[].FunctionName'); do`,
      `  tccli scf GetProvisionedConcurrencyConfig --FunctionName "$f" --Namespace ${namespace} | jq --arg f "$f" '{($f): .}'`,
      'done',
    ],
    objects: (documents, { qualifier }) =>
      documents.flatMap((document) =>
        Object.entries(document).flatMap(([name, said]): Listed[] => {
          const found = listOf(said['Allocated']).find((each) => String(each['Qualifier']) === qualifier)
          if (found === undefined) return []
          const { AllocatedProvisionedConcurrencyNum: count, TriggerActions } = found
          return [
            [
              name,
              { VersionProvisionedConcurrencyNum: count, TriggerActions: listOf(TriggerActions) } as unknown as Data,
            ],
          ]
        }),
      ),
  },
  afterFall: 'Provisioned instances go at once (assumed: not documented).',
  unit: 'function',
  tariff: { onDemand: 'tencent-scf', held: 'tencent-scf-provisioned' },
  names: { pattern: /^[a-zA-Z]([-\w]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits, "-" and "_"' },
  settings: {
    clock: CLOCK,
    qualifier: { describe: 'The version.', default: '1', pattern: /^\d+$/ },
    namespace: { describe: 'The namespace.', default: 'default', pattern: /^[a-zA-Z][-\w]{0,63}$/ },
  },
  schedule: { mostChanges: RULE.mostActions },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: NO_FLOOR,
    from: 'not documented: 10 min are assumed',
  },
  write(plan) {
    const { settings } = plan
    const schedules = schedulesByClock(plan, RULE, settings['clock']!)
    const { asking, others, notes, refused } = schedules
    const zone = clockZone(settings['clock']!)
    return {
      files: [
        ...asking.flatMap((schedule) => [
          jsonFile(`provisioned/${schedule.app.name}.json`, bodyOf(schedule)),
          levelFile(schedule.app.name, schedule.floor, zone),
        ]),
        ...others.map(({ name }) => jsonFile(`provisioned/${name}.json`, EMPTY)),
        jsonFile(EMPTY_FILE, EMPTY),
      ],
      notes: [...notes, ...plan.apps.flatMap((app) => servedNote(app, 'none', 1))],
      refused,
      changes: schedulesChanges(schedules, 'provisioned'),
      tool: toolOf(settings),
      before: [
        replacedBefore('A number of provisioned instances of yours'),
        `Provisioned instances are charged while they are idle. All versions together may have the quota minus 100; ${mostHeld(asking)}.`,
      ],
    }
  },
  read(files, { timeZone, settings }) {
    const clock = { timeZone, hours: settings['clock']! }
    return new Map(
      [...documentsOf(files, 'provisioned')].map(([name, body]) => {
        const points = listOf(body['TriggerActions']).flatMap((action): SetPoint[] => {
          const times = timesOfCron(String(action['TriggerCronConfig']), WITH_SECONDS)
          return times.map((time) => ({ ...time, instances: Number(action['TriggerProvisionedConcurrencyNum']) }))
        })
        const always = Number(body['VersionProvisionedConcurrencyNum'] ?? 0)
        const floor = points.length === 0 ? constantFloor(always) : heldByClock(points, always, RULE, clock)
        return [name, { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor }] as const
      }),
    )
  },
}
