import { ENGLISH, told } from '../../language/language.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type CsvColumn, csvTable } from '../../metrics/csv-table.ts'
import { REASONS } from '../../metrics/run.ts'
import { metricColumns, ORIGIN_COLUMNS } from '../../metrics/run-columns.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { type ComparisonDocument, toJson } from '../../metrics/to-json.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const csv: Renderer = {
  id: 'csv',
  summary: 'One row per run with every metric and every reason of cold starts, and where the numbers come from.',
  render: async (comparison) => {
    const document = toJson(comparison)
    return [textFile('comparison.csv', csvTable(comparisonColumns(comparison.columns, document), document.runs))]
  },
}

type CsvRun = ComparisonDocument['runs'][number]

/** What `comparison.csv` tells of a run. */
export function comparisonColumns(
  metrics: Comparison['columns'],
  { experiment, trace, baseline }: Pick<ComparisonDocument, 'experiment' | 'trace' | 'baseline'>,
): CsvColumn<CsvRun>[] {
  return [
    { name: 'run', describe: 'Label of the run.', of: ({ label }) => label },
    { ...ORIGIN_COLUMNS.policy, of: ({ policy }) => policy },
    { name: 'params', describe: 'Parameters of the policy, as JSON.', of: ({ params }) => JSON.stringify(params) },
    ...metricColumns(metrics, (run: CsvRun) => run.metrics),
    ...REASONS.map((reason) => ({
      name: `reason ${reason}`,
      describe: `Cold starts by this reason: ${told(ENGLISH, `meaning.${reason}`)}.`,
      of: (run: CsvRun) => run.reasons[reason],
    })),
    { name: 'experiment', describe: 'Its name.', of: () => experiment },
    { ...ORIGIN_COLUMNS.trace, of: () => trace.id },
    { ...ORIGIN_COLUMNS.traceDigest, of: () => trace.digest },
    { ...ORIGIN_COLUMNS.model, of: ({ model }) => JSON.stringify(model) },
    { ...ORIGIN_COLUMNS.seed, of: ({ seed }) => seed },
    { ...ORIGIN_COLUMNS.version, of: ({ version }) => version },
    { ...ORIGIN_COLUMNS.digest, of: ({ digest }) => digest },
    { name: 'baseline', describe: 'Label of the run that others are compared with.', of: () => baseline },
    { ...ORIGIN_COLUMNS.judged, of: ({ judged }) => (judged === null ? '' : judgedText(judged)) },
  ]
}
