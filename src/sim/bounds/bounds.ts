import { MINUTE } from '../../core/units.ts'
import { type CapacityBound, capacityBound } from './capacity-bound.ts'
import { HELD, knowingEachGap, type Lead } from './each-gap.ts'
import { type FixedWindows, fixedWindowPerApp, fixedWindows, idleOfFixed } from './fixed-windows.ts'
import { type Frontier, thinned } from './frontier.ts'
import { type BoundsInput, idlePeriods } from './idle-periods.ts'
import { staticWindows } from './static-windows.ts'

/** A frontier with its name, and what it bounds and assumes. */
export interface Bound {
  readonly id: string
  readonly title: string
  /** One sentence on whom it bounds. */
  readonly bounds: string
  readonly frontier: Frontier
}

/** All bounds of a trace in the model `paper`. */
export interface Bounds {
  readonly invocations: number
  readonly apps: number
  /** Cold starts that nothing avoids: the first use of each app. */
  readonly firstUses: number
  /** Idle memory of a fixed window of ten minutes, in MB x ms, to compare with. */
  readonly idleOfFixed10: number
  readonly lead: Lead
  readonly frontiers: readonly Bound[]
  readonly windows: FixedWindows
  readonly capacity: readonly CapacityBound[]
}

/** Loaded a minute ahead of time, or a tenth of the idle time where that is less, as break-even does it. */
export const BREAK_EVEN_LEAD: Lead = { ms: MINUTE, part: 0.1 }

/** Computes every bound; the last ones for each of the sizes of memory, in MB. */
export function boundsOf(input: BoundsInput, lead: Lead, memoryMb: readonly number[] = []): Bounds {
  const periods = idlePeriods(input)
  const windows = fixedWindows(periods)
  return {
    invocations: periods.invocations,
    apps: periods.apps,
    firstUses: periods.firstUses,
    idleOfFixed10: idleOfFixed(periods, 10 * MINUTE),
    lead,
    windows,
    frontiers: [
      {
        id: 'foresight',
        title: 'Perfect foresight',
        bounds: 'Bounds every policy that loads at least the lead ahead of time, or holds.',
        frontier: knowingEachGap(periods, lead),
      },
      {
        id: 'context-window',
        title: 'Law known after each idle time',
        bounds:
          'The best window of each app after each length of idle time, in hindsight; no bound on those that adapt.',
        frontier: staticWindows(periods, lead, 'lastGap'),
      },
      {
        id: 'app-window',
        title: 'Law of each app known',
        bounds: 'The best window of each app in hindsight, loads ahead of time included; no bound on those that adapt.',
        frontier: staticWindows(periods, lead, 'app'),
      },
      {
        id: 'hold-or-drop',
        title: 'Each idle time held or not',
        bounds: 'Bounds every policy that never loads ahead of time.',
        frontier: knowingEachGap(periods, HELD),
      },
      {
        id: 'fixed-per-app',
        title: 'Fixed window of each app',
        bounds: 'Bounds a fixed window for each app, chosen in hindsight.',
        frontier: fixedWindowPerApp(periods),
      },
      {
        id: 'fixed',
        title: 'One fixed window',
        bounds: 'Every fixed window for all apps alike: these are its accounts.',
        frontier: windows,
      },
    ],
    capacity: memoryMb.map((mb) => capacityBound(periods, mb)),
  }
}

/** The frontiers in at most so many points each, for drawings and documents. */
export function drawn({ frontiers }: Bounds, mostPoints: number): readonly Bound[] {
  return frontiers.map((bound) => ({ ...bound, frontier: thinned(bound.frontier, mostPoints) }))
}
