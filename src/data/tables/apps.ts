import type { FinishedRun } from '../../metrics/run.ts'
import { appLatency, LATENCY_QUANTILES } from '../../metrics/latency-quantiles.ts'
import { memoryTimeMbS } from '../../metrics/memory-time.ts'
import { ACCOUNT_COLUMNS, MEMORY_TIMES, STAGE_COLUMNS } from '../accounts.ts'
import { type Batch, type DataCell, type DataColumn, snakeCase, type DataTable } from '../data-table.ts'

const LATENCIES = (['added', 'response'] as const).flatMap((latency) =>
  LATENCY_QUANTILES.map((quantile) => ({ latency, quantile, name: `${latency}_ms_${snakeCase(quantile)}` })),
)

const COLUMNS: readonly DataColumn[] = [
  { name: 'run_id', kind: 'text', unit: '', describe: 'The run, as in the table of runs.' },
  {
    name: 'app',
    kind: 'text',
    unit: '',
    describe: 'Name of the app; of the function, where each is an app of its own.',
  },
  { name: 'memory_mb', kind: 'number', unit: 'MB', describe: 'Memory that it is charged for while it is loaded.' },
  ...ACCOUNT_COLUMNS.map(({ account: _account, ...column }) => column),
  ...MEMORY_TIMES.map(({ name, describe }): DataColumn => ({ name, kind: 'number', unit: 'MB·s', describe })),
  ...LATENCIES.map(
    ({ latency, quantile, name }): DataColumn => ({
      name,
      kind: 'number',
      unit: 'ms',
      describe: `The ${quantile} of the ${latency === 'added' ? 'latency added by cold starts and waiting' : 'response time'}; empty in a world without time.`,
    }),
  ),
  ...STAGE_COLUMNS.map(({ account: _account, ...column }) => column),
]

/** One row per run and app, in the order of the trace. */
export function appsTable(runs: readonly FinishedRun[], namesOf: (run: FinishedRun) => readonly string[]): DataTable {
  return {
    name: 'apps',
    columns: COLUMNS,
    *batches() {
      for (const run of runs) yield appsOf(run, namesOf(run))
    },
  }
}

function appsOf({ digest, ledger, memoryMb }: FinishedRun, names: readonly string[]): Batch {
  const apps = Array.from({ length: ledger.apps }, (_, app) => app)
  const column = (cell: (app: number) => DataCell): readonly DataCell[] => apps.map(cell)
  const { latency: table } = ledger
  const quantiles = {
    added: apps.map(() => null as Record<string, number> | null),
    response: apps.map(() => null as Record<string, number> | null),
  }
  if (table !== null) {
    for (const latency of ['added', 'response'] as const) {
      for (const app of apps) quantiles[latency][app] = appLatency(table, app, latency)
    }
  }
  return [
    column(() => digest),
    column((app) => names[app] ?? ''),
    column((app) => memoryMb[app]!),
    ...ACCOUNT_COLUMNS.map(({ account }) => column((app) => ledger[account][app]!)),
    ...MEMORY_TIMES.map(({ account }) => column((app) => memoryTimeMbS(ledger[account][app]!, memoryMb[app]!))),
    ...LATENCIES.map(({ latency, quantile }) => column((app) => quantiles[latency][app]?.[quantile] ?? null)),
    ...STAGE_COLUMNS.map(({ account }) => column((app) => ledger[account][app]!)),
  ]
}
