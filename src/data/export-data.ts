import { csvRow } from '../metrics/csv-row.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { Content } from '../files/replace-file.ts'
import type { DataFormat } from './data-format.ts'
import type { DataTable } from './data-table.ts'
import { appsTable } from './tables/apps.ts'
import { daysTable } from './tables/days.ts'
import { runsTable } from './tables/runs.ts'
import { timelineTable } from './tables/timeline.ts'

/** A file of the data. */
export interface DataFile {
  readonly path: string
  readonly content: Content
}

/** The results of an experiment. */
export interface DataSource {
  readonly comparison: Comparison
  readonly runs: readonly FinishedRun[]
  /** Names of the rows of a run's ledger. */
  readonly namesOf: (run: FinishedRun) => readonly string[]
}

/**
 * All tables of finished runs in some formats, and two files beside them: what each column means and in which unit, and
 * where the data come from.
 */
export function dataFiles(source: DataSource, formats: readonly DataFormat[]): readonly DataFile[] {
  const { comparison } = source
  const tables = tablesOf(source)
  const notes = notesOf(comparison)
  return [
    ...tables.flatMap((table) =>
      formats.map((format) => ({ path: `${table.name}.${format.id}`, content: format.content(table, notes) })),
    ),
    { path: 'columns.csv', content: columnLines(tables) },
    {
      path: 'source.json',
      content: [`${JSON.stringify({ schema: 1, ...notes, trace: comparison.trace }, null, 2)}\n`],
    },
  ]
}

/** Every table, in the order in which they are told of. */
export function tablesOf({ comparison, runs, namesOf }: DataSource): readonly DataTable[] {
  return [runsTable(comparison), appsTable(runs, namesOf), daysTable(runs), timelineTable(runs)]
}

function notesOf({ experiment, version, trace, baseline }: Comparison): Record<string, string> {
  return { experiment, version, trace_digest: trace.digest, baseline: baseline.label }
}

function* columnLines(tables: readonly DataTable[]): Generator<string> {
  yield `${csvRow(['table', 'column', 'kind', 'unit', 'meaning'])}\n`
  for (const { name, columns } of tables) {
    for (const column of columns) yield `${csvRow([name, column.name, column.kind, column.unit, column.describe])}\n`
  }
}
