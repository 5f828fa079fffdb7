import type { Spec } from 'vega'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Html, html, inlineJson, inlineModule } from '../drawing/html.ts'
import { browserScript, browserStyle } from '../../files/browser-code.ts'
import { traceSize } from '../comparison/provenance.ts'
import type { Material } from '../renderer.ts'
import { details } from './details.ts'
import { measuredPart } from './measured.ts'
import { pageData } from './page-data.ts'
import { plainTable } from './plain-table.ts'
import { repeatAndCite } from './repeat.ts'
import { verdict } from './verdict.ts'

/** What a page is made of. */
export interface PageInput {
  readonly comparison: Comparison
  readonly material: Material
  /** The further figures for vega's runtime, by the id of their place in the page, with a description for those who cannot see. */
  readonly charts: readonly { readonly id: string; readonly summary: string; readonly spec: Spec }[]
  /** The text of vega's browser bundle. */
  readonly vega: string
  /** What it takes to make the runs once more, as an element of the page. */
  readonly card: Html
  /** Whether the page is served and may ask its server; else it asks for nothing. */
  readonly isServed?: boolean
}

/** Nothing may be fetched, by the page's own order; the scripts are in it, and vega builds functions from expressions. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"

/** One self-contained HTML page. */
export function pageDocument({ comparison, material, charts, vega, card, isServed = false }: PageInput): string {
  const { experiment, trace, runs } = comparison
  return html`<!doctype html>
<html lang="en"${isServed ? html` data-served="yes"` : html``}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${isServed ? `${POLICY}; connect-src 'self'` : POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${experiment} · pilotlight</title>
<style>${{ html: browserStyle(new URL('./browser/page.css', import.meta.url)) }}</style>
</head>
<body>
<header><h1>${experiment}</h1><button type="button" id="theme">light / dark</button></header>
<main>
<p class="lead">${runs.length} ${runs.length === 1 ? 'run' : 'runs'} on the trace ${trace.id}: ${traceSize(trace)}.</p>
<noscript><p>The charts need JavaScript; the figures do not.</p>${plainTable(comparison)}</noscript>
${isServed ? html`<p class="hint" id="served" role="status"></p>` : html``}${verdict(comparison)}
${runs.length === 0 ? html`<p class="nothing">There are no finished runs to compare.</p>` : parts(comparison)}
${measuredPart(comparison)}
${furtherFigures(charts)}
${details(comparison)}
${repeatAndCite(comparison, material)}
</main>
<div id="tip" hidden></div>
${inlineJson('data', pageData(comparison, material))}
${inlineJson('specs', Object.fromEntries(charts.map(({ id, spec }) => [id, spec])))}
${card}
<script type="text/plain" id="vega">${{ html: vega.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`) }}</script>
${inlineModule(browserScript(new URL('./browser/page.ts', import.meta.url)))}
</body>
</html>
`.html
}

/** Whom each dotted line of the decision chart bounds; nothing where no bound is known. */
function boundsHint({ decision }: Comparison): Html {
  const told = new Set(decision.bounds.flatMap(({ curves }) => curves.map(({ bounds }) => bounds)))
  return told.size === 0
    ? html``
    : html`<p class="hint">Dotted lines are bounds of run A. ${[...told].join(' ')}</p>
`
}

/** The places that the script fills. */
function parts(comparison: Comparison): Html {
  return html`<section class="needs-script" aria-labelledby="decision-title"><h2 id="decision-title">What can be had for what</h2>
<div class="controls"><span id="decision-axes"></span><span id="decision-budget"></span></div>
<div id="decision-chart"></div>
<p id="decision-answer" role="status"></p>
${boundsHint(comparison)}<p class="hint">A colour is a policy, its lightness the parameters, a shape the world; a cross of lines is how far seeds go. The line is the frontier: no run is better on both axes. Press a mark to make it run A, with the shift key run B.</p>
</section>
<section class="needs-script" aria-labelledby="pair-title"><h2 id="pair-title">Two runs side by side</h2>
<div class="controls" id="pair"></div>
<div id="difference"></div>
</section>
<section class="needs-script" aria-labelledby="runs-title"><h2 id="runs-title">All runs</h2>
<div class="controls"><label>find <input type="search" id="run-filter"></label>
<label><input type="checkbox" id="differences"> differences to B</label>
<details id="column-chooser"><summary>columns</summary><div id="columns"></div></details></div>
<div class="scroll" tabindex="0" role="region" aria-label="Table of all runs"><table id="comparison"></table></div>
<p><button type="button" class="plain" id="more-runs" hidden></button></p>
<p class="hint">Runs of the frontier of the chart stand first. A heading sorts by its column; A and B choose the two runs of all parts of the page.</p>
</section>
<section class="needs-script" aria-labelledby="time-title"><h2 id="time-title">Over time</h2>
<div id="time-chart"></div>
<div class="columns"><div id="hour-chart"></div><div id="day-table"></div></div>
</section>
<details class="part needs-script" id="apps"><summary><h2>Apps</h2></summary>
<div class="controls"><label>find <input type="search" id="app-search"></label><span id="app-controls"></span></div>
<p class="hint" id="app-note" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of apps"><table id="app-table"></table></div>
<p><button type="button" class="plain" id="more-apps" hidden>Show more apps</button></p>
</details>`
}

function furtherFigures(charts: PageInput['charts']): Html {
  if (charts.length === 0) return html``
  const figures = charts.map(
    ({ id, summary }) => html`<figure id="${id}" role="img" aria-label="${summary}"></figure>
`,
  )
  return html`<details class="part needs-script" id="figures"><summary><h2>Further figures</h2></summary>
<p class="hint">Point at a figure to read it; press a line in a legend to set it apart.</p>
<div id="charts">
${figures}</div>
</details>`
}
