import { SECOND } from '../../core/units.ts'
import { constantFloor, type Floor, highestLevel, NO_FLOOR } from '../../policy/plan/floor.ts'
import { FIVE, fiveFields, timeOfCron } from '../schedule/cron.ts'
import { type Data, documentsIn, listOf, yamlFile } from '../files/export-file.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import { demandAtMost } from '../fit/limits.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { behind, type ClockWindow, floorOfWindows } from '../schedule/schedule.ts'
import { windowedFloor } from '../fit/windowed-floor.ts'
import { fittedWindow, MOST_SECONDS } from '../fit/fit.ts'

const IDLE = { knob: 'idletimeout', minS: 1, maxS: MOST_SECONDS }
const KNOB = 'provisionedConcurrency'
/** `executor.provisionedConcurrency.maxPerFunction` and the windows that the CRD admits. */
const MOST_INSTANCES = 20
const MOST_WINDOWS = 32
const LEAD_MINUTES = 1
/** Opens at noon, which no zone skips, for an hour more than a day: one whose clocks are put back has 25. */
const ALL_DAY: ClockWindow = { minuteOfDay: 12 * 60, minutes: 25 * 60, instances: 0 }

/** A floor as Fission takes it: the base must not be 0, so one that sometimes is has a window of 0 over the whole day. */
function provisioned(app: NamedApp, timeZone: string): { concurrency?: unknown; notes: readonly FidelityNote[] } {
  const rule = { knob: KNOB, most: MOST_INSTANCES, leadMinutes: LEAD_MINUTES }
  const { floor, lowest, raised, notes } = windowedFloor(app, rule, timeZone)
  if (highestLevel(floor) === 0) return { notes: [] }
  const windows = [...(lowest === 0 ? [ALL_DAY] : []), ...raised]
  demandAtMost(MOST_WINDOWS, windows.length, 'windows of provisioned concurrency', `app ${app.app}`)
  const concurrency = {
    target: Math.max(1, lowest),
    windows: windows.map((window, index) => ({
      name: `floor-${index + 1}`,
      start: `CRON_TZ=${timeZone} ${fiveFields(window)}`,
      duration: `${window.minutes}m`,
      target: window.instances,
    })),
  }
  return { concurrency, notes }
}

function floorOf(concurrency: Data | undefined): Floor {
  if (concurrency === undefined) return NO_FLOOR
  const windows = listOf(concurrency['windows']).map((window): ClockWindow => {
    const cron = String(window['start']).replace(/^CRON_TZ=\S+ /, '')
    const minutes = Number.parseInt(String(window['duration']), 10)
    return { ...timeOfCron(cron, FIVE), minutes, instances: Number(window['target']) }
  })
  const base = Number(concurrency['target'])
  if (windows.length === 0) return constantFloor(base)
  return behind(floorOfWindows(windows, base, true), LEAD_MINUTES)
}

/** Fission: pkg/apis/core/v1/types.go; provisioned concurrency was merged after v1.27.0. */
export const fission: Platform = {
  id: 'fission',
  title: 'Fission',
  summary: 'An idle time-out per function, and provisioned concurrency by the clock.',
  sets: '`idletimeout` and `provisionedConcurrency` of a Function with the executor poolmgr',
  lacks:
    'Pre-warming. Provisioned concurrency is off in the Helm chart until it is switched on, and in no release up to v1.27.0.',
  names: LABEL,
  settings: { namespace: { describe: 'The namespace of the functions.', default: 'default', pattern: LABEL.pattern } },
  byDefault: { prewarmMs: 0, keepAliveMs: 120 * SECOND, floor: NO_FLOOR, from: 'idletimeout: 120 s' },
  write({ apps, timeZone, settings: { namespace } }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, IDLE)
      const { concurrency, notes } = provisioned(app, timeZone)
      const spec = {
        idletimeout: seconds,
        InvokeStrategy: { ExecutionStrategy: { ExecutorType: 'poolmgr' } },
        ...(concurrency === undefined ? {} : { provisionedConcurrency: concurrency }),
      }
      const object = { apiVersion: 'fission.io/v1', kind: 'Function', metadata: { name: app.name, namespace }, spec }
      return { name: app.name, file: yamlFile(`functions/${app.name}.yaml`, [object]), notes: [note, ...notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      apply: fitted.map(
        ({ name, file }) =>
          `kubectl patch functions.fission.io ${name} --namespace ${namespace} --type merge --patch-file ${file.path}`,
      ),
    }
  },
  read(files) {
    return new Map(
      documentsIn(files, /^functions\//).map(({ metadata, spec }) => {
        const { idletimeout, provisionedConcurrency } = spec as Data
        const keepAliveMs = Number(idletimeout) * SECOND
        return [String(metadata!['name']), { prewarmMs: 0, keepAliveMs, floor: floorOf(provisionedConcurrency) }]
      }),
    )
  },
}
