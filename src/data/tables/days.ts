import { exactSum } from '../../core/exact-sum.ts'
import { DAY } from '../../core/units.ts'
import { memoryTimeMbS } from '../../metrics/memory-time.ts'
import { DAY_ACCOUNTS, type DayLedger, type FinishedRun } from '../../metrics/run.ts'
import { ACCOUNT_COLUMNS, MEMORY_TIMES } from '../accounts.ts'
import type { Batch, DataCell, DataColumn, DataTable } from '../data-table.ts'

const ACCOUNTS = ACCOUNT_COLUMNS.filter(({ account }) =>
  DAY_ACCOUNTS.some((own) => own === account),
) as readonly (DataColumn & {
  readonly account: (typeof DAY_ACCOUNTS)[number]
})[]

const COLUMNS: readonly DataColumn[] = [
  { name: 'run_id', kind: 'text', unit: '', describe: 'The run, as in the table of runs.' },
  {
    name: 'day',
    kind: 'whole',
    unit: '',
    describe: 'Number of the day from 1, each 24 h from the beginning of the trace.',
  },
  {
    name: 'start_ms',
    kind: 'number',
    unit: 'ms',
    describe: 'When what of the day is judged begins, since the beginning of the trace.',
  },
  { name: 'end_ms', kind: 'number', unit: 'ms', describe: 'When it ends.' },
  ...ACCOUNTS.map(({ account: _account, ...column }) => column),
  ...MEMORY_TIMES.map(({ name, describe }): DataColumn => ({ name, kind: 'number', unit: 'MB·s', describe })),
]

/** One row per run and judged day; runs that were judged on the whole trace have none. */
export function daysTable(runs: readonly FinishedRun[]): DataTable {
  return {
    name: 'days',
    columns: COLUMNS,
    *batches() {
      for (const run of runs) if (run.days !== null) yield daysOf(run, run.days)
    },
  }
}

function daysOf({ digest, memoryMb }: FinishedRun, days: readonly DayLedger[]): Batch {
  const column = (cell: (day: DayLedger) => DataCell): readonly DataCell[] => days.map(cell)
  return [
    column(() => digest),
    column(({ fromMs }) => Math.floor(fromMs / DAY) + 1),
    column(({ fromMs }) => fromMs),
    column(({ toMs }) => toMs),
    ...ACCOUNTS.map(({ account }) => column((day) => exactSum(day[account]))),
    ...MEMORY_TIMES.map(({ account }) =>
      column((day) => exactSum(day[account].map((ms, app) => memoryTimeMbS(ms, memoryMb[app]!)))),
    ),
  ]
}
