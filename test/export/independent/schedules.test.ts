import { Cron } from 'croner'
import { describe, expect, it } from 'vitest'
import { type Data, listOf } from '../../../src/export/files/export-file.ts'
import type { Export } from '../../../src/export/export-plan.ts'
import { ahead, outsideGaps, shifted } from '../../../src/export/schedule/schedule.ts'
import { clockGaps, standardOffset } from '../../../src/export/schedule/platform-zone.ts'
import { type Floor, levelAt } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, WEEKLY } from '../exported.ts'

const YEAR_FROM = Date.UTC(2027, 0, 1)
const YEAR_TO = Date.UTC(2028, 0, 1)
const STEP_MS = 15 * 60_000
/** Summer time of an hour in both hemispheres' spring and autumn, of half an hour, and none at all. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata']
const FLOORS: readonly (readonly [string, Floor])[] = [
  ['daily', DAILY],
  ['weekly', WEEKLY],
]

/** A cron of a file as the platform fires it, and the level that it sets. */
interface Action {
  readonly cron: string
  readonly zone: string
  readonly level: number
}

/** The moments of a year, and what the clocks of a zone show then: minutes since Monday's midnight, and the date. */
function clocksOf(zone: string): { at: number; minute: number; date: string; offset: number }[] {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const moments = Array.from({ length: (YEAR_TO - YEAR_FROM) / STEP_MS }, (_, step) => YEAR_FROM + step * STEP_MS)
  return moments.map((at) => {
    const [year, month, day, hour, minute] = clock.formatToParts(at).flatMap(({ type, value }) => {
      return type === 'literal' ? [] : [Number(value)]
    }) as [number, number, number, number, number]
    const local = Date.UTC(year, month - 1, day, hour, minute)
    const weekday = (new Date(local).getUTCDay() + 6) % 7
    return { at, minute: weekday * 1440 + hour * 60 + minute, date: `${year}-${month}-${day}`, offset: local - at }
  })
}
const CLOCKS = new Map([...ZONES, 'Etc/GMT-8'].map((zone) => [zone, clocksOf(zone)]))

/** Days of a zone on which its clocks are moved. */
function movedDays(zone: string): Set<string> {
  const days = Map.groupBy(CLOCKS.get(zone)!, ({ date }) => date)
  return new Set([...days].filter(([, all]) => new Set(all.map(({ offset }) => offset)).size > 1).map(([date]) => date))
}

/** Every firing of the year and of the week before, in order. */
function firings(actions: readonly Action[]): { at: number; level: number }[] {
  const all = actions.flatMap(({ cron, zone, level }) => {
    const job = new Cron(cron, { timezone: zone, paused: true })
    const found: { at: number; level: number }[] = []
    let next = job.nextRun(new Date(YEAR_FROM - 8 * 86_400_000))
    while (next !== null && next.getTime() < YEAR_TO) {
      found.push({ at: next.getTime(), level })
      next = job.nextRun(next)
    }
    return found
  })
  return all.toSorted((a, b) => a.at - b.at)
}

/** Moments at which the level that the firings left differs from the floor by the zone's clocks. */
function mismatches(actions: readonly Action[], zone: string, floor: Floor): string[] {
  const fired = firings(actions)
  let next = 0
  let level = Number.NaN
  return CLOCKS.get(zone)!.flatMap(({ at, minute, date }) => {
    for (; next < fired.length && fired[next]!.at <= at; next += 1) level = fired[next]!.level
    return level === levelAt(floor, minute) ? [] : [date]
  })
}

function jsonUnder({ files }: Export, folder: string): Data[] {
  return files.filter(({ path }) => path.startsWith(folder)).map(({ text }) => JSON.parse(text) as Data)
}

function action(cron: Data | undefined, zone: Data | string, level: Data | undefined): Action {
  return { cron: String(cron), zone: String(zone), level: Number(level) }
}

/** What stands in the brackets of `cron(…)`. */
function inside({ cron, ...rest }: Action): Action {
  return { ...rest, cron: /^cron\((.*)\)$/.exec(cron)![1]! }
}

/** How each platform with set points fires the crons that its files hold; AWS has the year last and no seconds. */
const SET_POINTS: Readonly<Record<string, (made: Export) => Action[]>> = {
  'aws-lambda': (made) =>
    jsonUnder(made, 'functions/').flatMap(({ actions }) =>
      listOf(actions).map(({ Schedule, Timezone, ScalableTargetAction }) => {
        const { cron, ...rest } = inside(action(Schedule, Timezone!, ScalableTargetAction!['MinCapacity']))
        return { cron: `0 ${cron}`, ...rest }
      }),
    ),
  'azure-functions': (made) =>
    jsonUnder(made, 'timers/').flatMap(({ timeZone, changes }) =>
      listOf(changes).map(({ cron, instances }) => action(cron, timeZone!, instances)),
    ),
  'google-cloud-run': (made) =>
    jsonUnder(made, 'services/').flatMap(({ jobs }) =>
      listOf(jobs).map(({ schedule, timeZone, httpTarget }) => {
        const { scaling } = JSON.parse(atob(String(httpTarget!['body']))) as Data
        return action(schedule, timeZone!, scaling!['minInstanceCount'])
      }),
    ),
  'alibaba-fc': (made) =>
    jsonUnder(made, 'provision/').flatMap(({ scheduledActions }) =>
      listOf(scheduledActions).map(({ scheduleExpression, timeZone, target }) =>
        inside(action(scheduleExpression, timeZone!, target)),
      ),
    ),
  'huawei-functiongraph': (made) =>
    jsonUnder(made, 'reserved/').flatMap(({ tactics_config }) =>
      listOf(tactics_config!['cron_configs']).map(({ cron, count }) => {
        const [, zone, fields] = /^CRON_TZ=(\S+) (.*)$/.exec(String(cron))!
        return { cron: fields!, zone: zone!, level: Number(count) }
      }),
    ),
  'tencent-scf': (made) =>
    jsonUnder(made, 'provisioned/').flatMap(({ TriggerActions }) =>
      listOf(TriggerActions).map(({ TriggerCronConfig, TriggerProvisionedConcurrencyNum }) =>
        action(TriggerCronConfig, 'Etc/GMT-8', TriggerProvisionedConcurrencyNum),
      ),
    ),
}
/** What is asked for: a floor so many minutes ahead, and without changes at times that the zone's clocks skip. */
function asked(floor: Floor, leadMinutes: number, zone: string): Floor {
  return outsideGaps(ahead(floor, leadMinutes), clockGaps(zone))
}

const LEAD_MINUTES: Readonly<Record<string, number>> = { 'aws-lambda': 2 }

describe.each(Object.entries(SET_POINTS))('the schedule for %s', (id, actionsOf) => {
  for (const zone of ZONES) {
    it.each(FLOORS)(
      `holds the %s floor by the clocks of ${zone} all year, but for the hours that clocks are moved`,
      (_, floor) => {
        const actions = actionsOf(exported(id, planOf([appPlan({ schedule: floor })], zone)))
        const itsOwn = actions[0]!.zone
        const moved = itsOwn === zone ? floor : shifted(floor, 480 - standardOffset(zone).minutes)
        const wrong = mismatches(actions, itsOwn, asked(moved, LEAD_MINUTES[id] ?? 1, itsOwn))
        const days = movedDays(itsOwn)
        expect(wrong.filter((date) => !days.has(date))).toEqual([])
        for (const day of days) expect(wrong.filter((date) => date === day).length).toBeLessThanOrEqual(4)
      },
    )
  }
})

/** All days but those on which clocks are moved, moment by moment. */
function quietMoments(zone: string) {
  const moved = movedDays(zone)
  return CLOCKS.get(zone)!.filter(({ date }) => !moved.has(date))
}

/** A walk through times in order: how many are gone by at a moment, which must not go back. */
function walk(times: readonly number[]): (at: number) => number {
  let gone = 0
  return (at) => {
    while (gone < times.length && times[gone]! <= at) gone += 1
    return gone
  }
}

function timesOf(cron: string, zone: string): number[] {
  return firings([{ cron, zone, level: 0 }]).map(({ at }) => at)
}

function kedaTriggers(id: string, zone: string, floor: Floor): { minimum: number; triggers: Data[] } {
  const made = exported(id, planOf([appPlan({ floor })], zone))
  if (id === 'keda') {
    const [{ spec }] = jsonUnder(made, 'scaledobjects/') as [Data]
    const crons = listOf(spec!['triggers']).filter(({ type }) => String(type) === 'cron')
    return { minimum: Number(spec!['minReplicaCount']), triggers: crons.map(({ metadata }) => metadata!) }
  }
  const [{ properties }] = jsonUnder(made, 'apps/') as [Data]
  const { minReplicas, rules } = properties!['template']!['scale']!
  const crons = listOf(rules).filter(({ custom }) => custom !== undefined)
  return { minimum: Number(minReplicas), triggers: crons.map(({ custom }) => custom!['metadata']!) }
}

describe.each(['keda', 'azure-container-apps'])('the cron triggers for %s', (id) => {
  for (const zone of ['Europe/Berlin', 'Asia/Kolkata']) {
    it.each(FLOORS)(
      `raise to the %s floor by the clocks of ${zone}, on days whose clocks are not moved`,
      (_, floor) => {
        const { minimum, triggers } = kedaTriggers(id, zone, floor)
        const windows = triggers.map(({ timezone, start, end, desiredReplicas }) => {
          const starts = timesOf(String(start), String(timezone))
          const ends = timesOf(String(end), String(timezone))
          return { starts, ends, begun: walk(starts), ended: walk(ends), level: Number(desiredReplicas) }
        })
        expect(windows.every(({ level }) => level > 0)).toBe(true)
        const wanted = asked(floor, 1, zone)
        const wrong = quietMoments(zone).filter(({ at, minute }) => {
          // A window is open where it ends before it begins again (scalers/cron_scaler.go).
          const open = windows.map(({ starts, ends, begun, ended, level }) => {
            const next = { start: starts[begun(at)] ?? Number.POSITIVE_INFINITY, end: ends[ended(at)] ?? YEAR_TO }
            return next.end < next.start ? level : 0
          })
          return at < YEAR_TO - 8 * 86_400_000 && Math.max(minimum, ...open) !== levelAt(wanted, minute)
        })
        expect(wrong).toEqual([])
      },
    )
  }
})

describe('the windows for fission', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York']) {
    it.each(FLOORS)(`hold the %s floor by the clocks of ${zone}, on days whose clocks are not moved`, (_, floor) => {
      const made = exported('fission', planOf([appPlan({ floor })], zone))
      const [{ spec }] = jsonUnder(made, 'functions/') as [Data]
      const { target, windows } = spec!['provisionedConcurrency']!
      expect(Number(target)).toBeGreaterThanOrEqual(1)
      const all = listOf(windows).map(({ start, duration, target: level }) => {
        const [, timezone, cron] = /^CRON_TZ=(\S+) (.*)$/.exec(String(start))!
        expect(String(duration)).toMatch(/^\d+m$/)
        const starts = timesOf(cron!, timezone!)
        return { starts, begun: walk(starts), ms: Number.parseInt(String(duration), 10) * 60_000, level: Number(level) }
      })
      const wanted = asked(floor, 1, zone)
      const wrong = quietMoments(zone).filter(({ at, minute }) => {
        // An open window replaces the target, even by less; of several the highest holds.
        const open = all.filter(
          ({ starts, begun, ms }) => at < (starts[begun(at) - 1] ?? Number.NEGATIVE_INFINITY) + ms,
        )
        const level = open.length === 0 ? Number(target) : Math.max(...open.map((each) => each.level))
        return level !== levelAt(wanted, minute)
      })
      expect(wrong).toEqual([])
    })
  }
})
