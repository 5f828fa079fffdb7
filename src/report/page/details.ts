import type { Comparison } from '../../metrics/comparison.ts'
import { told } from '../../language/language.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'
import { options, provenance, sweptOptions } from '../comparison/provenance.ts'

/** Where the figures come from: the trace, the model's options, and each run's parameters and digest. */
export function details(comparison: Comparison): Html {
  const facts = provenance(comparison).map(
    ({ term, text }) => safeHtml`<dt>${term}</dt><dd>${text}</dd>
`,
  )
  const swept = sweptOptions(comparison)
  const runs = comparison.runs.map(
    ({ label, policy, spelt, seed, version, digest }) => safeHtml`<tr><th scope="row">${label}</th><td>${policy}</td>
<td>${options(spelt.params)}</td>${swept.map((name) => safeHtml`<td>${options({ [name]: spelt.model[name] })}</td>`)}
<td>${seed}</td><td>${version}</td><td class="digest">${digest}</td></tr>
`,
  )
  const { language } = comparison
  const named = (['run', 'policy', 'parameters', 'seed', 'version', 'digest'] as const).map((name) =>
    told(language, `table.${name}`),
  )
  const heads = [...named.slice(0, 3), ...swept, ...named.slice(3)].map(
    (head) => safeHtml`<th scope="col">${head}</th>`,
  )
  const meanings = comparison.columns.map(
    ({ heading, unit, summary }) => safeHtml`<dt>${heading}${unit === '' ? '' : ` (${unit})`}</dt><dd>${summary}</dd>
`,
  )
  return safeHtml`<details id="details" open><summary>${told(language, 'page.details')}</summary>
<dl>
${facts}</dl>
<details><summary>${told(language, 'page.details.runs')}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${told(language, 'page.details.label')}"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${runs}</tbody></table></div></details>
</details>
<details><summary>${told(language, 'page.details.columns')}</summary>
<dl>
${meanings}</dl></details>`
}
