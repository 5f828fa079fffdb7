import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import { ACCOUNT_COLUMNS, MEMORY_TIMES, STAGE_COLUMNS } from '../accounts.ts'
import { type DataCell, type DataColumn, snakeCase, type DataTable } from '../data-table.ts'

interface RunColumn extends DataColumn {
  of(run: RunSummary, comparison: Comparison): DataCell
}

/** One row per run: what it is, each parameter and option of the model in a column of its own, accounts and metrics. */
export function runsTable(comparison: Comparison): DataTable {
  const known = [...IDENTITY, ...TRACE, ...ACCOUNTS_IN_TOTAL]
  const taken = new Set(known.map(({ name }) => name))
  const metrics = metricColumns(comparison).filter(({ name }) => !taken.has(name))
  const columns = [
    ...IDENTITY,
    ...valuesOf(comparison, 'param', 'Parameter of the policy', ({ params }) => params),
    ...valuesOf(comparison, 'model', 'Option of the model', ({ model }) => model),
    ...TRACE,
    ...ACCOUNTS_IN_TOTAL,
    ...metrics,
  ]
  return {
    name: 'runs',
    columns: columns.map(({ of: _of, ...column }) => column),
    *batches() {
      yield columns.map(({ of }) => comparison.runs.map((run) => of(run, comparison)))
    },
  }
}

const text = (name: string, describe: string, of: RunColumn['of']): RunColumn => ({
  name,
  kind: 'text',
  unit: '',
  describe,
  of,
})

const IDENTITY: readonly RunColumn[] = [
  text('run_id', 'SHA-256 of all that the run depends on; the same in every table.', ({ digest }) => digest),
  text('experiment', 'Name of the experiment.', (_, { experiment }) => experiment),
  text('label', 'Label of the run in the experiment.', ({ label }) => label),
  text('policy', 'Id of the policy.', ({ policy }) => policy),
  text('version', 'Version of pilotlight that made the run.', ({ version }) => version),
  { name: 'seed', kind: 'whole', unit: '', describe: 'Seed of the random draws.', of: ({ seed }) => seed },
]

const TRACE: readonly RunColumn[] = [
  text('trace_digest', 'Digest of the trace.', (_, { trace }) => trace.digest),
  { name: 'trace_apps', kind: 'whole', unit: '', describe: 'Apps in the trace.', of: (_, { trace }) => trace.apps },
  {
    name: 'trace_horizon_ms',
    kind: 'number',
    unit: 'ms',
    describe: 'How long the trace is.',
    of: (_, { trace }) => trace.horizonMs,
  },
]

const ACCOUNTS_IN_TOTAL: readonly RunColumn[] = [
  ...ACCOUNT_COLUMNS.map(
    ({ account, ...column }): RunColumn => ({
      ...column,
      of: ({ totals, reasons }) => ({ ...totals, ...reasons })[account],
    }),
  ),
  ...MEMORY_TIMES.map(
    ({ name, total, describe }): RunColumn => ({
      name,
      kind: 'number',
      unit: 'MB·s',
      describe,
      of: ({ totals }) => totals[total],
    }),
  ),
  ...STAGE_COLUMNS.map(
    ({ account, ...column }): RunColumn => ({ ...column, of: ({ stages }) => stages?.[account] ?? 0 }),
  ),
]

/** One column per metric that the comparison has, its values in the metric's unit. */
function metricColumns({ columns }: Comparison): RunColumn[] {
  return columns.map(({ id, unit, summary }) => ({
    name: snakeCase(id),
    kind: 'number',
    unit,
    describe: summary,
    of: ({ metrics }) => metrics[id] ?? null,
  }))
}

/** One column per key that any run has; numbers where all its values are numbers, else texts. */
function valuesOf(
  { runs }: Comparison,
  prefix: string,
  what: string,
  values: (run: RunSummary) => Readonly<Record<string, unknown>>,
): RunColumn[] {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(values(run))))]
  return keys.map((key) => {
    const all = runs.map((run) => values(run)[key]).filter((value) => value !== undefined && value !== null)
    const isNumber = all.every((value) => typeof value === 'number')
    return {
      name: `${prefix}_${snakeCase(key)}`,
      kind: isNumber ? 'number' : 'text',
      unit: '',
      describe: `${what} ${key}; durations are in ms, memory in MB. Empty where a run has none.`,
      of: (run) => cellOf(values(run)[key], isNumber),
    }
  })
}

function cellOf(value: unknown, isNumber: boolean): DataCell {
  if (value === undefined || value === null) return null
  if (isNumber) return value as number
  return typeof value === 'string' ? value : JSON.stringify(value)
}
