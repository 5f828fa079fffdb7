import { loadedMb } from '../../engine/ledger.ts'
import type { FinishedRun } from '../../metrics/run.ts'
import type { DataColumn, DataTable } from '../data-table.ts'

const COLUMNS: readonly DataColumn[] = [
  { name: 'run_id', kind: 'text', unit: '', describe: 'The run, as in the table of runs.' },
  {
    name: 'start_ms',
    kind: 'number',
    unit: 'ms',
    describe: 'When the interval begins, since the beginning of the trace.',
  },
  { name: 'end_ms', kind: 'number', unit: 'ms', describe: 'When it ends.' },
  {
    name: 'loaded_mb',
    kind: 'number',
    unit: 'MB',
    describe: 'Memory of all loaded instances, its mean over the interval.',
  },
]

/** One row per run and interval of time: how much memory is loaded. */
export function timelineTable(runs: readonly FinishedRun[]): DataTable {
  return {
    name: 'timeline',
    columns: COLUMNS,
    *batches() {
      for (const { digest, ledger, horizonMs } of runs) {
        const { bucketMs } = ledger.timeline
        const loaded = [...loadedMb(ledger.timeline, horizonMs)]
        const starts = loaded.map((_, bucket) => bucket * bucketMs)
        yield [starts.map(() => digest), starts, starts.map((start) => Math.min(start + bucketMs, horizonMs)), loaded]
      }
    },
  }
}
