import { reportPage } from '../page/report-page.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const html: Renderer = {
  id: 'html',
  isSpoken: true,
  summary: 'One interactive page that needs no network.',
  render: async (comparison, material) => [textFile('index.html', await reportPage(comparison, material))],
}
