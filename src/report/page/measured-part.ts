import type { Comparison } from '../../metrics/comparison.ts'
import { measuredTables } from '../comparison/measured-tables.ts'
import { told } from '../../language/language.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'

/** What was measured on the platform beside the runs, as tables that need no script; nothing where nothing was measured. */
export function measuredPart(comparison: Comparison): Html {
  const tables = measuredTables(comparison)
  if (tables.length === 0) return safeHtml``
  const parts = tables.map(({ title, table: { heads, rows }, rest }) => {
    const head = heads.map((text) => safeHtml`<th scope="col">${text}</th>`)
    const body = rows.map(
      ([
        name = '',
        ...cells
      ]) => safeHtml`<tr><th scope="row">${name}</th>${cells.map((cell) => safeHtml`<td>${cell}</td>`)}</tr>
`,
    )
    return safeHtml`<h3>${title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
${rest === undefined ? safeHtml`` : safeHtml`<p class="hint">${rest}</p>`}`
  })
  const { language } = comparison
  return safeHtml`<details class="part" id="measured" open><summary><h2>${told(language, 'page.measured')}</h2></summary>
<p class="hint">${told(language, 'page.measured.hint')}</p>
${parts}
</details>`
}
