import type { BoundThere } from '../metrics/origin.ts'
import type { FinishedRun, RunFigures } from '../metrics/run.ts'
import { BREAK_EVEN_LEAD } from '../sim/bounds/bounds.ts'
import { HELD, knowingEachGap } from '../sim/bounds/each-gap.ts'
import { coldAt, type Frontier } from '../sim/bounds/frontier.ts'
import { idlePeriods } from '../sim/bounds/idle-periods.ts'
import { PAPER_MODEL, type PaperModel } from '../sim/model.ts'
import type { Trace } from '../trace/trace.ts'

/** The bounds that reports tell: of those who load ahead of time, and of those who do not. */
export const BOUND_KINDS = [
  {
    id: 'foresight',
    title: 'Perfect foresight',
    lead: BREAK_EVEN_LEAD,
    bounds: 'Perfect foresight: bounds every policy that loads at least a minute, or a tenth of the idle time, ahead.',
  },
  {
    id: 'hold-or-drop',
    title: 'Each idle time held or not',
    lead: HELD,
    bounds: 'Each idle time held or not, in hindsight: bounds every policy that never loads ahead of time.',
  },
] as const

/** Idle memory of a run in MB·s, in the unit of a frontier. */
const MB_MS = 1000

/** A function that gives the bounds of runs on a trace; what worlds share is computed once. */
export function boundsThere(trace: Trace) {
  const known = new Map<string, readonly Frontier[]>()
  const frontiersOf = (model: PaperModel, seed: number): readonly Frontier[] => {
    const key = JSON.stringify([model.unit, model.memory, model.spread, seed])
    const before = known.get(key)
    if (before !== undefined) return before
    const periods = idlePeriods({ trace, model, seed })
    const made = BOUND_KINDS.map(({ lead }) => knowingEachGap(periods, lead))
    known.set(key, made)
    return made
  }
  return (
    { model, seed, judged }: Pick<FinishedRun, 'model' | 'seed' | 'judged'>,
    { totals }: Pick<RunFigures, 'totals'>,
  ): readonly BoundThere[] => {
    // Bounds are of the model paper, of the whole trace up to its end, where every app is cold at first.
    const isBounded =
      model['kind'] === 'paper' && model['horizon'] === 'cut' && (model['warmAtStart'] ?? 'none') === 'none'
    if (!isBounded || judged !== null) return []
    const frontiers = frontiersOf({ ...PAPER_MODEL, ...model } as PaperModel, seed)
    return BOUND_KINDS.map(({ id, bounds }, at) => {
      // The sum of idle memory is rounded once, and a frontier's point by point.
      const budget = totals.idleMbS * MB_MS * (1 + 1e-9)
      const coldStarts = Math.ceil(coldAt(frontiers[at]!, budget) - 1e-6)
      return { id, bounds, coldStarts, distance: totals.coldStarts - coldStarts }
    })
  }
}
