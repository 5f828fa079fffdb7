import type { Comparison } from '../../metrics/comparison.ts'
import type { Metric } from '../../metrics/metric.ts'
import { type Html, html } from '../drawing/html.ts'
import { type Cell, hasValues, tableOf } from '../comparison/table.ts'

/** The sortable table of every metric that a run has; those that are no headlines are shown on demand. */
export function comparisonTable(comparison: Comparison): Html {
  const filled = comparison.columns.filter((metric) => hasValues(comparison, metric))
  const { metrics, rows } = tableOf(comparison, filled)
  if (rows.length === 0) return html`<p class="nothing">There are no finished runs to compare.</p>`
  const body = rows.map(({ run, cells }) => {
    const mark = run.variant === comparison.baseline.variant ? html` <small>baseline</small>` : html``
    const figures = cells.map((cell, column) => figure(cell, metrics[column]!))
    return html`<tr><th scope="row" data-value="${run.label}"><span class="label">${run.label}${mark}</span></th>${figures}</tr>
`
  })
  return html`<label class="toggle"><input type="checkbox" id="all-columns"> all columns</label>
<div class="scroll"><table id="comparison">
<thead><tr>${heading('run', '', 'The label of the run.', true)}${metrics.map((metric) => heading(metric.heading, metric.unit, metric.summary, metric.headline))}</tr></thead>
<tbody>
${body}</tbody></table></div>
<p class="hint">The best figure of a column is bold. Click a heading to sort.</p>`
}

function heading(name: string, unit: string, summary: string, headline: boolean): Html {
  return html`<th scope="col"${shown(headline)} aria-sort="none"><button type="button" title="${summary}">${name} <small>${unit}</small></button></th>`
}

function figure({ value, text, best }: Cell, { headline }: Metric): Html {
  const content = best ? html`<b>${text}</b>` : html`${text}`
  return html`<td${shown(headline)} data-value="${value ?? ''}">${content}</td>`
}

function shown(headline: boolean): Html {
  return headline ? html`` : html` class="more"`
}
