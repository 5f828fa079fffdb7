import { counted } from '../../core/counted.ts'
import { SECOND } from '../../core/units.ts'
import { constantFloor, type Floor, NO_FLOOR } from '../../policy/plan/floor.ts'
import type { Tool } from '../apply/tool.ts'
import { type Data, documentsOf, type ExportFile, jsonFile } from '../files/export-file.ts'
import type { NamedApp, NamedPlan, Platform } from '../platform.ts'
import { usualLevel } from '../schedule/schedule.ts'
import { fittedFloor, fittedWindow, scheduleNotes, type WindowRange } from './fit.ts'
import { servedBefore } from './demand.ts'
import type { FidelityNote } from './fidelity.ts'

/** What is set for an app: how long the platform keeps it, in whole seconds, and how many instances it always holds. */
export interface PlainValues {
  readonly app: NamedApp
  readonly seconds: number
  readonly instances: number
}

/** A platform that takes one window and one number of instances per app, or only the number. */
export interface PlainScale
  extends Pick<
    Platform,
    | 'id'
    | 'title'
    | 'summary'
    | 'sets'
    | 'lacks'
    | 'sources'
    | 'assumed'
    | 'present'
    | 'maxima'
    | 'names'
    | 'settings'
    | 'byDefault'
    | 'unit'
    | 'sharesRunning'
  > {
  /** Absent where the platform has no window that can be set. `stepS`: what it counts in, in seconds. */
  readonly window?: WindowRange & { readonly stepS?: number }
  /** Present where an app that always holds instances can have no window. */
  readonly either?: true
  /** Absent where it holds none; `most` of them. */
  readonly floor?: { readonly knob: string; readonly most?: number }
  /** The part of the platform's object that is set. */
  patch(values: PlainValues): unknown
  /** Reads the same from an object; what the object does not say is undefined. */
  read(object: Data): { readonly seconds?: number; readonly instances?: number }
  /** Absent where the settings are in the user's code; then {@link byHand} says what to do. */
  tool?(settings: NamedPlan['settings']): Tool
  readonly before?: readonly string[]
  /** How to undo what is done by hand, a sentence. */
  readonly back?: string
  byHand?(values: readonly PlainValues[], settings: NamedPlan['settings']): readonly string[]
  /** Files for those who keep settings in code. */
  files?(values: readonly PlainValues[], settings: NamedPlan['settings']): readonly ExportFile[]
}

interface Fitted extends PlainValues {
  readonly notes: readonly FidelityNote[]
}

function fitted(app: NamedApp, scale: PlainScale): Fitted {
  const { window, floor } = scale
  if (window === undefined) {
    const instances = Math.min(floor?.most ?? Number.MAX_SAFE_INTEGER, usualLevel(app.schedule))
    return { app, seconds: 0, instances, notes: scheduleNotes(app, floor!.knob, counted(instances, 'instance')) }
  }
  const { stepS = 1 } = window
  const found = fittedWindow(app, window)
  const seconds = Math.min(window.maxS, Math.ceil(found.seconds / stepS) * stepS)
  const least = fittedFloor(app, floor?.knob ?? 'none', floor === undefined ? 0 : floor.most)
  if (scale.either === true && least.instances > 0) {
    const written = 'no window beside a minimum'
    return {
      app,
      seconds: Math.round(scale.byDefault.keepAliveMs / SECOND),
      instances: least.instances,
      notes: [{ ...found.note, kind: 'clamped', written }, ...least.notes],
    }
  }
  const longer = seconds === found.seconds ? found.note.kind : 'clamped'
  return {
    app,
    seconds,
    instances: least.instances,
    notes: [{ ...found.note, kind: longer, written: `${seconds}s` }, ...least.notes],
  }
}

const FOLDER = 'apps'

/** The platform that such a description makes. */
export function plainPlatform(scale: PlainScale): Platform {
  const { window, byDefault, before = [] } = scale
  return {
    ...scale,
    // One number is found for all times.
    ...(window === undefined ? { schedule: { mostChanges: 0 } } : {}),
    write({ apps, settings }) {
      const all = apps.map((app) => fitted(app, scale))
      const files = all.map((values) => jsonFile(`${FOLDER}/${values.app.name}.json`, scale.patch(values)))
      const hand = scale.byHand?.(all, settings)
      return {
        files: [...files, ...(all.length === 0 ? [] : (scale.files?.(all, settings) ?? []))],
        notes: all.flatMap(({ notes }) => notes),
        changes: all.map(({ app: { name } }) => ({ object: name, patch: `${FOLDER}/${name}.json` })),
        ...(scale.tool === undefined ? {} : { tool: scale.tool(settings) }),
        before: [...before, ...servedBefore(apps)],
        ...(hand === undefined ? {} : { byHand: hand }),
        ...(scale.back === undefined ? {} : { back: scale.back }),
      }
    },
    read(files) {
      return new Map(
        [...documentsOf(files, FOLDER)].map(([name, object]) => {
          const { seconds, instances = 0 } = scale.read(object)
          const { keepAliveMs, lastKeepAliveMs } = byDefault
          const last = lastKeepAliveMs === undefined ? {} : { lastKeepAliveMs }
          const kept = seconds === undefined ? { keepAliveMs, ...last } : { keepAliveMs: seconds * SECOND }
          return [name, { prewarmMs: 0, ...kept, floor: floorOf(instances) }] as const
        }),
      )
    },
  }
}

function floorOf(instances: number): Floor {
  return instances === 0 ? NO_FLOOR : constantFloor(instances)
}
