import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { fiveFields, timeOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { documentsIn, jsonFile, listOf } from '../files/export-file.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import type { AppSchedule } from '../fit/set-points.ts'
import { CLOCK, heldByClock, schedulesByClock } from '../fit/zoned-floor.ts'

const RULE = {
  knob: 'provisioned concurrency',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: 100,
  actions: 'trigger actions of a function',
  leadMinutes: 1,
}

function bodyOf({ app, first, points }: AppSchedule, settings: Readonly<Record<string, string>>): unknown {
  const TriggerActions = points.map((point, index) => ({
    TriggerName: `pilotlight-${String(index + 1).padStart(3, '0')}`,
    TriggerProvisionedConcurrencyNum: point.instances,
    // Seven fields: second, minute, hour, day of the month, month, day of the week, year.
    TriggerCronConfig: `0 ${fiveFields(point)} *`,
    ProvisionedType: 'Default',
  }))
  return {
    FunctionName: app.name,
    Qualifier: settings['qualifier'],
    Namespace: settings['namespace'],
    VersionProvisionedConcurrencyNum: first,
    ...(points.length === 0 ? {} : { TriggerActions }),
  }
}

/** Tencent SCF: PutProvisionedConcurrencyConfig (2018-04-16) in tencentcloud-sdk-nodejs-scf. */
export const tencentScf: Platform = {
  id: 'tencent-scf',
  title: 'Tencent SCF',
  summary: 'No windows; provisioned concurrency of a version by the clock.',
  sets: '`VersionProvisionedConcurrencyNum` and `TriggerActions` of a version',
  lacks:
    'Windows; a time zone in the schedule; `$LATEST`. How long idle instances stay is not documented: 10 min are assumed. All versions together may have the quota less 100.',
  names: { pattern: /^[a-zA-Z]([-\w]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits, "-" and "_"' },
  settings: {
    clock: CLOCK,
    qualifier: { describe: 'The version.', default: '1', pattern: /^\d+$/ },
    namespace: { describe: 'The namespace.', default: 'default', pattern: /^[a-zA-Z][-\w]{0,63}$/ },
  },
  standIn: { mostChanges: RULE.mostActions },
  byDefault: { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor: NO_FLOOR, from: 'not documented: 10 min are assumed' },
  write(plan) {
    const { settings } = plan
    const { asking, notes } = schedulesByClock(plan, RULE, settings['clock']!)
    return {
      files: asking.map((schedule) => jsonFile(`provisioned/${schedule.app.name}.json`, bodyOf(schedule, settings))),
      notes,
      apply: [
        'for f in provisioned/*.json; do tccli scf PutProvisionedConcurrencyConfig --cli-input-json "file://$PWD/$f"; done',
      ],
    }
  },
  read(files, { timeZone, settings }) {
    const clock = { timeZone, hours: settings['clock']! }
    return new Map(
      documentsIn(files, /^provisioned\//).map((body) => {
        const points = listOf(body['TriggerActions']).map((action): SetPoint => {
          const time = timeOfCron(String(action['TriggerCronConfig']), WITH_SECONDS)
          return { ...time, instances: Number(action['TriggerProvisionedConcurrencyNum']) }
        })
        const floor = heldByClock(points, Number(body['VersionProvisionedConcurrencyNum']), RULE, clock)
        return [String(body['FunctionName']), { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor }]
      }),
    )
  },
}
