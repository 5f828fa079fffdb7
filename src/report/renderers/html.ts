import { chartsFor } from '../charts/index.ts'
import { pageDocument } from '../page/document.ts'
import { printable } from '../../core/printable.ts'
import { type Renderer, textFile } from '../renderer.ts'
import { compileChart, vegaBrowserBundle } from '../drawing/vega.ts'

export const html: Renderer = {
  id: 'html',
  summary: 'One interactive page that needs no network.',
  render: async (comparison) => {
    const safe = printable(comparison)
    const charts = chartsFor(safe).map(async ({ id, summary, draw }) => ({
      id,
      summary,
      spec: await compileChart(draw(safe), 'transparent'),
    }))
    const page = pageDocument({ comparison: safe, charts: await Promise.all(charts), vega: await vegaBrowserBundle() })
    return [textFile('index.html', page)]
  },
}
