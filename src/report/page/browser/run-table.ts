// The table of the runs: those of the frontier first, or sorted by any column.
import type { PageColumn, PageRun } from '../page-contents.ts'
import { breakable, byId, drawing, element, shapePath } from './element.ts'
import { type PageModel, titleOf } from './page-model.ts'
import { signed } from './scale.ts'

/** Rows that are shown at first; a button shows all. */
const FIRST_ROWS = 40
/** Rows that are printed, as page.css has it. */
const PRINTED_ROWS = 12

export function runTable(model: PageModel): void {
  const table = byId('comparison')
  const filter = byId('run-filter') as HTMLInputElement
  const differences = byId('differences') as HTMLInputElement
  let showsAll = false
  const draw = (): void => {
    differences.checked = model.choice.differences !== ''
    const columns = shownColumns(model)
    const order = ordered(model, filter.value.trim().toLowerCase())
    const shown = showsAll ? order : order.slice(0, FIRST_ROWS)
    table.replaceChildren(
      element('thead', {}, headings(model, columns)),
      element('tbody', {}, ...shown.map(({ position, isFront }) => row(model, position, isFront, columns))),
    )
    const more = byId('more-runs')
    more.hidden = shown.length === order.length
    more.textContent = model.says('page.runs.all', { count: order.length })
    const count = order.length
    byId('printed-runs').textContent =
      count > PRINTED_ROWS ? model.says('page.runs.printed', { shown: PRINTED_ROWS, count }) : ''
  }
  columnChooser(model)
  model.follow(draw)
  filter.addEventListener('input', draw)
  differences.addEventListener('change', () => model.choose({ differences: differences.checked ? 'yes' : '' }))
  byId('more-runs').addEventListener('click', () => {
    showsAll = true
    draw()
  })
}

export function shownColumns(model: PageModel): readonly PageColumn[] {
  const ids = model.choice.columns === '' ? undefined : new Set(model.choice.columns.split(','))
  return model.data.columns.filter(({ id, headline }) => ids?.has(id) ?? headline)
}

function columnChooser(model: PageModel): void {
  const boxes = model.data.columns.map((column) => {
    const box = element('input', { type: 'checkbox', value: column.id })
    box.addEventListener('change', () => {
      const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value)
      const usual = model.data.columns.filter(({ headline }) => headline).map(({ id }) => id)
      model.choose({ columns: chosen.join() === usual.join() ? '' : chosen.join() || 'none' })
    })
    byId('columns').append(element('label', { title: column.summary }, box, ` ${titleOf(column)}`))
    return box
  })
  model.follow(() => {
    const ids = new Set(shownColumns(model).map(({ id }) => id))
    for (const box of boxes) box.checked = ids.has(box.value)
  })
}

interface TableRun {
  readonly position: number
  readonly isFront: boolean
}

/** Positions of the runs in the order of the table. */
function ordered(model: PageModel, filter: string): readonly TableRun[] {
  const { runs } = model.data
  const frontier = model
    .frontiers(model.marks())
    .flat()
    .flatMap((mark) => mark.runs)
  const front = new Map(frontier.map((run, place) => [run, place]))
  const rows = [...runs.keys()]
    .filter((position) => filter === '' || searched(runs[position]!).includes(filter))
    .map((position) => ({ position, isFront: front.has(position) }))
  const { sort } = model.choice
  const column = model.column(sort.replace(/^-/, ''))
  const place = ({ position }: TableRun): number => front.get(position) ?? runs.length + position
  if (sort.endsWith('label')) {
    const sign = sort.startsWith('-') ? -1 : 1
    const label = ({ position }: TableRun): string => runs[position]!.label
    return rows.toSorted((a, b) => sign * label(a).localeCompare(label(b), 'en', { numeric: true }))
  }
  if (column === undefined) return rows.toSorted((a, b) => place(a) - place(b))
  const sign = sort.startsWith('-') ? -1 : 1
  // What has no value stands last, whatever the direction.
  const key = ({ position }: TableRun): number => {
    const value = model.valueOf(runs[position]!, column)
    return value === null ? Number.POSITIVE_INFINITY : sign * value
  }
  return rows
    .map((row) => [key(row), row] as const)
    .toSorted(([a], [b]) => (a === b ? 0 : a - b))
    .map(([, row]) => row)
}

function searched({ label, policy, world }: PageRun): string {
  return `${label} ${policy} ${world}`.toLowerCase()
}

function headings(model: PageModel, columns: readonly PageColumn[]): HTMLTableRowElement {
  return element(
    'tr',
    {},
    heading(model, 'label', model.says('page.run'), '', model.says('page.runs.meaning')),
    ...columns.map(({ id, heading: name, unit, summary }) => heading(model, id, name, unit, summary)),
  )
}

function heading(model: PageModel, id: string, name: string, unit: string, summary: string): HTMLTableCellElement {
  const { sort } = model.choice
  const isSorted = sort.replace(/^-/, '') === id
  const direction = isSorted ? (sort.startsWith('-') ? 'descending' : 'ascending') : 'none'
  const press = (): void => {
    // Once for the smallest first, again for the largest, and a third time for the frontier.
    model.choose({ sort: !isSorted ? id : sort.startsWith('-') ? '' : `-${id}` })
    document.querySelector<HTMLElement>(`#comparison [data-sort="${id}"]`)?.focus()
  }
  const button = element('button', { type: 'button', title: summary, 'data-sort': id, click: press }, name)
  if (unit !== '') button.append(' ', element('small', {}, unit))
  return element('th', { scope: 'col', 'aria-sort': direction }, button)
}

function row(
  model: PageModel,
  position: number,
  isFront: boolean,
  columns: readonly PageColumn[],
): HTMLTableRowElement {
  const run = model.data.runs[position]!
  const letters = (['a', 'b'] as const).map((letter) => {
    const isChosen = model[letter] === position
    const choose = (): void => {
      model.choose({ [letter]: run.key })
      document.querySelector<HTMLElement>(`#comparison [data-pin="${letter}${run.key}"]`)?.focus()
    }
    return element(
      'button',
      {
        type: 'button',
        class: 'pin',
        'aria-pressed': isChosen ? 'true' : 'false',
        'aria-label': `${letter.toUpperCase()}: ${run.label}`,
        'data-pin': `${letter}${run.key}`,
        click: choose,
      },
      letter.toUpperCase(),
    )
  })
  const head = element(
    'th',
    { scope: 'row', 'data-value': run.label },
    element(
      'span',
      { class: 'named' },
      ...letters,
      swatch(run),
      element('span', { class: 'label' }, ...breakable(run.label), ...badges(model, run, isFront)),
    ),
  )
  const isAorB = position === model.a || position === model.b
  return element('tr', isAorB ? { class: 'chosen' } : {}, head, ...columns.map((column) => cell(model, run, column)))
}

/** The mark of a run, as the chart has it. */
export function swatch({ shape, colour }: PageRun): SVGElement {
  const path = drawing('path', { d: shapePath(shape, 70), fill: colour })
  return drawing('svg', { class: 'swatch', width: 14, height: 14, viewBox: '-7 -7 14 14', 'aria-hidden': 'true' }, path)
}

function badges(model: PageModel, run: PageRun, isFront: boolean): HTMLElement[] {
  const texts = [
    ...(isFront ? [model.says('page.frontier')] : []),
    ...(run.isBaseline ? [model.says('page.baseline')] : []),
  ]
  return texts.map((text) => element('small', {}, text))
}

function cell(model: PageModel, run: PageRun, column: PageColumn): HTMLTableCellElement {
  const value = model.valueOf(run, column)
  const text = model.textOf(run, column)
  const data = { 'data-value': value === null ? '' : String(value) }
  const against = model.valueOf(model.data.runs[model.b]!, column)
  if (model.choice.differences === '' || value === null || against === null) return element('td', data, text)
  const difference = value - against
  const isBetter = column.better !== 'neither' && (column.better === 'lower' ? difference < 0 : difference > 0)
  const isWorse = column.better !== 'neither' && difference !== 0 && !isBetter
  const relative =
    against === 0 ? signed(difference) : `${signed(Number(((100 * difference) / against).toPrecision(3)))} %`
  const kind = isBetter ? 'delta good' : isWorse ? 'delta bad' : 'delta'
  return element('td', data, text, element('span', { class: kind }, difference === 0 ? '=' : relative))
}
