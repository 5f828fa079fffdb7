import { DAY_MINUTES } from '../../core/units.ts'
import { higherFloor, highestLevel, WEEK_MINUTES } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import type { Data } from '../files/export-file.ts'
import type { FidelityNote } from './fidelity.ts'
import { FIVE, fiveFields, type Time, timesOfCron } from '../schedule/cron.ts'
import type { AppRules } from '../../policy/plan/plan.ts'
import type { NamedApp } from '../platform.ts'
import { type AfterFall, heldAfterFall, heldWhileAwake } from '../schedule/after-fall.ts'
import { behind, type ClockWindow, floorOfWindows, isSameFloor } from '../schedule/schedule.ts'
import { windowedFloor } from './windowed-floor.ts'

/** A cron trigger of KEDA's, which Azure Container Apps takes as well; every value is a text. */
interface CronTrigger {
  readonly timezone: string
  readonly start: string
  readonly end: string
  readonly desiredReplicas: string
}

/** KEDA sees a trigger at its next poll, after 30 s at most, and then pods start. So rises are written a minute earlier. */
const LEAD_MINUTES = 1
const KNOB = 'cron trigger'

/** How long KEDA and its HorizontalPodAutoscaler keep replicas, in seconds. */
export interface KedaWaits {
  /** Before it goes to zero, from the last moment at which a trigger was active. */
  readonly cooldownS: number
  /** The stabilisation window of the autoscaler. */
  readonly stableS: number
}

/**
 * What is held after a cron trigger's end: the autoscaler keeps to the highest number of its stabilisation window, and
 * KEDA takes all replicas to zero when the cool-down is over, whatever the autoscaler says.
 */
function afterTrigger({ cooldownS, stableS }: KedaWaits): AfterFall {
  return { allS: stableS, lastS: cooldownS }
}

/** A floor as KEDA takes it: a minimum at all times, and triggers that only raise it (scalers/cron_scaler.go). */
export interface KedaFloor {
  readonly minimum: number
  readonly triggers: readonly (CronTrigger & { readonly name: string })[]
  readonly highest: number
  readonly notes: readonly FidelityNote[]
}

/** An app's floor for KEDA; `most` replicas are allowed. */
export function kedaFloor(
  app: NamedApp,
  timeZone: string,
  waits: KedaWaits,
  most = Number.MAX_SAFE_INTEGER,
): KedaFloor {
  const { floor } = app
  if (floor.steps.length === 0) return { minimum: 0, triggers: [], highest: 0, notes: [] }
  const rule = { knob: KNOB, most, leadMinutes: LEAD_MINUTES, afterFall: afterTrigger(waits) }
  const { floor: asked, lowest: minimum, raised, notes } = windowedFloor(app, rule, timeZone)
  const triggers = raised.map((window, index) => ({
    name: `${OWN}${index + 1}`,
    timezone: timeZone,
    start: fiveFields(window),
    end: fiveFields(endOf(window)),
    desiredReplicas: String(window.instances),
  }))
  return { minimum, triggers, highest: highestLevel(asked), notes }
}

/** The floor that a minimum and cron triggers hold, with KEDA's delay: without calls, and while calls come. */
export function floorsOfTriggers(
  minimum: number,
  triggers: readonly Data[],
  waits: KedaWaits,
  timeZone: string,
): Pick<AppRules, 'floor' | 'awakeFloor'> {
  const windows = triggers.flatMap((trigger) => windowsOf(trigger, timeZone))
  const asked = behind(floorOfWindows(windows, minimum, false), LEAD_MINUTES)
  const floor = heldAfterFall(asked, afterTrigger(waits))
  const awakeFloor = heldWhileAwake(asked, afterTrigger(waits))
  return isSameFloor(floor, awakeFloor) ? { floor } : { floor, awakeFloor: higherFloor(floor, awakeFloor) }
}

/** A trigger is active while its next end comes before its next start: cron_scaler.go looks only at these two times. */
function windowsOf(trigger: Data, timeZone: string): ClockWindow[] {
  const zones = { from: String(trigger['timezone'] ?? timeZone), to: timeZone }
  const starts = timesOfCron(String(trigger['start']), FIVE, zones)
  const ends = timesOfCron(String(trigger['end']), FIVE, zones)
  const isDaily = [...starts, ...ends].every(({ days }) => days === undefined)
  const cycle = isDaily ? DAY_MINUTES : WEEK_MINUTES
  const [from, to] = [starts, ends].map((times) => times.flatMap((time) => minutesOf(time, isDaily))) as [
    number[],
    number[],
  ]
  const instances = Number(trigger['desiredReplicas'])
  return from.flatMap((start): ClockWindow[] => {
    const minutes = soonest(start, to, cycle)
    if (minutes > soonest(start, from, cycle)) return []
    const days = isDaily ? {} : { days: [Math.floor(start / DAY_MINUTES)] }
    return [{ minuteOfDay: start % DAY_MINUTES, ...days, minutes, instances }]
  })
}

function minutesOf({ minuteOfDay, days = [0, 1, 2, 3, 4, 5, 6] }: Time, isDaily: boolean): number[] {
  return isDaily ? [minuteOfDay] : days.map((day) => day * DAY_MINUTES + minuteOfDay)
}

/** Minutes from a moment to the next one of these. To itself it is the whole cycle. */
function soonest(from: number, times: readonly number[], cycle: number): number {
  return Math.min(...times.map((time) => (time - from + cycle - 1) % cycle)) + 1
}

function endOf({ minuteOfDay, days, minutes }: ClockWindow): Time {
  const end = minuteOfDay + minutes
  const later = Math.floor(end / DAY_MINUTES)
  if (days === undefined) return { minuteOfDay: end % DAY_MINUTES }
  return { minuteOfDay: end % DAY_MINUTES, days: days.map((day) => (day + later) % 7).toSorted((a, b) => a - b) }
}
