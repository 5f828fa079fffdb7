import { chartsFor } from '../charts/index.ts'
import { drawnChart } from '../drawing/drawn-chart.ts'
import { ofOwnFile } from '../drawing/picture.ts'
import { pageDocument } from '../page/document.ts'
import { printable } from '../../core/printable.ts'
import { type Renderer, textFile } from '../renderer.ts'
import { compileChart, vegaBrowserBundle } from '../drawing/vega.ts'

export const html: Renderer = {
  id: 'html',
  summary: 'One interactive page that needs no network.',
  render: async (comparison, own) => {
    const safe = printable(comparison)
    const charts = chartsFor(safe, own).map(async (chart) => ({
      id: chart.id,
      summary: chart.summary,
      spec: await ofOwnFile(chart, () => compileChart(drawnChart(chart, safe), 'transparent')),
    }))
    const page = pageDocument({ comparison: safe, charts: await Promise.all(charts), vega: await vegaBrowserBundle() })
    return [textFile('index.html', page)]
  },
}
