import { type Floor, lowestLevel } from '../../policy/plan/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import type { NamedApp } from '../platform.ts'
import { ahead, type ClockWindow, clockWindowsOf, floorText, isSame, outsideGaps } from '../schedule/schedule.ts'
import { clockGaps } from '../schedule/time-zone.ts'
import { cappedFloor } from './fit.ts'

/** How a platform takes a floor as windows of the clock: by which knob, at most how many instances, and how late it is. */
interface WindowRule {
  readonly knob: string
  readonly most: number
  readonly leadMinutes: number
}

/** A floor as what holds always, and windows that raise it. */
interface WindowedFloor {
  readonly floor: Floor
  readonly lowest: number
  readonly raised: readonly ClockWindow[]
  readonly notes: readonly FidelityNote[]
}

/** An app's floor within a platform's limits, ahead by its lead time and clear of hours that the zone's clocks skip. */
export function windowedFloor(app: NamedApp, { knob, most, leadMinutes }: WindowRule, timeZone: string): WindowedFloor {
  const { floor: capped, notes } = cappedFloor({ ...app, standIn: app.floor }, knob, most)
  const early = ahead(capped, leadMinutes)
  const floor = outsideGaps(early, clockGaps(timeZone))
  const lowest = lowestLevel(floor)
  const kind = isSame(early, floor) ? 'exact' : 'clamped'
  const note: FidelityNote = { app: app.app, knob, kind, wanted: floorText(app.floor), written: floorText(floor) }
  const raised = clockWindowsOf(floor).filter(({ instances }) => instances > lowest)
  return { floor, lowest, raised, notes: [note, ...notes] }
}
