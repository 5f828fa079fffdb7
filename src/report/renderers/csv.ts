import { ENGLISH, told } from '../../language/language.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type CsvColumn, csvTable } from '../../metrics/csv-table.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { type ComparisonDocument, toJson } from '../../metrics/to-json.ts'
import { PAGE_REASONS } from '../page/reasons.ts'
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
    { name: 'policy', describe: 'Id of its policy.', of: ({ policy }) => policy },
    { name: 'params', describe: 'Parameters of the policy, as JSON.', of: ({ params }) => JSON.stringify(params) },
    ...metrics.map(({ id, unit, summary }) => ({
      name: unit === '' ? id : `${id} [${unit}]`,
      describe: summary,
      of: (run: CsvRun) => run.metrics[id] ?? '',
    })),
    ...PAGE_REASONS.map((reason) => ({
      name: `reason ${reason}`,
      describe: `Cold starts by this reason: ${told(ENGLISH, `meaning.${reason}`)}.`,
      of: (run: CsvRun) => run.reasons[reason],
    })),
    { name: 'experiment', describe: 'Its name.', of: () => experiment },
    { name: 'trace', describe: 'Id of the trace.', of: () => trace.id },
    { name: 'trace digest', describe: 'SHA-256 (hex) of its content.', of: () => trace.digest },
    { name: 'model', describe: 'Options of the model, as JSON.', of: ({ model }) => JSON.stringify(model) },
    { name: 'seed', describe: 'The random seed.', of: ({ seed }) => seed },
    { name: 'version', describe: 'Version of pilotlight.', of: ({ version }) => version },
    { name: 'digest', describe: 'SHA-256 (hex) of all that the run depends on.', of: ({ digest }) => digest },
    { name: 'baseline', describe: 'Label of the run that others are compared with.', of: () => baseline },
    {
      name: 'judged',
      describe: 'The part of the trace that it is judged on; empty where that is the whole.',
      of: ({ judged }) => (judged === null ? '' : judgedText(judged)),
    },
  ]
}
