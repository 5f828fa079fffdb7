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

/** How a platform takes a floor as actions at times of day. */
export interface SetPointRule {
  /** The platform's word for the level. */
  readonly knob: string
  readonly mostInstances: number
  /** The most actions that it accepts for one app. */
  readonly mostActions: number
  readonly actions: string
  /** Minutes that it needs to start instances. */
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
  /** The floor that the actions hold, in times of the schedule's clocks. */
  readonly floor: Floor
  readonly notes: readonly FidelityNote[]
  readonly refused: Refusal | undefined
}

/** What is written for a platform without windows: schedules of the apps that need any, and the notes of all apps. */
export interface Schedules {
  readonly asking: readonly AppSchedule[]
  /** Apps that need no instances: nothing is held for them but by schedules of the operator's own. */
  readonly others: readonly NamedApp[]
  readonly notes: readonly FidelityNote[]
  /** Apps that need more actions than the platform accepts. */
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
  // A level that never changes has one action: it sets the level again where somebody changed it. No zone skips noon.
  const points =
    found.length === 0 && highestLevel(floor) > 0 ? [{ minuteOfDay: 720, instances: levelAt(floor, 0) }] : found
  const refused = refusedAbove(rule.mostActions, points.length, rule.actions, app.app)
  const first = levelAt(floor, 0)
  const highest = highestLevel(floor)
  const written = isConstant(floor) && first === 0 ? 'nothing' : floorText(floor)
  return { app, first, highest, points, floor, refused, notes: [...scheduleNotes(app, rule.knob, written), ...notes] }
}

/** The objects in a folder that schedules change. */
export function schedulesChanges({ asking, others }: Schedules, folder: string): Change[] {
  return [...asking.map(({ app }) => app), ...others].map(({ name }) => ({
    object: name,
    patch: `${folder}/${name}.json`,
  }))
}

/** How many instances schedules hold at most, if all do at once, as part of a sentence. */
export function mostHeld(asking: readonly AppSchedule[]): string {
  const most = asking.reduce((sum, { highest }) => sum + highest, 0)
  return `this export holds ${most} at most, if all levels are at their highest at once`
}

/** What a schedule does to numbers that an operator set, as a sentence of a README. */
export function replacedBefore(number: string): string {
  return `${number} becomes the policy’s, also where that is 0. Schedules of your own stay, and set their numbers at their times. rollback.sh gives the old number back.`
}

/** The file from which apply.sh reads the level that should hold now: see `level` in tool.sh. */
export function levelFile(name: string, { cycle, steps }: Floor, timeZone: string): ExportFile {
  return jsonFile(`levels/${name}.json`, { timeZone, cycle, steps })
}

/** The line of a tool that prints the patch `$1` with the level of this moment at a path of jq, where the app has a schedule. */
export function withLevel(path: string): string {
  return `if [ -e "levels/$(basename "$1")" ]; then jq --argjson level "$(level "levels/$(basename "$1")")" '${path} = $level' "$1"; else cat "$1"; fi`
}

/** The floor that actions hold with the platform's delay. Without any action, `first` holds. */
export function heldBy(
  points: readonly SetPoint[],
  first: number,
  { leadMinutes }: Pick<SetPointRule, 'leadMinutes'>,
): Floor {
  return behind(floorOfSetPoints(points, first), leadMinutes)
}
