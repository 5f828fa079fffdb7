import { csvRow } from '../../metrics/csv-row.ts'
import { toJson } from '../../metrics/to-json.ts'
import { type Renderer, textFile } from '../renderer.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { metricTable } from '../comparison/metric-table.ts'

export const csv: Renderer = {
  id: 'csv',
  summary: 'One row per run with every metric and reason, and where the figures come from.',
  render: async (comparison) => {
    const { experiment, trace, baseline, runs } = toJson(comparison)
    const { metrics, rows } = metricTable(comparison, comparison.columns)
    const lines = rows.map(({ run: { reasons }, cells }, row) => {
      const { label, policy, params, model, seed, judged, digest, version } = runs[row]!
      const origin = [
        experiment,
        trace.id,
        trace.digest,
        JSON.stringify(model),
        seed,
        version,
        digest,
        baseline,
        judged === null ? '' : judgedText(judged),
      ]
      const named = [label, policy, JSON.stringify(params)]
      return csvRow([...named, ...cells.map(({ value }) => value ?? ''), ...Object.values(reasons), ...origin])
    })
    const headings = metrics.map(({ id, unit }) => (unit === '' ? id : `${id} [${unit}]`))
    const origins = ['experiment', 'trace', 'trace digest', 'model', 'seed', 'version', 'digest', 'baseline', 'judged']
    const reasons = Object.keys(comparison.runs[0]?.reasons ?? {}).map((reason) => `reason ${reason}`)
    const header = csvRow(['run', 'policy', 'params', ...headings, ...reasons, ...origins])
    return [textFile('comparison.csv', `${[header, ...lines].join('\n')}\n`)]
  },
}
