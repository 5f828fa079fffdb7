import { counted } from '../../core/counted.ts'
import { DAY_MINUTES, MINUTE, SECOND } from '../../core/units.ts'
import {
  constantFloor,
  breaksOf,
  type Floor,
  floorOfBreaks,
  higherFloor,
  highestLevel,
  levelAt,
  lowestLevel,
  NO_FLOOR,
} from '../../policy/plan/floor.ts'
import type { AppRules } from '../../policy/plan/plan.ts'
import { kubectl } from '../apply/tool.ts'
import { type Data, documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import { kubernetesListing } from '../files/listing.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import { fittedWindow, MOST_SECONDS } from '../fit/fit.ts'
import { windowedFloor } from '../fit/windowed-floor.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { behind, type ClockWindow, floorOfWindows, floorText, isConstant, isSameFloor } from '../schedule/schedule.ts'

const PREFIX = 'SlimFaas/'
const WINDOW = { knob: 'TimeoutSecondBeforeSetReplicasMin', minS: 1, maxS: MOST_SECONDS }
/** A wake-up starts instances at its time: it is asked for a minute ahead. */
const LEAD_MINUTES = 1

/** What a day of the schedule says: when to wake up, and how long an idle function stays from which time of day on. */
interface Day {
  readonly WakeUp: readonly string[]
  readonly ScaleDownTimeout: readonly { readonly Time: string; readonly Value: number }[]
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function minuteOf(text: unknown): number {
  const [hour = 0, minute = 0] = String(text).split(':').map(Number)
  return hour * 60 + minute
}

/** A floor that is the same every day and has one level: the schedule has no days of the week, and one number of instances. */
function everyDay(floor: Floor): Floor {
  const breaks = breaksOf(floor, 'week').map((minute) => minute % DAY_MINUTES)
  const most = highestLevel(floor)
  return floorOfBreaks('day', breaks, (minute) => {
    const isUp = Array.from({ length: 7 }, (_, day) => levelAt(floor, minute + day * DAY_MINUTES)).some(
      (level) => level > 0,
    )
    return isUp ? most : 0
  })
}

function dayOf(windows: readonly ClockWindow[], seconds: number): Day {
  const timeouts = windows.flatMap(({ minuteOfDay, minutes }) => [
    { Time: clock(minuteOfDay), Value: Math.max(seconds, minutes * 60) },
    { Time: clock((minuteOfDay + minutes) % DAY_MINUTES), Value: seconds },
  ])
  // Where one window begins when another ends, the time-out of the beginning one holds.
  const byTime = new Map(timeouts.toSorted((a, b) => a.Value - b.Value).map((each) => [each.Time, each]))
  return {
    WakeUp: windows.map(({ minuteOfDay }) => clock(minuteOfDay)),
    ScaleDownTimeout: [...byTime.values()].toSorted((a, b) => (a.Time < b.Time ? -1 : 1)),
  }
}

interface Scheduled {
  readonly always: number
  readonly start: number
  readonly day: Day | undefined
  readonly notes: readonly FidelityNote[]
}

function scheduled(app: NamedApp, seconds: number, timeZone: string): Scheduled {
  const { floor } = app
  if (floor.steps.length === 0) return { always: 0, start: 1, day: undefined, notes: [] }
  const knob = 'SlimFaas/Schedule'
  const daily = everyDay(floor)
  if (isConstant(daily) || lowestLevel(floor) > 0) {
    const always = highestLevel(floor)
    const kind = isConstant(floor) ? 'exact' : 'floor'
    const note: FidelityNote = {
      app: app.app,
      knob: 'ReplicasMin',
      kind,
      wanted: floorText(floor),
      written: counted(always, 'instance'),
    }
    return { always, start: Math.max(1, always), day: undefined, notes: [note] }
  }
  const rule = { knob, most: Number.MAX_SAFE_INTEGER, leadMinutes: LEAD_MINUTES }
  const { raised, notes } = windowedFloor({ ...app, floor: daily }, rule, timeZone)
  const isOther = floor.cycle !== 'day' || !isSameFloor(daily, floor)
  const other: FidelityNote = {
    app: app.app,
    knob,
    kind: 'superset',
    wanted: floorText(floor),
    written: floorText(daily),
  }
  return {
    always: 0,
    start: highestLevel(floor),
    day: dayOf(raised, seconds),
    notes: [...notes, ...(isOther ? [other] : [])],
  }
}

/** Whatever wakes a function starts so many instances. A wake-up of the schedule holds them for the time-out of that time. */
function floorsOf(annotations: Data): Pick<AppRules, 'floor' | 'awakeFloor'> {
  const floor = floorOf(annotations)
  const start = Number(annotations[`${PREFIX}ReplicasAtStart`] ?? 1)
  return start > 1 ? { floor, awakeFloor: higherFloor(floor, constantFloor(start)) } : { floor }
}

function floorOf(annotations: Data): Floor {
  const always = Number(annotations[`${PREFIX}ReplicasMin`] ?? 0)
  const text = annotations[`${PREFIX}Schedule`]
  if (text === undefined || text === null) return always === 0 ? NO_FLOOR : constantFloor(always)
  const { Default: day } = JSON.parse(String(text)) as Data
  const timeoutAt = new Map(listOf(day?.['ScaleDownTimeout']).map(({ Time, Value }) => [String(Time), Number(Value)]))
  const instances = Number(annotations[`${PREFIX}ReplicasAtStart`] ?? 1)
  const windows = listOf(day?.['WakeUp']).map((time): ClockWindow => {
    const seconds =
      timeoutAt.get(String(time)) ?? Number(annotations[`${PREFIX}TimeoutSecondBeforeSetReplicasMin`] ?? 300)
    return { minuteOfDay: minuteOf(time), minutes: Math.min(DAY_MINUTES, Math.floor(seconds / 60)), instances }
  })
  return behind(floorOfWindows(windows, always, false), LEAD_MINUTES)
}

const KINDS = {
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
} as const

/**
 * SlimFaas: annotations of a Deployment, in its autoscaling guide (read in November 2026): the only platform with a
 * keep-alive by the time of day and with wake-ups.
 */
export const slimfaas: Platform = {
  id: 'slimfaas',
  title: 'SlimFaas',
  summary: 'A time of inactivity per function, by the time of day, and times at which it wakes up.',
  sets: 'the annotations `SlimFaas/ReplicasMin`, `ReplicasAtStart`, `TimeoutSecondBeforeSetReplicasMin` and `Schedule` of a Deployment',
  sources: [
    { about: 'keys', says: 'annotations', at: 'SlimPlanet/SlimFaas, its guide on autoscaling', read: '2026-11-30' },
    {
      about: 'default',
      says: '300 s in most examples',
      at: 'SlimPlanet/SlimFaas, its guide, TimeoutSecondBeforeSetReplicasMin',
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: 'WakeUp and ScaleDownTimeout by time of day in a time zone',
      at: 'SlimPlanet/SlimFaas, its guide, Schedule',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'requests beyond NumberParallelRequest wait',
      at: 'SlimPlanet/SlimFaas, its guide, NumberParallelRequest',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'schedule', says: 'where a time-out becomes shorter, a function that was idle for longer goes at once' },
  ],
  lacks: 'Days of the week in a schedule, several levels in a day, pre-warming that begins at the last use.',
  present: kubernetesListing(KINDS),
  afterFall: 'A function that was idle for longer than its time-out goes at once.',
  sharesRunning: true,
  names: DNS_LABEL,
  settings: {
    namespace: { describe: 'The namespace of the deployments.', default: 'default', pattern: DNS_LABEL.pattern },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 5 * MINUTE,
    floor: NO_FLOOR,
    from: 'TimeoutSecondBeforeSetReplicasMin: 300 s',
  },
  write({ apps, timeZone, settings }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, WINDOW)
      const { always, start, day, notes } = scheduled(app, seconds, timeZone)
      const annotations = {
        [`${PREFIX}ReplicasMin`]: String(always),
        [`${PREFIX}ReplicasAtStart`]: String(start),
        [`${PREFIX}TimeoutSecondBeforeSetReplicasMin`]: String(seconds),
        [`${PREFIX}Schedule`]: day === undefined ? null : JSON.stringify({ TimeZoneID: timeZone, Default: day }),
      }
      const file = jsonFile(`deployments/${app.name}.json`, { metadata: { annotations } })
      return { name: app.name, file, notes: [note, ...notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: `deployment/${name}`, patch: file.path })),
      tool: kubectl(settings['namespace']!, KINDS),
      before: [
        'Every Deployment must be a function of SlimFaas already (SlimFaas/Function: "true"), and be called by SlimFaas: calls that go straight to the Service find nothing at zero replicas.',
        'Annotations of a Deployment do not restart its pods.',
        'How many calls a pod serves at a time is not changed. In the simulation, calls beyond that go to running pods, whatever the concurrency of the model. None of them is cold.',
      ],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'deployments')].map(([name, { metadata }]) => {
        const annotations = (metadata?.['annotations'] ?? {}) as Data
        const keepAliveMs = Number(annotations[`${PREFIX}TimeoutSecondBeforeSetReplicasMin`] ?? 300) * SECOND
        return [name, { prewarmMs: 0, keepAliveMs, ...floorsOf(annotations) }] as const
      }),
    )
  },
}
