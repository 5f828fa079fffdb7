import { isClosed, PaperWorld } from './paper-app.ts'
import { hearsSeveral, PaperGaps } from './paper-gaps.ts'
import { goesByApp, type ReplayByApp } from './replay.ts'

/**
 * The model `paper` app by app, for policies that hear of several idle times at once, or of none: several minutes cost no more
 * than one. Hot: measured by bench/paper.ts.
 */
export const paperByGaps: ReplayByApp = {
  id: 'paper-by-gaps',
  summary: 'The model paper in closed form over equal gaps between minutes.',
  order: 'app',
  suits(parts) {
    const { trace, model, policy } = parts
    if (!goesByApp(parts) || !isClosed(parts)) return false
    if (trace.arrivals.kind !== 'counts' || model.spread !== 'minute') return false
    if (policy.finished !== undefined || policy.rose !== undefined) return false
    return hearsSeveral(policy)
  },
  open(parts) {
    const app = new PaperGaps(new PaperWorld(parts))
    return {
      open: (row) => app.open(row),
      putGaps: (gaps) => app.arriveAll(gaps),
      close: () => app.close(),
    }
  },
}
