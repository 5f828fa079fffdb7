import type { Comparison } from '../../metrics/comparison.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import { told } from '../../language/language.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'
import { hasValues, metricTable } from '../comparison/metric-table.ts'

/** Rows for readers without scripts: more of them are in the CSV. */
const MOST_ROWS = 200

/** The headline figures of the runs as a table that needs no script. */
export function plainTable(comparison: Comparison): Html {
  const headlines = comparison.columns.filter((metric) => metric.headline && hasValues(comparison, metric))
  const { metrics, rows } = metricTable(comparison, headlines)
  const body = rows.slice(0, MOST_ROWS).map(({ run, cells }) => {
    const figures = cells.map(({ text, best }) =>
      best ? safeHtml`<td><b>${text}</b></td>` : safeHtml`<td>${text}</td>`,
    )
    return safeHtml`<tr><th scope="row">${run.label}</th>${figures}</tr>
`
  })
  const heads = metrics.map(({ heading, unit }) => safeHtml`<th scope="col">${heading} <small>${unit}</small></th>`)
  const left = rows.length - MOST_ROWS
  return safeHtml`<div class="scroll"><table><thead><tr><th scope="col">${told(comparison.language, 'page.run')}</th>${heads}</tr></thead>
<tbody>
${body}</tbody></table></div>${left > 0 ? safeHtml`<p>${told(comparison.language, 'page.moreInCsv', { count: formatCount(left) })}</p>` : safeHtml``}`
}
