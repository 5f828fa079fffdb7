// The chart of two metrics: one mark per candidate, the frontier, and a budget that can be dragged.
import type { PageColumn } from '../page-contents.ts'
import { byId, chooser, drawing, element, shapePath } from './element.ts'
import { around, type NameBox, markNames, meet, widthOf } from './mark-names.ts'
import { type Mark, markName, NO_BUDGET, type PageModel, type FigurePlace, titleOf } from './page-model.ts'
import { afterPress } from './press.ts'
import { numberText, type Scale, scaleOf } from './scale.ts'
import { hideTip, showTip } from './tip.ts'

const LEFT = 62
const RIGHT = 14
const TOP = 14
const BOTTOM = 46
const MARK_AREA = 90
/** How near to a mark a pointer must be, in pixels. */
const REACH = 26
/** A press that moves by less, in pixels, is one on what lies there, and drags nothing. */
const LEAST_DRAG = 3
/** The word on the line of the budget. */
const GRIP = { width: 54, height: 18 }
/** Places that the answer to a budget tells of at most. */
const MOST_ANSWERS = 4

/** What a drawn chart answers a pointer with. */
interface Drawn {
  readonly marks: readonly Mark[]
  readonly x: Scale
  readonly y: Scale
}

/** Draws the chart anew at each change of choice or size. */
export function decisionChart(model: PageModel): void {
  const place = byId('decision-chart')
  let drawn: Drawn | undefined
  const draw = (): void => {
    drawn = drawChart(model, place)
    byId('decision-answer').replaceChildren(
      ...answersOf(model, drawn.marks).map((answer) => element('span', {}, answer)),
    )
    const hint = document.getElementById('bounds-hint')
    if (hint !== null) hint.hidden = place.querySelector('.bound') === null
  }
  const hasDragged = dragBudget(model, place, () => drawn)
  controls(model)
  model.follow(draw)
  new ResizeObserver(() => draw()).observe(place.parentElement!)
  place.addEventListener('pointermove', (event) => {
    const near = drawn === undefined ? undefined : nearest(drawn, place, event)
    place.style.cursor = near === undefined ? '' : 'pointer'
    if (near === undefined) hideTip()
    else showTip(event, factsOf(model, near))
  })
  place.addEventListener('pointerleave', () => hideTip())
  place.addEventListener('click', (event) => {
    // A drag ends with a click where the pointer is.
    if (hasDragged()) return
    const near = drawn === undefined ? undefined : nearest(drawn, place, event)
    const run = model.data.runs[near?.runs[0] ?? -1]
    if (run !== undefined) model.choose(event.shiftKey ? { b: run.key } : { a: run.key })
  })
}

function controls(model: PageModel): void {
  const options = model.data.columns.map((column) => ({ value: column.id, text: titleOf(column) }))
  const across = chooser(model.says('page.across'), options, (id) => model.choose({ x: id }))
  const upwards = chooser(model.says('page.upwards'), options, (id) => model.choose({ y: id, budget: '' }))
  byId('decision-axes').append(across.label, upwards.label)
  const input = element('input', { type: 'number', step: 'any', id: 'budget' })
  input.addEventListener('change', () => {
    // Now, as a choice that comes before shows the budget that was.
    const budget = input.value === '' ? NO_BUDGET : input.value
    afterPress(() => model.choose({ budget }))
  })
  const what = element('span', {})
  byId('decision-budget').append(element('label', {}, what, ' ', input))
  model.follow(() => {
    const { x, y } = model.axes
    across.show(x.id)
    upwards.show(y.id)
    what.textContent = model.says(`page.budget.${bound(y)}`, { column: titleOf(y) })
    if (document.activeElement !== input) input.value = String(model.budget ?? '')
  })
}

/** Whether a budget of a metric is the most of it or the least. */
function bound({ better: which }: PageColumn): 'least' | 'most' {
  return which === 'higher' ? 'least' : 'most'
}

/** Which run is best within the budget, in each place. */
function answersOf(model: PageModel, marks: readonly Mark[]): string[] {
  if (model.budget === undefined) return [model.says('page.budget.ask')]
  const places = model.places(marks)
  const left = places.length - MOST_ANSWERS
  const answers = places.slice(0, MOST_ANSWERS).map((place) => answerOf(model, place))
  return left > 0 ? [...answers, '…'] : answers
}

function answerOf(model: PageModel, { world, marks }: FigurePlace): string {
  const { x, y } = model.axes
  const [best, next] = model.allowed(marks) ?? []
  const figure = numberText(model.budget!) + unitOf(y)
  const within = model.says(`page.budget.within.${bound(y)}`, { column: y.heading, figure })
  const where = world === '' ? '' : model.says('page.budget.where', { world })
  if (best === undefined) return model.says('page.budget.nobody', { within, where })
  const told = (mark: Mark): string =>
    model.says('page.budget.run', {
      label: markName(model.data, mark),
      x: numberText(mark.x.mean) + unitOf(x),
      y: numberText(mark.y.mean) + unitOf(y),
    })
  return model.says('page.budget.best', {
    within,
    column: x.heading,
    best: told(best),
    next: next === undefined ? model.says('page.budget.alone') : model.says('page.budget.next', { run: told(next) }),
    where,
    allowed: model.allowed(marks)!.length,
    all: marks.length,
  })
}

function unitOf({ unit }: PageColumn): string {
  return unit === '' ? '' : ` ${unit}`
}

function factsOf(model: PageModel, mark: Mark): (readonly [string, string])[] {
  const { x, y } = model.axes
  const run = model.data.runs[mark.runs[0]!]!
  const spread = ({ mean, least, most }: Mark['x']): string => {
    const [middle, low, high] = [mean, least, most].map((value) => numberText(value)) as [string, string, string]
    return mark.runs.length === 1 ? middle : model.says('page.range', { mean: middle, least: low, most: high })
  }
  return [
    [model.says('page.run'), markName(model.data, mark)],
    [titleOf(x), spread(mark.x)],
    [titleOf(y), spread(mark.y)],
    ...(run.world === '' ? [] : ([[model.says('page.world'), run.world]] as const)),
    ...(mark.runs.length === 1 ? [] : ([[model.says('page.seeds'), String(mark.runs.length)]] as const)),
  ]
}

function nearest({ marks, x, y }: Drawn, place: Element, { clientX, clientY }: MouseEvent): Mark | undefined {
  const { left, top } = place.getBoundingClientRect()
  let [found, least] = [undefined as Mark | undefined, REACH]
  for (const mark of marks) {
    const distance = Math.hypot(x.at(mark.x.mean) - clientX + left, y.at(mark.y.mean) - clientY + top)
    if (distance >= least) continue
    found = mark
    least = distance
  }
  return found
}

function drawChart(model: PageModel, place: HTMLElement): Drawn {
  const width = Math.max(260, place.parentElement!.clientWidth)
  const height = Math.round(Math.min(440, Math.max(280, 0.55 * width)))
  const marks = model.marks()
  const across = (of: 'x' | 'y'): number[] => marks.flatMap((mark) => [mark[of].least, mark[of].most])
  const x = scaleOf(across('x'), LEFT, width - RIGHT)
  const y = scaleOf(across('y'), height - BOTTOM, TOP)
  const frontiers = model.frontiers(marks)
  const frontier = frontiers.flat()
  const bounds = boundLines(model, { x, y, width }, height)
  const grip = gripOf(model, marks, { x, y, width }, height)
  const svg = drawing(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': labelOf(model, marks, frontier) },
    ...axisLines(model, { x, y, width }, height),
    ...budgetRule(model, grip, width),
    ...bounds.lines,
    ...frontiers.map((own) => frontierLine(own, x, y)),
    ...marks.flatMap((mark) => whiskers(mark, x, y, model)),
    ...marks.map((mark) => markShape(mark, x, y, model)),
    ...markNames(frontier, marks, model, {
      x,
      y,
      left: LEFT,
      right: width - RIGHT,
      bottom: height - BOTTOM,
      taken: [...bounds.names, grip],
    }),
    budgetHandle(model, y, width, height),
  )
  place.replaceChildren(svg)
  return { marks, x, y }
}

function labelOf(model: PageModel, marks: readonly Mark[], frontier: readonly Mark[]): string {
  const { x, y } = model.axes
  const list = frontier.slice(0, 8).map((mark) => markName(model.data, mark))
  return model.says('page.chart.label', {
    x: titleOf(x),
    y: titleOf(y),
    count: marks.length,
    frontier: list.join('; '),
  })
}

function axisLines(model: PageModel, { x, y, width }: Canvas, height: number): SVGElement[] {
  const { axes } = model
  const [bottom, right] = [height - BOTTOM, width - RIGHT]
  // Ticks that would run into each other are left out.
  const every = Math.ceil((x.ticks.length * 52) / (width - LEFT - RIGHT))
  const vertical = x.ticks
    .filter((_, index) => index % every === 0)
    .map((tick) =>
      drawing(
        'g',
        { transform: `translate(${x.at(tick)},0)` },
        drawing('line', { class: 'grid', y1: TOP, y2: bottom }),
        drawing('text', { class: 'tick', y: bottom + 16, 'text-anchor': 'middle' }, numberText(tick)),
      ),
    )
  const level = y.ticks.map((tick) =>
    drawing(
      'g',
      { transform: `translate(0,${y.at(tick)})` },
      drawing('line', { class: 'grid', x1: LEFT, x2: right }),
      drawing('text', { class: 'tick', x: LEFT - 7, y: 4, 'text-anchor': 'end' }, numberText(tick)),
    ),
  )
  return [
    ...vertical,
    ...level,
    drawing(
      'text',
      { class: 'axis', x: (LEFT + right) / 2, y: height - 8, 'text-anchor': 'middle' },
      titled(model, axes.x),
    ),
    drawing(
      'text',
      { class: 'axis', transform: `translate(13,${(TOP + bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      titled(model, axes.y),
    ),
  ]
}

/** The title of an axis, with an arrow to where it is better. */
function titled(model: PageModel, column: PageColumn): string {
  const axis = titleOf(column)
  if (column.better === 'neither') return axis
  return model.says('page.better', { axis, arrow: column.better === 'lower' ? '←' : '→' })
}

function frontierLine(frontier: readonly Mark[], x: Scale, y: Scale): SVGElement {
  const steps = frontier.map((mark, index) => {
    const [px, py] = [x.at(mark.x.mean), y.at(mark.y.mean)]
    return index === 0 ? `M${px},${py}` : `H${px}V${py}`
  })
  return drawing('path', { class: 'frontier', d: steps.join('') || 'M0,0' })
}

/** Lines, and the room that their names take. */
interface NamedLines {
  readonly lines: readonly SVGElement[]
  readonly names: readonly NameBox[]
}

/**
 * What no run of the world of run A lies below, with its name where the line leaves the plot; only cold starts and idle
 * memory are bounded.
 */
function boundLines(model: PageModel, { x, y, width }: Canvas, height: number): NamedLines {
  const { axes } = model
  const place = ['idle-memory', 'idle-memory-relative'].indexOf(axes.y.id) + 1
  if (axes.x.id !== 'cold-starts' || place === 0) return { lines: [], names: [] }
  const [right, bottom] = [width - RIGHT, height - BOTTOM]
  const within = { x: LEFT, y: TOP, width: right - LEFT, height: bottom - TOP }
  const curves = model.data.bounds.filter(({ runs }) => runs.includes(model.a))
  const drawn = curves.map(({ title, points }) => {
    const places = points.flatMap((point) => {
      const up = place === 1 ? point[1] : point[2]
      return up === null ? [] : [[x.at(point[0]), y.at(up)] as const]
    })
    const line = places.map(([across, down]) => `${across.toFixed(1)},${down.toFixed(1)}`).join('L')
    const path = drawing('path', { class: 'bound', d: `M${line || '0,0'}` }, drawing('title', {}, title))
    const shown = places.filter(([across, down]) => across >= LEFT && across <= right && down >= TOP && down <= bottom)
    const last = shown.toSorted(([one], [other]) => other - one)[0]
    if (last === undefined) return { path, name: [], room: [] }
    // Below the line, which comes down to there.
    const below = last[1] + 14 <= bottom - 4
    const wide = widthOf(title)
    const at = { x: Math.max(last[0], LEFT + wide), y: below ? last[1] + 14 : last[1] - 6 }
    const room = { left: at.x - wide, right: at.x, top: at.y - 11, bottom: at.y + 3 }
    return { path, name: [drawing('text', { class: 'bound-name', ...at, 'text-anchor': 'end' }, title)], room: [room] }
  })
  // A picture within the picture cuts off what leaves the plot.
  const viewBox = `${within.x} ${within.y} ${within.width} ${within.height}`
  return {
    lines: [
      drawing('svg', { ...within, viewBox }, ...drawn.map(({ path }) => path)),
      ...drawn.flatMap(({ name }) => name),
    ],
    names: drawn.flatMap(({ room }) => room),
  }
}

function budgetRule(model: PageModel, grip: NameBox, width: number): SVGElement[] {
  const middle = (grip.top + grip.bottom) / 2
  return [
    drawing(
      'g',
      { class: model.budget === undefined ? 'budget unset' : 'budget', transform: `translate(0,${middle})` },
      drawing('line', { x1: LEFT, x2: width - RIGHT }),
      drawing('rect', { class: 'grip', x: grip.left, y: -GRIP.height / 2, ...GRIP, rx: GRIP.height / 2 }),
      drawing('text', { x: (grip.left + grip.right) / 2, y: 4, 'text-anchor': 'middle' }, model.says('page.budget')),
    ),
  ]
}

/** Where the word on the budget's line stands: at an end of it, the right one if no mark is there. */
function gripOf(model: PageModel, marks: readonly Mark[], { x, y, width }: Canvas, height: number): NameBox {
  const at = budgetAt(model, y, height)
  const [top, bottom] = [at - GRIP.height / 2, at + GRIP.height / 2]
  const ends = [width - RIGHT - GRIP.width, LEFT].map((left) => ({ left, right: left + GRIP.width, top, bottom }))
  const taken = marks.map((mark) => around(x.at(mark.x.mean), y.at(mark.y.mean), 12))
  return ends.find((end) => !taken.some((mark) => meet(end, mark))) ?? ends[0]!
}

/** How far down the budget's line is. */
function budgetAt({ budget }: PageModel, y: Scale, height: number): number {
  // Without a budget the line waits at the upper edge, where it forbids nothing.
  return budget === undefined ? TOP + 8 : Math.min(height - BOTTOM, Math.max(TOP, y.at(budget)))
}

/** What of the line can be dragged: above all marks, so that none of them is in the way. */
function budgetHandle(model: PageModel, y: Scale, width: number, height: number): SVGElement {
  const place = { x: LEFT, y: budgetAt(model, y, height) - 11 }
  return drawing('rect', { class: 'handle', ...place, width: width - RIGHT - LEFT, height: 22 })
}

function whiskers({ runs, x: over, y: up }: Mark, x: Scale, y: Scale, model: PageModel): SVGElement[] {
  if (runs.length === 1) return []
  const stroke = model.data.runs[runs[0]!]!.colour
  const [px, py] = [x.at(over.mean), y.at(up.mean)]
  const d = `M${x.at(over.least)},${py}H${x.at(over.most)}M${px},${y.at(up.least)}V${y.at(up.most)}`
  return [drawing('path', { class: 'whisker', d, stroke })]
}

function markShape(mark: Mark, x: Scale, y: Scale, model: PageModel): SVGElement {
  const { runs, x: over, y: up } = mark
  const run = model.data.runs[runs[0]!]!
  const chosen = runs.includes(model.a) ? 'A' : runs.includes(model.b) ? 'B' : ''
  const shape = drawing('path', { d: shapePath(run.shape, MARK_AREA), fill: run.colour })
  const ring = chosen === '' ? [] : [drawing('circle', { class: 'ring', r: 11 }), letter(chosen)]
  return drawing(
    'g',
    {
      class: model.isBeyond(mark) ? 'mark beyond' : 'mark',
      transform: `translate(${x.at(over.mean)},${y.at(up.mean)})`,
    },
    ...ring,
    shape,
  )
}

function letter(text: string): SVGElement {
  return drawing('text', { class: 'letter', x: -15, y: -9, 'text-anchor': 'middle' }, text)
}

interface Canvas {
  readonly x: Scale
  readonly y: Scale
  readonly width: number
}

/** Lets the budget be dragged; the function that it gives says whether the last press did so. */
function dragBudget(model: PageModel, place: HTMLElement, drawn: () => Drawn | undefined): () => boolean {
  let from: number | undefined
  let hasMoved = false
  place.addEventListener('pointerdown', (event) => {
    hasMoved = false
    if (!(event.target as Element).classList.contains('handle')) return
    from = event.clientY
    place.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  place.addEventListener('pointermove', (event) => {
    const now = drawn()
    if (from === undefined || now === undefined) return
    hasMoved ||= Math.abs(event.clientY - from) >= LEAST_DRAG
    if (!hasMoved) return
    const value = now.y.valueAt(event.clientY - place.getBoundingClientRect().top)
    model.choose({ budget: String(Number(Math.max(0, value).toPrecision(3))) })
  })
  for (const end of ['pointerup', 'pointercancel']) place.addEventListener(end, () => (from = undefined))
  return () => hasMoved
}
