import { type Floor, highestLevel, levelAt } from '../policy/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import { demandAtMost } from './limits.ts'
import type { NamedApp } from './platform.ts'
import { ahead, floorText, isConstant, type SetPoint, setPointsOf } from './schedule.ts'
import { cappedFloor, scheduleNotes } from './wishes.ts'

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

/** What a platform without windows is given for an app. Throws a UserError for more actions than it takes. */
export function scheduleOf(app: NamedApp, rule: SetPointRule): AppSchedule {
  const { floor: wanted, notes } = cappedFloor(app, rule.knob, rule.mostInstances)
  const floor: Floor = ahead(wanted, rule.leadMinutes)
  const points = setPointsOf(floor)
  demandAtMost(rule.mostActions, points.length, rule.actions, `app ${app.app}`)
  const first = levelAt(floor, 0)
  const highest = highestLevel(floor)
  const written = isConstant(floor) && first === 0 ? 'nothing' : floorText(floor)
  return { app, first, highest, points, notes: [...scheduleNotes(app, rule.knob, written), ...notes] }
}

/** Whether a schedule asks for anything. */
export function asksForInstances({ highest }: AppSchedule): boolean {
  return highest > 0
}
