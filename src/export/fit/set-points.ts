import { type Floor, highestLevel, levelAt } from '../../policy/plan/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import { demandAtMost } from './limits.ts'
import type { NamedApp, NamedPlan } from '../platform.ts'
import {
  ahead,
  behind,
  floorOfSetPoints,
  floorText,
  isConstant,
  outsideGaps,
  type SetPoint,
  setPointsOf,
} from '../schedule/schedule.ts'
import { clockGaps } from '../schedule/time-zone.ts'
import { cappedFloor, scheduleNotes } from './fit.ts'

/** How a platform takes a floor as actions by the clock. */
export interface SetPointRule {
  /** The platform's word for the level. */
  readonly knob: string
  readonly mostInstances: number
  /** Actions that it takes at most for one app. */
  readonly mostActions: number
  readonly actions: string
  /** Minutes that it needs to bring instances up. */
  readonly leadMinutes: number
}

/** An app's floor in a platform's terms. */
export interface AppSchedule {
  readonly app: NamedApp
  /** The level before the first action: that of Monday's midnight. */
  readonly first: number
  /** The highest level. */
  readonly highest: number
  readonly points: readonly SetPoint[]
  readonly notes: readonly FidelityNote[]
}

/** What a platform without windows is given: apps that ask for instances at any time, and the notes of all. */
export interface Schedules {
  readonly asking: readonly AppSchedule[]
  readonly notes: readonly FidelityNote[]
}

/** The schedules of a plan's apps. Throws a UserError for an app that takes more actions than the platform does. */
export function schedulesOf({ apps, timeZone }: Pick<NamedPlan, 'apps' | 'timeZone'>, rule: SetPointRule): Schedules {
  const all = apps.map((app) => scheduleOf(app, rule, timeZone))
  return { asking: all.filter(({ highest }) => highest > 0), notes: all.flatMap(({ notes }) => notes) }
}

function scheduleOf(app: NamedApp, rule: SetPointRule, timeZone: string): AppSchedule {
  const { floor: wanted, notes } = cappedFloor(app, rule.knob, rule.mostInstances)
  const floor: Floor = outsideGaps(ahead(wanted, rule.leadMinutes), clockGaps(timeZone))
  const points = setPointsOf(floor)
  demandAtMost(rule.mostActions, points.length, rule.actions, `app ${app.app}`)
  const first = levelAt(floor, 0)
  const highest = highestLevel(floor)
  const written = isConstant(floor) && first === 0 ? 'nothing' : floorText(floor)
  return { app, first, highest, points, notes: [...scheduleNotes(app, rule.knob, written), ...notes] }
}

/** The floor that actions really hold, as late as the platform is; without any, `first` holds. */
export function heldBy(
  points: readonly SetPoint[],
  first: number,
  { leadMinutes }: Pick<SetPointRule, 'leadMinutes'>,
): Floor {
  return behind(floorOfSetPoints(points, first), leadMinutes)
}
