import type { Comparison } from '../../metrics/comparison.ts'
import type { Candidate, Standing } from '../../metrics/decision/decision.ts'
import { figureText } from '../../metrics/decision/figure.ts'
import type { Metric } from '../../metrics/metric.ts'
import { type Language, told } from '../../language/language.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'

/** Candidates that the table of worlds shows; the table of runs has all. */
const MOST_CANDIDATES = 12

/** Who wins, what a reader must know to trust that, and where it does not hold. */
export function verdict(comparison: Comparison): Html {
  const { decision, language } = comparison
  if (decision.candidates.length === 0) return safeHtml``
  const facts = decision.trust.map(
    ({ short, text, level }) =>
      safeHtml`<li><details class="${level}"><summary>${level === 'caution' ? '⚠ ' : ''}${short}</summary><p>${text}</p></details></li>
`,
  )
  const changes = decision.changes.map(
    ({ text }) => safeHtml`<li>${text}</li>
`,
  )
  return safeHtml`<section id="verdict-part" aria-label="${told(language, 'page.verdict')}">
<p id="verdict">${decision.verdict.text}</p>
<ul class="trust">
${facts}</ul>
${decision.columns.length > 1 ? places(comparison) : safeHtml``}
${changes.length === 0 ? safeHtml`` : safeHtml`<ul class="changes">${changes}</ul>`}
</section>`
}

/** One row per candidate, one column per world, spread and judged part: does it hold? */
function places({ decision, columns, language }: Comparison): Html {
  const { candidates, goal } = decision
  const metric = columns.find(({ id }) => id === goal.minimise)
  if (metric === undefined) return safeHtml``
  const heads = decision.columns.map(
    ({ name, seeds }) =>
      safeHtml`<th scope="col">${name}${seeds.length > 1 ? safeHtml` <small>${told(language, 'page.holds.seeds', { count: seeds.length })}</small>` : safeHtml``}</th>`,
  )
  // The best of each column is among them, wherever it stands.
  const shown = candidates.filter(
    ({ standings }, at) => at < MOST_CANDIDATES || standings.some((standing) => standing?.rank === 1),
  )
  const rows = shown.map((candidate) => row(candidate, metric, language))
  const left = candidates.length - shown.length
  return safeHtml`<h2>${told(language, 'md.holds')}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${told(language, 'page.holds.label')}"><table id="places">
<thead><tr><th scope="col">${metric.heading}${metric.unit === '' ? '' : ` (${metric.unit})`}</th>${heads}</tr></thead>
<tbody>
${rows}</tbody></table></div>
<p class="hint">${[
    told(language, 'page.holds.hint'),
    shown.some(({ standings }) => standings.some((standing) => hasRange(standing)))
      ? told(language, 'page.holds.range')
      : '',
    left > 0 ? told(language, 'page.holds.more', { count: left }) : '',
  ].join('')}</p>`
}

function row({ label, isBaseline, standings }: Candidate, metric: Metric, language: Language): Html {
  const mark = isBaseline ? safeHtml` <small>${told(language, 'page.baseline')}</small>` : safeHtml``
  return safeHtml`<tr><th scope="row">${label}${mark}</th>${standings.map((standing) => cell(standing, metric, language))}</tr>
`
}

/** Whether its seeds give several figures. */
function hasRange(standing: Standing | null): boolean {
  return standing !== null && standing.value !== null && standing.value.least < standing.value.most
}

function cell(standing: Standing | null, metric: Metric, language: Language): Html {
  if (standing === null || standing.value === null) return safeHtml`<td>–</td>`
  const { value, rank, isAllowed } = standing
  const text = metric.format(value.mean)
  const shown = rank === 1 ? safeHtml`<b>${text}</b>` : isAllowed ? safeHtml`${text}` : safeHtml`<s>${text}</s>`
  const spread = hasRange(standing)
    ? safeHtml` <small>${metric.format(value.least)}–${metric.format(value.most)}</small>`
    : safeHtml``
  return safeHtml`<td title="${figureText(value.mean, metric, language)}">${shown}${spread}</td>`
}
