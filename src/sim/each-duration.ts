import { arrivalsByApp } from '../trace/arrivals/arrivals.ts'
import { UnpackedCells } from '../trace/cells/unpacked-cells.ts'
import type { Trace } from '../trace/trace.ts'
import type { Spread } from './model.ts'

/**
 * Tells how long the executions of the apps `from` up to, not including, `to` take, in ms, and how many invocations each
 * stands for; equal ones of a function together where counts say so. Only of arrivals from `sinceMs` on, which is a whole
 * minute where the trace has counts.
 */
export function eachDuration(
  trace: Trace,
  spread: Spread,
  { from, to, sinceMs = 0 }: { readonly from: number; readonly to: number; readonly sinceMs?: number },
  tell: (app: number, durationMs: number, count: number) => void,
): void {
  const { apps, functions, arrivals } = trace
  if (arrivals.kind === 'counts' && spread !== 'minute') {
    const cells = new UnpackedCells(arrivals, trace)
    for (let fn = apps.firstFunction[from]!; fn < apps.firstFunction[to]!; fn += 1) {
      let count = 0
      if (sinceMs === 0) count = arrivals.invocations[fn]!
      else {
        const length = cells.open(fn)
        for (let cell = 0; cell < length; cell += 1)
          if (cells.minute[cell]! * arrivals.bucketMs >= sinceMs) count += cells.count[cell]!
      }
      if (count > 0) tell(functions.app[fn]!, functions.durationMs[fn]!, count)
    }
    return
  }
  // Events, and the minutes of an app as one arrival each: neither draws anything, so no seed matters.
  const reader = arrivalsByApp(trace, 'minute', 0)
  const { block } = reader
  for (let app = from; app < to; app += 1) {
    reader.open(app)
    while (reader.next() > 0)
      for (let row = 0; row < block.length; row += 1)
        if (block.timeMs[row]! >= sinceMs) tell(app, block.durationMs[row]!, block.count[row]!)
  }
}
