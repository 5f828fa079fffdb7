import type { Comparison } from '../../metrics/comparison.ts'
import { bibtex } from '../comparison/citation.ts'
import { type Html, html } from '../drawing/html.ts'
import type { Material } from '../renderer.ts'

/** How to make the same again, how to name it, and what to take along. */
export function repeatAndCite(comparison: Comparison, { experiment }: Material): Html {
  const typed = shellWord(experiment ?? `${comparison.experiment}.yaml`)
  const lines = [
    ...(experiment?.endsWith('.sqlite') ? [] : [`pilotlight run ${typed}`]),
    'pilotlight source <this page>     # the experiment, the files of its trace and their digests',
    'pilotlight verify <this page>     # runs it again and compares the digests',
  ]
  return html`<section aria-labelledby="repeat-title"><h2 id="repeat-title">Repeat, cite, download</h2>
<p>The same trace (its digest is above), experiment, seed and version give the same figures to the last bit:</p>
<pre>${lines.join('\n')}</pre>
<p>For a bibliography:</p>
<pre id="bibtex">${bibtex(comparison)}</pre>
<p class="controls needs-script"><button type="button" class="plain" id="download-runs">runs as CSV</button>
<button type="button" class="plain" id="download-apps">apps as CSV</button>
<button type="button" class="plain" id="download-chart">chart as SVG</button></p>
</section>`
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
