import { type Floor, highestLevel, levelAt } from '../../policy/plan/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import { type Refusal, refusedAbove } from './refusal.ts'
import type { Change } from '../apply/tool.ts'
import { type ExportFile, jsonFile } from '../files/export-file.ts'
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
import { clockGaps } from '../schedule/platform-zone.ts'
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
  /** At least one where the level is ever above 0. */
  readonly points: readonly SetPoint[]
  /** What the actions hold, told by the clocks of the schedule. */
  readonly floor: Floor
  readonly notes: readonly FidelityNote[]
  readonly refused: Refusal | undefined
}

/** What a platform without windows is given: apps that ask for instances at any time, and the notes of all. */
export interface Schedules {
  readonly asking: readonly AppSchedule[]
  /** Apps that ask for none: what an earlier export set for them is taken away. */
  readonly others: readonly NamedApp[]
  readonly notes: readonly FidelityNote[]
  /** Apps that take more actions than the platform does. */
  readonly refused: readonly Refusal[]
}

/** The schedules of a plan's apps. */
export function schedulesOf({ apps, timeZone }: Pick<NamedPlan, 'apps' | 'timeZone'>, rule: SetPointRule): Schedules {
  const all = apps.map((app) => scheduleOf(app, rule, timeZone))
  return {
    asking: all.filter(({ highest, refused }) => highest > 0 && refused === undefined),
    others: all.filter(({ highest, refused }) => highest === 0 && refused === undefined).map(({ app }) => app),
    notes: all.flatMap(({ notes }) => notes),
    refused: all.flatMap(({ refused }) => refused ?? []),
  }
}

function scheduleOf(app: NamedApp, rule: SetPointRule, timeZone: string): AppSchedule {
  const { floor: wanted, notes } = cappedFloor(app, rule.knob, rule.mostInstances)
  const floor: Floor = outsideGaps(ahead(wanted, rule.leadMinutes), clockGaps(timeZone))
  const found = setPointsOf(floor)
  // One action says that the level is ours, and sets it again where somebody changed it: at noon, which no zone skips.
  const points =
    found.length === 0 && highestLevel(floor) > 0 ? [{ minuteOfDay: 720, instances: levelAt(floor, 0) }] : found
  const refused = refusedAbove(rule.mostActions, points.length, rule.actions, app.app)
  const first = levelAt(floor, 0)
  const highest = highestLevel(floor)
  const written = isConstant(floor) && first === 0 ? 'nothing' : floorText(floor)
  return { app, first, highest, points, floor, refused, notes: [...scheduleNotes(app, rule.knob, written), ...notes] }
}

/** The objects in a folder that schedules change: they are made of `create` where an app asks for instances. */
export function schedulesChanges({ asking, others }: Schedules, folder: string, create: string): Change[] {
  const change = ({ name }: Pick<NamedApp, 'name'>, made: string): Change => {
    return { object: name, patch: `${folder}/${name}.json`, create: made }
  }
  return [...asking.map(({ app }) => change(app, create)), ...others.map((app) => change(app, 'nothing'))]
}

/** The file from which apply.sh tells the level that holds at the time: see `level` in tool.sh. */
export function levelFile(name: string, { cycle, steps }: Floor, timeZone: string): ExportFile {
  return jsonFile(`levels/${name}.json`, { timeZone, cycle, steps })
}

/** The floor that actions really hold, as late as the platform is; without any, `first` holds. */
export function heldBy(
  points: readonly SetPoint[],
  first: number,
  { leadMinutes }: Pick<SetPointRule, 'leadMinutes'>,
): Floor {
  return behind(floorOfSetPoints(points, first), leadMinutes)
}
