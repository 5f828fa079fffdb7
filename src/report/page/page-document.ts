import type { Spec } from 'vega'
import { told } from '../../language/language.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Html, safeHtml, inlineJson, inlineModule } from '../drawing/safe-html.ts'
import { browserScript, browserStyle } from '../../files/browser-code.ts'
import { traceSize } from '../comparison/provenance.ts'
import type { Material } from '../renderer.ts'
import { details } from './details.ts'
import { measuredPart } from './measured-part.ts'
import { pageData } from './page-data.ts'
import { plainTable } from './plain-table.ts'
import { repeatAndCite } from './repeat-and-cite.ts'
import { verdict } from './verdict-part.ts'

/** How far the runs of a page that is served are. */
export interface ServedPart {
  readonly finished: number
  readonly of: number
}

/** What a page is made of. */
export interface PageInput {
  readonly comparison: Comparison
  readonly material: Material
  /** The further figures for vega's runtime, by the id of their place in the page, with a description for those who cannot see. */
  readonly charts: readonly { readonly id: string; readonly summary: string; readonly spec: Spec }[]
  /** The text of vega's browser bundle. */
  readonly vega: string
  /** What is needed to make the runs again, as an element of the page. */
  readonly card: Html
  /** Where the page is served and may ask its server: how many of the runs are finished. Else it asks for nothing. */
  readonly served?: ServedPart | undefined
}

/** Nothing may be fetched, by the page's own order; the scripts are in it, and vega builds functions from expressions. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"

/** One self-contained HTML page. */
export function pageDocument({ comparison, material, charts, vega, card, served }: PageInput): string {
  const { experiment, trace, runs, language } = comparison
  const lead = { trace: trace.id, size: traceSize(trace, language) }
  return safeHtml`<!doctype html>
<html lang="${language.tag}"${served !== undefined ? safeHtml` data-served="yes"` : safeHtml``}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${served !== undefined ? `${POLICY}; connect-src 'self'` : POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${experiment} · pilotlight</title>
<style>${{ html: browserStyle(new URL('./browser/page.css', import.meta.url)) }}</style>
</head>
<body>
<header><h1>${experiment}</h1><button type="button" id="theme">${told(language, 'page.theme')}</button></header>
<main>
<p class="lead">${told(language, 'page.lead', { ...lead, runs: runs.length })}</p>
<noscript><p>${told(language, 'page.noScript')}</p>${plainTable(comparison)}</noscript>
${served === undefined ? safeHtml`` : servedNote(served, language)}${verdict(comparison)}
${runs.length === 0 ? safeHtml`<p class="nothing">${told(language, 'page.nothing')}</p>` : parts(comparison)}
${measuredPart(comparison)}
${furtherFigures(comparison, charts)}
${details(comparison)}
${repeatAndCite(comparison, material)}
<div id="tip" hidden></div>
</main>
${inlineJson('data', pageData(comparison, material))}
${inlineJson('specs', Object.fromEntries(charts.map(({ id, spec }) => [id, spec])))}
${card}
<script type="text/plain" id="vega">${{ html: vega.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`) }}</script>
${inlineModule(browserScript(new URL('./browser/page.ts', import.meta.url)))}
</body>
</html>
`.html
}

/** Before the verdict, which holds for the finished runs alone. */
function servedNote(served: ServedPart, language: Comparison['language']): Html {
  const text = served.finished < served.of ? told(language, 'page.served.some', { ...served }) : ''
  return safeHtml`<p id="served" role="status">${text}</p>`
}

/** Whom each dotted line of the decision chart bounds; nothing where no bound is known. */
function boundsHint({ decision, language }: Comparison): Html {
  const sentences = new Set(
    decision.bounds.flatMap(({ curves }) => curves.map(({ id, bounds }) => language.bounds[id]?.bounds ?? bounds)),
  )
  return sentences.size === 0
    ? safeHtml``
    : safeHtml`<p class="hint" id="bounds-hint">${[told(language, 'page.decision.bounds'), ...sentences].join(' ')}</p>
`
}

/** The places that the script fills. */
function parts(comparison: Comparison): Html {
  const { language } = comparison
  return safeHtml`<section class="needs-script" aria-labelledby="decision-title"><h2 id="decision-title">${told(language, 'page.decision')}</h2>
<div class="controls"><span id="decision-axes"></span><span id="decision-budget"></span></div>
<div id="decision-chart"></div>
<p id="decision-answer" role="status"></p>
${boundsHint(comparison)}<p class="hint">${told(language, 'page.decision.hint')}</p>
</section>
<section class="needs-script" aria-labelledby="pair-title"><h2 id="pair-title">${told(language, 'page.pair')}</h2>
<div class="controls" id="pair"></div>
<div id="difference"></div>
<details id="by-app"><summary><h3>${told(language, 'page.byApp')}</h3></summary><div id="by-app-picture"></div></details>
</section>
<section class="needs-script" aria-labelledby="runs-title"><h2 id="runs-title">${told(language, 'page.runs')}</h2>
<div class="controls"><label>${told(language, 'page.find')} <input type="search" id="run-filter"></label>
<label><input type="checkbox" id="differences"> ${told(language, 'page.differences')}</label>
<details id="column-chooser"><summary>${told(language, 'page.columns')}</summary><div id="columns"></div></details></div>
<div class="scroll" tabindex="0" role="region" aria-label="${told(language, 'page.runs.label')}"><table id="comparison"></table></div>
<p><button type="button" class="plain" id="more-runs" hidden></button></p>
<p id="printed-runs"></p>
<p class="hint">${told(language, 'page.runs.hint')}</p>
</section>
<section class="needs-script" aria-labelledby="time-title"><h2 id="time-title">${told(language, 'page.time')}</h2>
<div id="time-chart"></div>
<div class="columns"><div id="hour-chart"></div><div id="day-table"></div></div>
</section>
<details class="part needs-script" id="apps"><summary><h2>${told(language, 'page.apps')}</h2></summary>
<div class="controls"><label>${told(language, 'page.find')} <input type="search" id="app-search"></label><span id="app-controls"></span></div>
<p class="hint" id="app-note" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="${told(language, 'page.apps.label')}"><table id="app-table"></table></div>
<p><button type="button" class="plain" id="more-apps" hidden>${told(language, 'page.apps.more')}</button></p>
</details>`
}

function furtherFigures({ language }: Comparison, charts: PageInput['charts']): Html {
  if (charts.length === 0) return safeHtml``
  const figures = charts.map(
    ({ id, summary }) => safeHtml`<figure id="${id}" role="img" aria-label="${summary}"></figure>
`,
  )
  return safeHtml`<details class="part needs-script" id="figures"><summary><h2>${told(language, 'page.figures')}</h2></summary>
<p class="hint">${told(language, 'page.figures.hint')}</p>
<div id="charts">
${figures}</div>
</details>`
}
