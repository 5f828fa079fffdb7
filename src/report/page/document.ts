import type { Spec } from 'vega'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Html, html, inlineJson, inlineModule, inlineScript } from '../drawing/html.ts'
import { browserScript, browserStyle } from '../../files/browser-code.ts'
import { traceSize } from '../comparison/provenance.ts'
import { comparisonTable } from './comparison-table.ts'
import { details } from './details.ts'

/** What a page is made of. */
export interface PageInput {
  readonly comparison: Comparison
  /** The charts for vega's runtime, by the id of their place in the page, with a description for those who cannot see. */
  readonly charts: readonly { readonly id: string; readonly summary: string; readonly spec: Spec }[]
  /** The text of vega's browser bundle. */
  readonly vega: string
  /** What it takes to make the runs once more, as an element of the page. */
  readonly card: Html
}

/** Nothing may be fetched, by the page's own order; the scripts are in it, and vega builds functions from expressions. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"

/** One self-contained HTML page. */
export function pageDocument({ comparison, charts, vega, card }: PageInput): string {
  const { experiment, trace, runs } = comparison
  const figures = charts.map(
    ({ id, summary }) => html`<figure id="${id}" role="img" aria-label="${summary}"></figure>
`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${experiment} · pilotlight</title>
<style>${{ html: browserStyle(new URL('./browser/page.css', import.meta.url)) }}</style>
</head>
<body>
<header><h1>${experiment}</h1><button type="button" id="theme">light / dark</button></header>
<p class="lead">${runs.length} ${runs.length === 1 ? 'run' : 'runs'} on the trace ${trace.id}: ${traceSize(trace)}.</p>
${comparisonTable(comparison)}
<noscript><p>The charts need JavaScript; the figures do not.</p></noscript>
<p class="hint">Point at a chart to read its figures; click a line in a legend to set it apart.</p>
<section id="charts">
${figures}</section>
${details(comparison)}
<div id="tip" hidden></div>
${inlineJson('specs', Object.fromEntries(charts.map(({ id, spec }) => [id, spec])))}
${card}
${inlineScript(vega)}
${inlineModule(browserScript(new URL('./browser/page.ts', import.meta.url)))}
</body>
</html>
`.html
}
