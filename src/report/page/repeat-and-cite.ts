import type { Comparison } from '../../metrics/comparison.ts'
import { bibtex } from '../comparison/citation.ts'
import { told } from '../../language/language.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'
import type { Material } from '../renderer.ts'

/** How to make the same again, how to name it, and what to take along. */
export function repeatAndCite(comparison: Comparison, { experiment }: Material): Html {
  const typed = shellWord(experiment ?? `${comparison.experiment}.yaml`)
  const { language } = comparison
  const page = told(language, 'page.repeat.thisPage')
  const lines = [
    ...(experiment?.endsWith('.sqlite') ? [] : [`pilotlight run ${typed}`]),
    ...(['source', 'verify'] as const).map(
      (name) => `pilotlight ${name} ${page}     # ${told(language, `page.repeat.${name}`)}`,
    ),
  ]
  return safeHtml`<section aria-labelledby="repeat-title"><h2 id="repeat-title">${told(language, 'page.repeat')}</h2>
<p>${told(language, 'page.repeat.how')}</p>
<pre>${lines.join('\n')}</pre>
<p>${told(language, 'page.repeat.cite')}</p>
<pre id="bibtex">${bibtex(comparison)}</pre>
<p class="controls needs-script"><button type="button" class="plain" id="download-runs">${told(language, 'page.download.runs')}</button>
<button type="button" class="plain" id="download-apps">${told(language, 'page.download.apps')}</button>
<button type="button" class="plain" id="download-chart">${told(language, 'page.download.chart')}</button></p>
</section>`
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
