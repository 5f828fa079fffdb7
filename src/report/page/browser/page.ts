// The page's own script: it draws the charts with the vega of the page, shows what a pointer is on, sorts the table and
// changes between light and dark. It runs in the reader's browser.

/** The part of vega's bundle, which stands before this script in the page, that is used here. */
interface View {
  tooltip(show: (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void): void
  runAsync(): Promise<unknown>
}
declare const vega: {
  parse(spec: unknown): unknown
  readonly View: new (
    runtime: unknown,
    options: { readonly renderer: 'svg'; readonly container: HTMLElement; readonly hover: boolean },
  ) => View
}

/** Space between the pointer and its tip, in pixels. */
const GAP = 14

const tip = element('tip')
const table = element('comparison') as HTMLTableElement

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element "${id}"`)
  return found
}

function showTip(event: MouseEvent, value: unknown): void {
  tip.hidden = value === null || value === undefined || value === ''
  if (tip.hidden) return
  const facts: readonly (readonly [string, unknown])[] =
    typeof value === 'object' ? Object.entries(value as object) : [['', value]]
  const lines = document.createElement('table')
  for (const [name, text] of facts) {
    const row = lines.insertRow()
    row.insertCell().textContent = name
    row.insertCell().textContent = String(text)
  }
  tip.replaceChildren(lines)
  const { width, height } = tip.getBoundingClientRect()
  const { clientX, clientY } = event
  const right = clientX + GAP + width > innerWidth ? clientX - GAP - width : clientX + GAP
  const down = clientY + GAP + height > innerHeight ? clientY - GAP - height : clientY + GAP
  tip.style.left = `${Math.max(0, right)}px`
  tip.style.top = `${Math.max(0, down)}px`
}

async function drawCharts(): Promise<void> {
  const specs = JSON.parse(element('specs').textContent ?? '') as object
  for (const [id, spec] of Object.entries(specs) as [string, unknown][]) {
    const view = new vega.View(vega.parse(spec), { renderer: 'svg', container: element(id), hover: true })
    view.tooltip((_handler, event, _item, value) => showTip(event, value))
    await view.runAsync()
  }
  document.documentElement.dataset['drawn'] = 'yes'
}

/** What has no value stands last, whatever the direction. */
function emptiness(value: string): number {
  return value === '' ? 1 : 0
}

function sortBy(column: number): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])]
  const direction = heads[column]?.ariaSort === 'ascending' ? 'descending' : 'ascending'
  for (const [index, head] of heads.entries()) head.ariaSort = index === column ? direction : 'none'
  const sign = direction === 'ascending' ? 1 : -1
  const valueOf = (row: HTMLTableRowElement): string => row.cells[column]?.dataset['value'] ?? ''
  const compare = (a: string, b: string): number =>
    sign * (column === 0 ? a.localeCompare(b, 'en', { numeric: true }) : Number(a) - Number(b))
  const body = table.tBodies[0]
  const rows = [...(body?.rows ?? [])].sort((first, second) => {
    const [a, b] = [valueOf(first), valueOf(second)]
    return emptiness(a) - emptiness(b) || compare(a, b)
  })
  body?.append(...rows)
}

element('theme').addEventListener('click', () => {
  const { dataset } = document.documentElement
  const chosen = dataset['theme']
  const isDark = chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
  dataset['theme'] = isDark ? 'light' : 'dark'
})
for (const [column, button] of document.querySelectorAll('#comparison thead th button').entries()) {
  button.addEventListener('click', () => sortBy(column))
}
await drawCharts()
