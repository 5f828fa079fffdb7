import type { CsvColumn } from './csv-table.ts'
import type { Metric } from './metric.ts'

/** What every CSV file calls the things that a run follows from, and how they are described. */
export const ORIGIN_COLUMNS = {
  policy: { name: 'policy', describe: 'Id of its policy.' },
  trace: { name: 'trace', describe: 'Id of the trace.' },
  traceDigest: { name: 'trace digest', describe: 'SHA-256 (hex) of its content.' },
  model: { name: 'model', describe: 'Options of the model, as JSON.' },
  seed: { name: 'seed', describe: 'The random seed.' },
  version: { name: 'version', describe: 'Version of pilotlight.' },
  digest: { name: 'digest', describe: 'SHA-256 (hex) of all that the run depends on.' },
  judged: {
    name: 'judged',
    describe: 'The part of the trace that it is judged on; empty where that is the whole.',
  },
} as const

/** A column per metric, of rows whose figures `of` gives; empty where a row has none. */
export function metricColumns<Row>(
  metrics: readonly Metric[],
  of: (row: Row) => Readonly<Record<string, number | null>>,
): CsvColumn<Row>[] {
  return metrics.map(({ id, unit, summary }) => ({
    name: unit === '' ? id : `${id} [${unit}]`,
    describe: summary,
    of: (row) => of(row)[id] ?? '',
  }))
}
