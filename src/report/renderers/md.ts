import type { Comparison } from '../../metrics/comparison.ts'
import { REASONS } from '../../metrics/run.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import type { Metric } from '../../metrics/metric.ts'
import { told } from '../../language/language.ts'
import { printable } from '../../core/printable.ts'
import { groupsTable, holdsRest, holdsTable, type TextTable } from '../comparison/decision-lines.ts'
import { measuredTables } from '../comparison/measured-tables.ts'
import { options, provenance, sweptOptions } from '../comparison/provenance.ts'
import { type Renderer, textFile } from '../renderer.ts'
import { hasValues, headlines, metricTable } from '../comparison/metric-table.ts'

export const md: Renderer = {
  id: 'md',
  isSpoken: true,
  summary: 'Markdown tables of the figures, the reasons of cold starts and the runs.',
  render: async (comparison) => [textFile('comparison.md', document(printable(comparison)))],
}

function document(comparison: Comparison): string {
  const { experiment, language } = comparison
  const facts = provenance(comparison).map(({ term, text }) => `- ${term}: ${escaped(text)}`)
  const filled = comparison.columns.filter((metric) => hasValues(comparison, metric))
  const shown = headlines(comparison)
  const others = filled.filter((metric) => !shown.includes(metric))
  const parts = [
    `# ${escaped(experiment)}`,
    `**${escaped(comparison.decision.verdict.text)}**`,
    trust(comparison),
    facts.join('\n'),
    ...decisionParts(comparison),
    `## ${told(language, 'md.comparison')}`,
    told(language, comparison.runs.length === 0 ? 'verdict.noRuns' : 'md.best'),
    figures(comparison, shown),
    `## ${told(language, 'md.further')}`,
    figures(comparison, others),
    `## ${told(language, 'md.reasons')}`,
    reasons(comparison),
    ...measuredParts(comparison),
    `## ${told(language, 'md.runs')}`,
    origins(comparison),
  ]
  return `${parts.join('\n\n')}\n`
}

function trust({ decision, language }: Comparison): string {
  return decision.trust
    .map(({ level, text }) => `- ${level === 'caution' ? `**${told(language, 'md.caution')}:** ` : ''}${escaped(text)}`)
    .join('\n')
}

/** Whether the ranking holds in all worlds, and rows over seeds, where there are several of either. */
function decisionParts(comparison: Comparison): string[] {
  const [holds, groups] = [holdsTable(comparison), groupsTable(comparison)]
  const { language } = comparison
  const changes = comparison.decision.changes.map(({ text }) => `- ${escaped(text)}`).join('\n')
  return [
    ...(holds === undefined ? [] : [`## ${told(language, 'md.holds')}`, textTable(holds), ...holdsRest(comparison)]),
    ...(holds === undefined || changes === '' ? [] : [changes]),
    ...(groups === undefined ? [] : [`## ${told(language, 'md.groups')}`, textTable(groups)]),
  ]
}

/** What was measured on the platform beside the runs, where the trace tells of it. */
function measuredParts(comparison: Comparison): string[] {
  return measuredTables(comparison).flatMap(({ title, table, rest }) => [
    `## ${title}`,
    textTable(table),
    ...(rest === undefined ? [] : [escaped(rest)]),
  ])
}

function textTable({ heads, rows }: TextTable): string {
  return table(
    heads.map(escaped),
    rows.map((row) => row.map(escaped)),
    1,
  )
}

function figures(comparison: Comparison, metrics: readonly Metric[]): string {
  const { rows } = metricTable(comparison, metrics)
  const heads = metrics.map(({ heading, unit }) => escaped(unit === '' ? heading : `${heading} (${unit})`))
  const body = rows.map(({ run, cells }) => [
    escaped(run.label),
    ...cells.map(({ text, best }) => (best ? `**${escaped(text)}**` : escaped(text))),
  ])
  return table([told(comparison.language, 'table.run'), ...heads], body, 1)
}

function reasons({ runs, language }: Comparison): string {
  const names = REASONS.map((reason) => told(language, `reason.${reason}`))
  const body = runs.map(({ label, reasons }) => [
    escaped(label),
    ...REASONS.map((reason) => formatCount(reasons[reason])),
  ])
  return table([told(language, 'table.run'), ...names], body, 1)
}

function origins(comparison: Comparison): string {
  const swept = sweptOptions(comparison)
  const body = comparison.runs.map(({ label, policy, spelt, seed, digest }) => {
    const varied = swept.map((name) => options({ [name]: spelt.model[name] }))
    return [label, policy, options(spelt.params), ...varied, String(seed), digest].map((cell) => escaped(cell))
  })
  const [run, policy, parameters, seed, digest] = (['run', 'policy', 'parameters', 'seed', 'digest'] as const).map(
    (name) => told(comparison.language, `table.${name}`),
  ) as [string, string, string, string, string]
  const heads = [run, policy, parameters, ...swept, seed, digest]
  return table(heads, body, heads.length)
}

/** A table of cells that are Markdown already; columns from `firstRight` on are aligned to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[], firstRight: number): string {
  const rule = heads.map((_, column) => (column < firstRight ? '---' : '---:'))
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A text without anything that Markdown or HTML would take for markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#~&]/g, String.raw`\$&`)
}
