import type { Trace } from '../../trace/trace.ts'
import { arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import { chargedMemory } from '../charged-memory.ts'
import { loadingTimes } from '../loading-times.ts'
import { INSTANCES_MODEL, type PaperModel } from '../model.ts'
import { unitsOf } from '../simulation.ts'

/** What bounds are computed from: a trace, and the options of the model `paper` that matter. */
export interface BoundsInput {
  readonly trace: Trace
  readonly model: PaperModel
  readonly seed: number
}

/**
 * All idle times of a trace in the model `paper`, where an app is idle from one arrival to the next: one row an idle time
 * that an arrival ended, app by app and in order. Arrivals at the same instant end none. Times in ms.
 */
export interface IdlePeriods {
  readonly apps: number
  readonly horizonMs: number
  readonly invocations: number
  /** Apps that were invoked: their first cold starts nothing avoids. */
  readonly firstUses: number
  readonly app: Uint32Array
  readonly startMs: Float64Array
  readonly lengthMs: Float64Array
  /** Per app: the time from its last arrival to the end of the trace; -1 for one that never was invoked. */
  readonly tailMs: Float64Array
  readonly memoryMb: Float64Array
  /** Per app: what a cold start takes, by the trace, one second where it does not say; for weighing cold starts. */
  readonly coldStartMs: Float64Array
}

/** Collects the idle times of a trace. */
export function idlePeriods({ trace: given, model, seed }: BoundsInput): IdlePeriods {
  const trace = unitsOf(given, model)
  const { horizonMs } = trace
  const arrivals = arrivalsByApp(trace, model.spread, seed)
  const { block } = arrivals
  const apps: number[] = []
  const starts: number[] = []
  const lengths: number[] = []
  const tailMs = new Float64Array(trace.apps.count).fill(-1)
  let invocations = 0
  for (let app = 0; app < trace.apps.count; app += 1) {
    arrivals.open(app)
    let last = -1
    for (let rows = arrivals.next(); rows > 0; rows = arrivals.next()) {
      for (let row = 0; row < rows; row += 1) {
        const now = block.timeMs[row]!
        invocations += block.count[row]!
        if (last >= 0 && now > last) {
          apps.push(app)
          starts.push(last)
          lengths.push(now - last)
        }
        last = now
      }
    }
    if (last >= 0) tailMs[app] = Math.max(0, horizonMs - last)
  }
  return {
    apps: trace.apps.count,
    horizonMs,
    invocations,
    firstUses: tailMs.reduce((sum, tail) => sum + (tail >= 0 ? 1 : 0), 0),
    app: Uint32Array.from(apps),
    startMs: Float64Array.from(starts),
    lengthMs: Float64Array.from(lengths),
    tailMs,
    memoryMb: chargedMemory(trace, model),
    coldStartMs: loadingTimes(trace, { ...INSTANCES_MODEL, memory: model.memory }, seed),
  }
}
