import { CellPacker } from '../cells/cell-packer.ts'
import type { CountColumns, PackedCells, Trace } from '../trace.ts'
import { GapRuns } from './gap-runs.ts'

/*
 * The active minutes of an app, its functions taken together, as a row of packed cells. Let its active minutes be numbered
 * from 0. The first cell is (0, first active minute + 1). Each further cell is a run of equal gaps: (number of the active
 * minute that the run ends with, gap in minutes). They never take more bytes than the cells of the app's functions, for a
 * function's gaps are no shorter than its app's.
 */

/** The trace with the gaps of its apps, where it has counts: made once, they spare each replay of minutes most of its work. */
export function withGaps(trace: Trace): Trace {
  const { arrivals } = trace
  if (arrivals.kind === 'events' || arrivals.gaps !== undefined) return trace
  return { ...trace, arrivals: { ...arrivals, gaps: packGaps(trace, arrivals) } }
}

function packGaps(trace: Trace, columns: CountColumns): PackedCells {
  const { bucketMs } = columns
  const packer = new CellPacker(trace.apps.count, bucketMs, columns.cells.length)
  const runs = new GapRuns(trace, columns)
  for (let app = 0; app < trace.apps.count; app += 1) {
    runs.open(app)
    if (runs.firstMs >= 0) packer.add(0, runs.firstMs / bucketMs + 1)
    let latest = 0
    for (let run = 0; run < runs.length; run += 1) {
      latest += runs.times[run]!
      packer.add(latest, runs.gapMs[run]! / bucketMs)
    }
    packer.endFunction()
  }
  return packer.columns()
}
