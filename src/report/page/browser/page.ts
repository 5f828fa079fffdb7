// The page's own script. It runs in the reader's browser, asks for nothing, and keeps what the reader chose in the address.
import type { PageData } from '../page-contents.ts'
import { appList } from './app-list.ts'
import { drawAppDifferences } from './app-differences.ts'
import { decisionChart } from './decision-chart.ts'
import { difference } from './difference.ts'
import { downloads } from './downloads.ts'
import { byId } from './element.ts'
import { furtherFigures } from './figures.ts'
import { PageModel } from './page-model.ts'
import { runTable } from './run-table.ts'
import { followServer } from './served.ts'
import { timeChart } from './time-chart.ts'

byId('theme').addEventListener('click', () => {
  const { dataset } = document.documentElement
  const chosen = dataset['theme']
  const isDark = chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
  dataset['theme'] = isDark ? 'light' : 'dark'
})

const data = JSON.parse(byId('data').textContent ?? '') as PageData
if (data.runs.length > 0) {
  const model = new PageModel(data)
  decisionChart(model)
  runTable(model)
  difference(model)
  drawAppDifferences(model)
  timeChart(model)
  appList(model)
  downloads(model)
  furtherFigures()
}
followServer(data)
document.documentElement.dataset['drawn'] = 'yes'
