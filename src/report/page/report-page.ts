import type { Comparison } from '../../metrics/comparison.ts'
import { printable } from '../../core/printable.ts'
import { chartsFor } from '../charts/index.ts'
import { drawnChart } from '../drawing/drawn-chart.ts'
import { ofOwnFile } from '../drawing/picture.ts'
import { compileChart, vegaBrowserBundle } from '../drawing/vega.ts'
import type { Material } from '../renderer.ts'
import { cardScript } from './card-script.ts'
import { pageDocument, type ServedPart } from './page-document.ts'

/** Charts in whose place the page has parts of its own. */
const OWN_PARTS: ReadonlySet<string> = new Set(['cold-vs-memory', 'loaded-memory'])

/** The page of a comparison; `served` where it may ask the server that it comes from. */
export async function reportPage(
  comparison: Comparison,
  material: Material = {},
  served?: ServedPart,
): Promise<string> {
  const safe = printable(comparison)
  const shown = chartsFor(safe, material.charts).filter(({ id }) => !OWN_PARTS.has(id))
  const charts = shown.map(async (chart) => ({
    id: chart.id,
    summary: safe.language.charts[chart.id] ?? chart.summary,
    spec: await ofOwnFile(chart, () => compileChart(drawnChart(chart, safe), 'transparent')),
  }))
  return pageDocument({
    comparison: safe,
    material,
    charts: await Promise.all(charts),
    vega: await vegaBrowserBundle(),
    card: cardScript(comparison),
    served,
  })
}
