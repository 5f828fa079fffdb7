import { UserError } from '../core/user-error.ts'
import type { Trace } from '../trace/trace.ts'
import type { Model } from './model.ts'

/** MB that each app is charged for while loaded: its own, or 1 MB each. Throws where the trace has no memory to charge. */
export function chargedMemory(trace: Trace, { memory }: Pick<Model, 'memory'>): Float64Array {
  if (memory === 'equal') return new Float64Array(trace.apps.count).fill(1)
  if (trace.offers.includes('memory') || trace.apps.count === 0) return trace.apps.memoryMb
  throw new UserError({
    where: 'model.memory',
    problem: `the trace ${trace.id} has no memory table, so "trace" means nothing`,
    hint: 'Use memory: equal, which charges every app 1 MB.',
  })
}
