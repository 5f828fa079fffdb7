// Cold starts of each app in run A against those in run B, as a picture, in sentences and as a table.
import type { PageRun } from '../page-contents.ts'
import type { UnpackedAccounts, UnpackedRun } from './unpacked-accounts.ts'
import { byId, drawing, element } from './element.ts'
import type { PageModel } from './page-model.ts'
import { numberText, signed } from './scale.ts'
import { hideTip, showTip } from './tip.ts'

const [LEFT, RIGHT, TOP, BOTTOM] = [62, 14, 12, 44] as const
/** Apps that lie nearer to each other than this, in pixels, are one circle. */
const CELL = 8
/** How near to a circle a pointer must be, in pixels. */
const REACH = 20
/** Apps that the table lists. */
const MOST_LISTED = 12

/** The apps that have about as many cold starts in A, and in B. */
interface AppsAtPoint {
  readonly x: number
  readonly y: number
  readonly apps: number[]
}

/** An app's cold starts in A less those in B. */
type Difference = (app: number) => number

export function drawAppDifferences(model: PageModel): void {
  const details = byId('by-app') as HTMLDetailsElement
  const place = byId('by-app-picture')
  let accounts: UnpackedAccounts | undefined
  const draw = (): void => {
    details.hidden = model.a === model.b
    if (accounts === undefined || !details.open || details.hidden) return
    const [a, b] = [accounts.of(model.a), accounts.of(model.b)]
    const isAlike = accounts.runsLike(model.a).includes(model.b)
    if (a === undefined || b === undefined || !isAlike)
      return place.replaceChildren(element('p', { class: 'hint' }, model.says('page.byApp.apart')))
    const picture = element('div', { class: 'scatter' })
    const difference: Difference = (app) => a.cold[app]! - b.cold[app]!
    const sentence = sumOf(model, a, difference)
    const list = table(model, a, b, difference)
    place.replaceChildren(
      element('p', { class: 'sentence' }, sentence),
      element('div', { class: 'columns' }, picture, list),
      element('p', { class: 'hint' }, model.says('page.byApp.hint')),
    )
    scatter(model, picture, { a, b, difference, sentence })
  }
  const open = async (): Promise<void> => {
    accounts ??= await model.accounts
    draw()
  }
  if (model.accounts === undefined) return details.remove()
  details.addEventListener('toggle', () => void open())
  model.follow(draw)
  let width = 0
  new ResizeObserver(() => {
    if (details.clientWidth === width) return
    width = details.clientWidth
    draw()
  }).observe(details)
}

/** For how many apps each run is the better one, by how much, and how few apps make up half of that. */
function sumOf(model: PageModel, { names }: UnpackedRun, difference: Difference): string {
  const sizes: number[] = []
  let [fewer, less, more, plus] = [0, 0, 0, 0]
  for (const app of names.keys()) {
    const by = difference(app)
    if (by !== 0) sizes.push(Math.abs(by))
    if (by < 0) [fewer, less] = [fewer + 1, less - by]
    if (by > 0) [more, plus] = [more + 1, plus + by]
  }
  const text = model.says('page.byApp.sum', {
    fewer: numberText(fewer),
    less: numberText(less),
    more: numberText(more),
    plus: numberText(plus),
    equal: numberText(names.length - fewer - more),
  })
  if (sizes.length === 0) return text
  let [sum, count] = [0, 0]
  for (const size of sizes.sort((one, other) => other - one)) {
    if (2 * sum >= less + plus) break
    sum += size
    count += 1
  }
  return `${text} ${model.says('page.byApp.half', { count: numberText(count) })}`
}

interface Both {
  readonly a: UnpackedRun
  readonly b: UnpackedRun
  readonly difference: Difference
  readonly sentence: string
}

function scatter(model: PageModel, place: HTMLElement, { a, b, difference, sentence }: Both): void {
  const width = Math.max(260, Math.min(560, place.clientWidth))
  const height = Math.round(0.8 * width)
  const [right, bottom] = [width - RIGHT, height - BOTTOM]
  let most = 1
  for (const app of a.names.keys()) most = Math.max(most, a.cold[app]!, b.cold[app]!)
  // Equal ratios are equally far apart, and none at all has a place.
  const share = (cold: number): number => Math.log1p(cold) / Math.log1p(most)
  const x = (cold: number): number => LEFT + share(cold) * (right - LEFT)
  const y = (cold: number): number => bottom - share(cold) * (bottom - TOP)
  const cells = cellsOf(a, b, x, y, difference)
  const [runA, runB] = [model.data.runs[model.a]!, model.data.runs[model.b]!]
  const svg = drawing(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': sentence },
    ...ticksOf(most).flatMap((tick) => [
      drawing('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: TOP, y2: bottom }),
      drawing('line', { class: 'grid', x1: LEFT, x2: right, y1: y(tick), y2: y(tick) }),
      drawing('text', { class: 'tick', x: x(tick), y: bottom + 16, 'text-anchor': 'middle' }, numberText(tick)),
      drawing('text', { class: 'tick', x: LEFT - 7, y: y(tick) + 4, 'text-anchor': 'end' }, numberText(tick)),
    ]),
    drawing('line', { class: 'equal', x1: x(0), y1: y(0), x2: x(most), y2: y(most) }),
    ...cells.map((cell) => circle(cell, difference, runA, runB)),
    drawing(
      'text',
      { class: 'axis', x: (LEFT + right) / 2, y: height - 8, 'text-anchor': 'middle' },
      model.says('page.byApp.across'),
    ),
    drawing(
      'text',
      { class: 'axis', transform: `translate(13,${(TOP + bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      model.says('page.byApp.upwards'),
    ),
  )
  const near = (event: MouseEvent): AppsAtPoint | undefined => nearest(cells, svg, event)
  svg.addEventListener('pointermove', (event) => {
    const cell = near(event)
    svg.style.cursor = cell === undefined ? '' : 'pointer'
    if (cell === undefined) return hideTip()
    const [first] = cell.apps
    showTip(event, [
      [model.says('page.byApp.count'), numberText(cell.apps.length)],
      [model.says('page.apps.coldA'), rangeOf(cell.apps, a.cold)],
      [model.says('page.apps.coldB'), rangeOf(cell.apps, b.cold)],
      [model.says('page.byApp.example'), a.names[first!]!],
    ])
  })
  svg.addEventListener('pointerleave', () => hideTip())
  svg.addEventListener('click', (event) => {
    const [first] = near(event)?.apps ?? []
    if (first !== undefined) openApp(model, a.names[first]!)
  })
  place.replaceChildren(svg)
}

/** The apps by where they lie; the first of each cell is the one that differs most. */
function cellsOf(
  a: UnpackedRun,
  b: UnpackedRun,
  x: (cold: number) => number,
  y: (cold: number) => number,
  difference: Difference,
): readonly AppsAtPoint[] {
  const cells = new Map<string, AppsAtPoint>()
  for (const app of a.names.keys()) {
    const [across, down] = [x(a.cold[app]!), y(b.cold[app]!)]
    const key = `${Math.round(across / CELL)} ${Math.round(down / CELL)}`
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, { x: across, y: down, apps: [app] })
    else cell.apps.push(app)
  }
  for (const { apps } of cells.values())
    apps.sort((one, other) => Math.abs(difference(other)) - Math.abs(difference(one)))
  return [...cells.values()].sort((one, other) => other.apps.length - one.apps.length)
}

/** In the colour of the run that has fewer cold starts there. */
function circle({ x, y, apps }: AppsAtPoint, difference: Difference, a: PageRun, b: PageRun): SVGElement {
  const by = difference(apps[0]!)
  const r = Math.min(10, 2.4 + 0.9 * Math.log2(apps.length))
  const fill = by === 0 ? 'var(--soft)' : by < 0 ? a.colour : b.colour
  return drawing('circle', { class: 'apps', cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1), fill })
}

/** None, and powers of ten; with twice and five times these where there are few. */
function ticksOf(most: number): readonly number[] {
  const powers = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => 10 ** power)
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((tick) => tick <= most)
  return [0, ...(fine.length <= 9 ? fine : powers)]
}

function rangeOf(apps: readonly number[], cold: Float64Array): string {
  let [least, most] = [Number.POSITIVE_INFINITY, 0]
  for (const app of apps) {
    least = Math.min(least, cold[app]!)
    most = Math.max(most, cold[app]!)
  }
  return least === most ? numberText(least) : `${numberText(least)}–${numberText(most)}`
}

function nearest(
  cells: readonly AppsAtPoint[],
  svg: Element,
  { clientX, clientY }: MouseEvent,
): AppsAtPoint | undefined {
  const { left, top } = svg.getBoundingClientRect()
  let [found, least] = [undefined as AppsAtPoint | undefined, REACH]
  for (const cell of cells) {
    const distance = Math.hypot(cell.x - clientX + left, cell.y - clientY + top)
    if (distance >= least) continue
    found = cell
    least = distance
  }
  return found
}

/** The apps that differ most, with bars to the left where A has fewer cold starts, in the colour of the run that has fewer. */
function table(model: PageModel, a: UnpackedRun, b: UnpackedRun, difference: Difference): HTMLElement {
  const apps = [...a.names.keys()]
    .filter((app) => difference(app) !== 0)
    .sort((one, other) => Math.abs(difference(other)) - Math.abs(difference(one)))
    .slice(0, MOST_LISTED)
  const most = Math.max(1, ...apps.map((app) => Math.abs(difference(app))))
  const rows = apps.map((app) => {
    const name = a.names[app]!
    const by = difference(app)
    const width = (50 * Math.abs(by)) / most
    const { colour } = model.data.runs[by < 0 ? model.a : model.b]!
    const bar = element('i', { style: `width:${width}%;${by < 0 ? 'right' : 'left'}:50%;background:${colour}` })
    const open = element('button', { type: 'button', title: name, click: () => openApp(model, name) }, name)
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, open),
      element('td', { class: 'diverging' }, element('span', {}, signed(by)), bar),
      element('td', {}, numberText(a.cold[app]!)),
      element('td', {}, numberText(b.cold[app]!)),
    )
  })
  const heads = [
    model.says('page.apps.app'),
    'A − B',
    model.says('page.apps.coldA'),
    model.says('page.apps.coldB'),
  ].map((text) => element('th', { scope: 'col' }, text))
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': model.says('page.byApp.label') },
    element(
      'table',
      { id: 'by-app-table' },
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
  )
}

/** Opens the row of an app in the list of all, and goes there. */
function openApp(model: PageModel, name: string): void {
  const list = byId('apps') as HTMLDetailsElement
  const search = byId('app-search') as HTMLInputElement
  hideTip()
  list.open = true
  search.value = name
  model.choose({ app: name })
  search.dispatchEvent(new Event('input'))
  list.scrollIntoView({ block: 'start' })
  search.focus({ preventScroll: true })
}
