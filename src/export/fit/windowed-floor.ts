import { type Floor, lowestLevel } from '../../policy/plan/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import type { NamedApp } from '../platform.ts'
import { type AfterFall, heldAfterFall } from '../schedule/after-fall.ts'
import { ahead, type ClockWindow, clockWindowsOf, floorText, isSameFloor, outsideGaps } from '../schedule/schedule.ts'
import { clockGaps } from '../schedule/platform-zone.ts'
import { cappedFloor } from './fit.ts'

/** How a platform takes a floor as spans of the day. */
interface WindowRule {
  readonly knob: string
  /** Instances that it takes at most. */
  readonly most: number
  readonly leadMinutes: number
  /** What its scaler holds after a span. */
  readonly afterFall?: AfterFall
}

/** A floor as a level that always holds, and spans that raise it. */
interface WindowedFloor {
  readonly floor: Floor
  readonly lowest: number
  readonly raised: readonly ClockWindow[]
  readonly notes: readonly FidelityNote[]
}

/** An app's floor within a platform's limits, earlier by its lead time, without changes in hours that the zone's clocks skip. */
export function windowedFloor(
  app: NamedApp,
  { knob, most, leadMinutes, afterFall }: WindowRule,
  timeZone: string,
): WindowedFloor {
  const { floor: capped, notes } = cappedFloor({ ...app, schedule: app.floor }, knob, most)
  const early = ahead(capped, leadMinutes)
  const floor = outsideGaps(early, clockGaps(timeZone))
  const lowest = lowestLevel(floor)
  const kind = isSameFloor(early, floor) ? 'exact' : 'clamped'
  const note: FidelityNote = { app: app.app, knob, kind, wanted: floorText(app.floor), written: floorText(floor) }
  const held = afterFall === undefined ? floor : heldAfterFall(floor, afterFall)
  const longer: FidelityNote = { ...note, kind: 'superset', written: `held as ${floorText(held)}` }
  const raised = clockWindowsOf(floor).filter(({ instances }) => instances > lowest)
  return { floor, lowest, raised, notes: [note, ...(isSameFloor(held, floor) ? [] : [longer]), ...notes] }
}
