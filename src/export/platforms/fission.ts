import { SECOND } from '../../core/units.ts'
import { constantFloor, type Floor, highestLevel, NO_FLOOR } from '../../policy/plan/floor.ts'
import { NOTHING, OWN } from '../apply/merged-document.ts'
import { kubectl } from '../apply/tool.ts'
import { FIVE, fiveFields, timesOfCron } from '../schedule/cron.ts'
import { type Data, documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import { kubernetesListing } from '../files/listing.ts'
import { concurrencyOf, limitBefore } from '../fit/demand.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import { type Refusal, refusedAbove } from '../fit/refusal.ts'
import { goSeconds } from '../files/go-duration.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
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
/** Opens at noon, which no zone skips, for 25 hours: so long is a day on which clocks are put back. */
const ALL_DAY: ClockWindow = { minuteOfDay: 12 * 60, minutes: 25 * 60, instances: 0 }

interface Provisioned {
  readonly concurrency: unknown
  readonly notes: readonly FidelityNote[]
  readonly refused: Refusal | undefined
}

/**
 * A floor as Fission takes it. The base must not be 0, so a floor that is sometimes 0 has a window of 0 over the whole day. One
 * that is always 0 has it only where windows of the operator's own stay beside it.
 */
function provisioned(app: NamedApp, timeZone: string): Provisioned {
  const rule = { knob: KNOB, most: MOST_INSTANCES, leadMinutes: LEAD_MINUTES }
  const { floor, lowest, raised, notes } = windowedFloor(app, rule, timeZone)
  const holds = highestLevel(floor) > 0
  const windows = [...(lowest === 0 ? [ALL_DAY] : []), ...raised]
  const concurrency = {
    target: Math.max(1, lowest),
    windows: windows.map((window, index) => ({
      name: holds ? `${OWN}${index + 1}` : NOTHING,
      start: `CRON_TZ=${timeZone} ${fiveFields(window)}`,
      duration: `${window.minutes}m`,
      target: window.instances,
    })),
  }
  const things = 'windows of provisioned concurrency'
  const refused = refusedAbove(MOST_WINDOWS, windows.length, things, app.app)
  return { concurrency, notes: holds ? notes : [], refused }
}

function floorOf(concurrency: Data | undefined | null, timeZone: string): Floor {
  if (concurrency === undefined || concurrency === null) return NO_FLOOR
  const windows = listOf(concurrency['windows']).flatMap((window): ClockWindow[] => {
    const [, from = 'UTC', cron = ''] = /^(?:(?:CRON_)?TZ=(\S+) )?(.*)$/.exec(String(window['start'])) ?? []
    const minutes = goSeconds(String(window['duration'])) / 60
    const times = timesOfCron(cron, FIVE, { from, to: timeZone })
    return times.map((time) => ({ ...time, minutes, instances: Number(window['target']) }))
  })
  const base = Number(concurrency['target'])
  if (windows.length === 0) return constantFloor(base)
  return behind(floorOfWindows(windows, base, true), LEAD_MINUTES)
}

const KINDS = {
  'functions.fission.io': { apiVersion: 'fission.io/v1', kind: 'Function' },
} as const

/** Fission: pkg/apis/core/v1/types.go; provisioned concurrency was merged after v1.27.0. */
export const fission: Platform = {
  id: 'fission',
  title: 'Fission',
  summary: 'An idle time-out per function, and provisioned concurrency by the time of day.',
  sets: '`idletimeout`, `requestsPerPod` and `provisionedConcurrency` of a Function; its executor is left as it is',
  sources: [
    {
      about: 'keys',
      says: 'keys and ranges',
      at: 'fission/fission, pkg/apis/core/v1/types.go at 003767d5',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'a pass of the reaper each 5 s',
      at: "fission/fission, the executor's OBJECT_REAPER_INTERVAL in its Helm chart",
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: 'provisioned concurrency',
      at: 'fission/fission, pkg/apis/core/v1/types.go at 003767d5, ProvisionedConcurrency',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'requestsPerPod of 1',
      at: 'fission/fission, pkg/apis/core/v1/types.go at 003767d5, DefaultRequestsPerPod',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: '120 s without an idletimeout' },
    { about: 'schedule', says: 'pods that were idle for longer go within 5 s when a window ends' },
    { about: 'keys', says: 'a changed Function is specialised again' },
  ],
  lacks:
    'Pre-warming. Provisioned concurrency is in no release up to v1.27.0, needs the executor poolmgr, and must be switched on in the Helm chart.',
  present: kubernetesListing(KINDS),
  afterFall:
    'Pods that were idle for longer than the idle time-out go at the next pass of the reaper, within 5 s (assumed).',
  names: DNS_LABEL,
  settings: {
    namespace: { describe: 'The namespace of the functions.', default: 'default', pattern: DNS_LABEL.pattern },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 120 * SECOND,
    floor: NO_FLOOR,
    concurrency: 1,
    from: 'idletimeout: 120 s; requestsPerPod: 1',
  },
  write({ apps, timeZone, settings }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, IDLE)
      const { concurrency, notes, refused } = provisioned(app, timeZone)
      const requestsPerPod = concurrencyOf(app, MOST_SECONDS) ?? null
      const patch = { spec: { idletimeout: seconds, requestsPerPod, provisionedConcurrency: concurrency } }
      const file = jsonFile(`functions/${app.name}.json`, patch)
      return { name: app.name, file, notes: [note, ...notes], refused }
    })
    const taken = fitted.filter(({ refused }) => refused === undefined)
    return {
      files: taken.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      refused: fitted.flatMap(({ refused }) => refused ?? []),
      changes: taken.map(({ name, file }) => ({ object: `functions.fission.io/${name}`, patch: file.path })),
      tool: kubectl(settings['namespace']!, KINDS),
      before: [
        'apply.sh keeps windows of your own, and outside them the level of this export holds. kustomize/ replaces them.',
        'A changed Function may be specialised again. So the next call of each app may be cold (assumed).',
        ...limitBefore(apps, 'requestsPerPod', MOST_SECONDS),
      ],
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'functions')].map(([name, { spec }]) => {
        const { idletimeout, requestsPerPod, provisionedConcurrency } = (spec ?? {}) as Data
        const keepAliveMs = Number(idletimeout ?? 120) * SECOND
        const concurrency = Number(requestsPerPod ?? 1)
        const floor = floorOf(provisionedConcurrency, timeZone)
        return [name, { prewarmMs: 0, keepAliveMs, concurrency, floor }] as const
      }),
    )
  },
}
