import { canonical } from '../core/canonical.ts'
import type { BoundCurve } from '../metrics/decision/decision.ts'
import type { Judged } from '../metrics/run.ts'
import { knowingEachGap } from '../sim/bounds/each-gap.ts'
import { type Frontier, thinned } from '../sim/bounds/frontier.ts'
import { idlePeriods } from '../sim/bounds/idle-periods.ts'
import { judgedPeriods } from '../sim/bounds/judged-periods.ts'
import { PAPER_MODEL, type PaperModel } from '../sim/model.ts'
import type { Store } from '../store/store.ts'
import type { Trace } from '../trace/trace.ts'
import { BOUND_KINDS } from './bounds-there.ts'
import { traceUntil } from './judged.ts'
import type { PlannedRun } from './run-plan.ts'
import { worldDraws } from './draws.ts'

/** What of a run its bounds depend on. */
interface Bounded {
  readonly model: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly judged: Judged | null
}

/** Larger traces have too many idle times to sort them beside a run; `pilotlight bounds` does it. */
const MOST_INVOCATIONS = 20_000_000
/** More worlds, as of many seeds, are not bounded each. */
const MOST_WORLDS = 16
const MOST_POINTS = 1000

/** The world of a run as the text that its bounds are kept under; undefined where it has none: bounds are of `paper`. */
export function boundedWorld({ model, seed, judged }: Bounded, offers: readonly string[]): string | undefined {
  if (model['kind'] !== 'paper' || (model['warmAtStart'] ?? 'none') !== 'none') return undefined
  const { unit, memory, spread = null } = model
  const draws = worldDraws({ ...PAPER_MODEL, ...model }, { offers })
  return canonical({ unit, memory, spread, seed: draws ? seed : null, judged })
}

/** Computes and keeps the bounds of all worlds of runs that the store does not have yet. */
export function keepBounds(store: Store, trace: Trace, runs: readonly PlannedRun[]): void {
  if (trace.invocations > MOST_INVOCATIONS) return
  const worlds = new Map<string, Bounded>()
  for (const { spec, judged } of runs) {
    const run = { model: spec.model, seed: spec.seed, judged }
    const world = boundedWorld(run, trace.offers)
    if (world !== undefined && !worlds.has(world)) worlds.set(world, run)
  }
  for (const [world, run] of [...worlds].slice(0, MOST_WORLDS)) {
    if (store.readBounds(trace.digest, world) === undefined)
      store.writeBounds(trace.digest, world, curvesOf(trace, run))
  }
}

function curvesOf(trace: Trace, { model, seed, judged }: Bounded): BoundCurve[] {
  const part = traceUntil(trace, judged)
  const whole = idlePeriods({ trace: part, model: { ...PAPER_MODEL, ...model } as PaperModel, seed })
  const periods = judgedPeriods(whole, judged?.fromMs ?? 0)
  return BOUND_KINDS.map(({ id, title, lead, bounds }) => ({
    id,
    title,
    bounds,
    points: pointsOf(thinned(knowingEachGap(periods, lead), MOST_POINTS)),
  }))
}

/** MB x ms in a MB·s. */
const MB_MS = 1000

function pointsOf({ idle, cold }: Frontier): BoundCurve['points'] {
  return Array.from(idle, (mbMs, at) => ({ idleMbS: mbMs / MB_MS, coldStarts: cold[at]! }))
}
