import { counted } from '../../core/counted.ts'
import { formatDuration, SECOND } from '../../core/units.ts'
import { breaksOf, floorOfBreaks, highestLevel, levelAt } from '../../policy/plan/floor.ts'
import type { FidelityKind, FidelityNote } from './fidelity.ts'
import type { NamedApp } from '../platform.ts'
import { floorText, isConstant, usualLevel } from '../schedule/schedule.ts'

/** The windows that a platform accepts, in whole seconds. */
export interface WindowRange {
  /** The platform's word for it. */
  readonly knob: string
  readonly minS: number
  readonly maxS: number
}

/** Seconds that a 32-bit integer holds, for platforms that state no other limit. */
export const MOST_SECONDS = 2 ** 31 - 1

/** How long an idle app stays loaded until its windows are over, pre-warming included; 0 where it is not loaded again. */
export function spanMs({ prewarmMs, keepAliveMs }: Pick<NamedApp, 'prewarmMs' | 'keepAliveMs'>): number {
  return prewarmMs === Number.POSITIVE_INFINITY ? 0 : prewarmMs + keepAliveMs
}

/** The window that a platform gets for an app, in whole seconds, and what it loses. */
export function fittedWindow(
  app: NamedApp,
  { knob, minS, maxS }: WindowRange,
): { seconds: number; note: FidelityNote } {
  const wished = Math.ceil(spanMs(app) / SECOND)
  const seconds = Math.min(maxS, Math.max(minS, wished))
  const kind: FidelityKind =
    seconds !== wished
      ? 'clamped'
      : app.prewarmMs > 0 && app.prewarmMs < Number.POSITIVE_INFINITY
        ? 'superset'
        : 'exact'
  return { seconds, note: { app: app.app, knob, kind, wanted: windowsText(app), written: `${seconds}s` } }
}

/** Both windows in words. */
export function windowsText({ prewarmMs, keepAliveMs }: Pick<NamedApp, 'prewarmMs' | 'keepAliveMs'>): string {
  const keep = formatDuration(keepAliveMs)
  if (prewarmMs === 0) return `keep ${keep}`
  return prewarmMs === Number.POSITIVE_INFINITY
    ? 'unload, load no more'
    : `unload, load after ${formatDuration(prewarmMs)}, keep ${keep}`
}

/** A note for an app with several instances, where all but the last go sooner than its window says. */
export function othersNote(app: NamedApp, knob: string, seconds: number): FidelityNote[] {
  const wanted = spanMs(app)
  if (app.evidence.peakInstances < 2 || seconds * SECOND >= wanted) return []
  const written = `${seconds}s for all instances but the last`
  return [{ app: app.app, knob, kind: 'clamped', wanted: windowsText(app), written }]
}

/** A policy's own floor on a platform that takes one number, or none where `most` is 0. */
export function fittedFloor(
  app: NamedApp,
  knob: string,
  most = Number.MAX_SAFE_INTEGER,
): { instances: number; notes: FidelityNote[] } {
  const { floor } = app
  if (floor.steps.length === 0) return { instances: 0, notes: [] }
  const usual = usualLevel(floor)
  const instances = Math.min(usual, most)
  const kind: FidelityKind = instances < usual ? 'clamped' : isConstant(floor) ? 'exact' : 'floor'
  const kinds: FidelityKind[] = isConstant(floor) || kind === 'floor' ? [kind] : [kind, 'floor']
  const wanted = floorText(floor)
  const notes = kinds.map((each) => ({
    app: app.app,
    knob,
    kind: each,
    wanted,
    written: counted(instances, 'instance'),
  }))
  return { instances, notes }
}

/** The note that a floor by the time of day replaces the windows. */
export function scheduleNotes(app: NamedApp, knob: string, written: string): FidelityNote[] {
  const note = { app: app.app, knob, kind: 'schedule' as const, wanted: windowsText(app), written }
  if (app.floor.steps.length === 0) return [note]
  return [note, { ...note, wanted: floorText(app.floor) }]
}

/** A floor with no level above `most`, and a note where a level was lowered for that. */
export function cappedFloor(
  app: NamedApp,
  knob: string,
  most: number,
): { floor: NamedApp['schedule']; notes: FidelityNote[] } {
  const { schedule } = app
  const highest = highestLevel(schedule)
  if (highest <= most) return { floor: schedule, notes: [] }
  const floor = floorOfBreaks(schedule.cycle, breaksOf(schedule, schedule.cycle), (minute) =>
    Math.min(levelAt(schedule, minute), most),
  )
  const note = {
    app: app.app,
    knob,
    kind: 'clamped' as const,
    wanted: counted(highest, 'instance'),
    written: counted(most, 'instance'),
  }
  return { floor, notes: [note] }
}
