import { higherFloor, highestLevel } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merge.ts'
import type { Data } from '../files/export-file.ts'
import type { FidelityNote } from './fidelity.ts'
import { FIVE, fiveFields, timeOfCron } from '../schedule/cron.ts'
import type { AppRules } from '../../policy/plan/plan.ts'
import type { NamedApp } from '../platform.ts'
import { type AfterFall, heldAfterFall, heldWhileAwake } from '../schedule/after-fall.ts'
import { behind, type ClockWindow, floorOfWindows, isSame } from '../schedule/schedule.ts'
import { windowedFloor } from './windowed-floor.ts'

/** A cron trigger of KEDA's, which Azure Container Apps takes as well; every value is a text. */
interface CronTrigger {
  readonly timezone: string
  readonly start: string
  readonly end: string
  readonly desiredReplicas: string
}

/** KEDA sees a trigger at its next poll, 30 s at most, and then pods start: rises are asked for a minute ahead. */
const LEAD_MINUTES = 1
const KNOB = 'cron trigger'

/** How long KEDA and its HorizontalPodAutoscaler go on holding replicas, in seconds. */
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

/** The floor that a minimum and cron triggers hold, as late as KEDA is: when nobody calls, and while calls come. */
export function floorsOfTriggers(
  minimum: number,
  triggers: readonly Data[],
  waits: KedaWaits,
): Pick<AppRules, 'floor' | 'awakeFloor'> {
  const windows = triggers.map((trigger): ClockWindow => {
    const start = timeOfCron(String(trigger['start']), FIVE)
    const end = timeOfCron(String(trigger['end']), FIVE)
    return { ...start, instances: Number(trigger['desiredReplicas']), minutes: minutesBetween(start, end) }
  })
  const asked = behind(floorOfWindows(windows, minimum, false), LEAD_MINUTES)
  const floor = heldAfterFall(asked, afterTrigger(waits))
  const awakeFloor = heldWhileAwake(asked, afterTrigger(waits))
  return isSame(floor, awakeFloor) ? { floor } : { floor, awakeFloor: higherFloor(floor, awakeFloor) }
}

type Time = Pick<ClockWindow, 'minuteOfDay' | 'days'>

function endOf({ minuteOfDay, days, minutes }: ClockWindow): Time {
  const end = minuteOfDay + minutes
  const later = Math.floor(end / 1440)
  if (days === undefined) return { minuteOfDay: end % 1440 }
  return { minuteOfDay: end % 1440, days: days.map((day) => (day + later) % 7).toSorted((a, b) => a - b) }
}

function minutesBetween(start: Time, end: Time): number {
  const first = start.days?.[0]
  const startAt = (first ?? 0) * 1440 + start.minuteOfDay
  const cycle = first === undefined ? 1440 : 7 * 1440
  // The end that comes first after the first start.
  const ends = (end.days ?? [0]).map(
    (day) => ((first === undefined ? 0 : day) * 1440 + end.minuteOfDay - startAt + cycle) % cycle,
  )
  return Math.min(...ends)
}
