/**
 * The page's own script: it draws the charts with the vega of the page, shows what a pointer is on, sorts the table and
 * changes between light and dark. It is a text because it runs in the reader's browser, not here.
 */
export const SCRIPT = String.raw`
'use strict'
const tip = document.getElementById('tip')

function showTip(event, value) {
  tip.hidden = value === null || value === undefined || value === ''
  if (tip.hidden) return
  const facts = typeof value === 'object' ? Object.entries(value) : [['', String(value)]]
  const table = document.createElement('table')
  for (const [name, text] of facts) {
    const row = table.insertRow()
    row.insertCell().textContent = name
    row.insertCell().textContent = text
  }
  tip.replaceChildren(table)
  const { width, height } = tip.getBoundingClientRect()
  const gap = 14
  const right = event.clientX + gap + width > innerWidth ? event.clientX - gap - width : event.clientX + gap
  const down = event.clientY + gap + height > innerHeight ? event.clientY - gap - height : event.clientY + gap
  tip.style.left = Math.max(0, right) + 'px'
  tip.style.top = Math.max(0, down) + 'px'
}

async function drawCharts() {
  const specs = JSON.parse(document.getElementById('specs').textContent)
  for (const [id, spec] of Object.entries(specs)) {
    const view = new vega.View(vega.parse(spec), { renderer: 'svg', container: document.getElementById(id), hover: true })
    view.tooltip((_handler, event, _item, value) => showTip(event, value))
    await view.runAsync()
  }
  document.documentElement.dataset.drawn = 'yes'
}

function sortBy(column) {
  const table = document.getElementById('comparison')
  const heads = [...table.tHead.rows[0].cells]
  const direction = heads[column].ariaSort === 'ascending' ? 'descending' : 'ascending'
  heads.forEach((head, index) => { head.ariaSort = index === column ? direction : 'none' })
  const sign = direction === 'ascending' ? 1 : -1
  const value = (row) => row.cells[column].dataset.value
  const compare = (a, b) => column === 0 ? sign * a.localeCompare(b, 'en', { numeric: true }) : sign * (Number(a) - Number(b))
  const empty = (a) => (a === '' ? 1 : 0)
  const rows = [...table.tBodies[0].rows].sort((a, b) => empty(value(a)) - empty(value(b)) || compare(value(a), value(b)))
  table.tBodies[0].append(...rows)
}

document.getElementById('theme').addEventListener('click', () => {
  const root = document.documentElement
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = dark ? 'light' : 'dark'
})
document.querySelectorAll('#comparison thead th').forEach((head, column) => {
  head.querySelector('button').addEventListener('click', () => sortBy(column))
})
drawCharts()
`
