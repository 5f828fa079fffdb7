import { SECOND } from '../core/units.ts'
import type { Trace } from '../trace/trace.ts'
import type { Model } from './model.ts'

/** How long loading each app takes, in ms: the trace's own time, one second where it has none, or the model's constant. */
export function loadingTimes(trace: Trace, { coldStart }: Model): Float64Array {
  if (coldStart !== 'trace') return new Float64Array(trace.apps.count).fill(coldStart)
  return trace.apps.coldStartMs.map((ms) => (Number.isNaN(ms) ? SECOND : Math.round(ms)))
}
