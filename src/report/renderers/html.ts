import { cardScript } from '../page/card-script.ts'
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
    const [drawn, vega] = await Promise.all([Promise.all(charts), vegaBrowserBundle()])
    const page = pageDocument({ comparison: safe, charts: drawn, vega, card: cardScript(comparison) })
    return [textFile('index.html', page)]
  },
}
