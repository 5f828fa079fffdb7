// Loaded memory over time: run A beside run B and the band of all others, by hours of the day, and cold starts by days.
import type { PageData, PageRun } from '../page-contents.ts'
import { byId, drawing, element } from './element.ts'
import { figures, unpacked } from './packed.ts'
import type { PageModel } from './page-model.ts'
import { linearScale, numberText, type Scale } from './scale.ts'
import { hideTip, showTip } from './tip.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MB_PER_GB = 1024
/** Points of the band across the plot. */
const STEPS = 240
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 12, 12, 40]

/** A run's loaded memory as a function of time, in GB. */
type Loaded = (ms: number) => number | undefined

export function timeChart(model: PageModel): void {
  let lines: readonly Loaded[] | undefined
  let band: readonly Band[] | undefined
  const draw = (): void => {
    if (lines === undefined) return
    band ??= bandOf(model, lines)
    overTime(model, lines, band)
    hours(model, lines)
    days(model)
  }
  const begin = async (): Promise<void> => {
    const columns = await unpacked(model.data.timelines)
    const known = new Map<number, Float64Array>()
    const series = (column: number): Float64Array => {
      const values = known.get(column) ?? figures(columns[column]!)
      known.set(column, values)
      return values
    }
    lines = model.data.runs.map((run) => loadedOf(run, series(run.loaded)))
    draw()
    new ResizeObserver(() => draw()).observe(byId('time-chart').parentElement!)
    document.documentElement.dataset['time'] = 'yes'
  }
  model.follow(draw)
  void begin()
}

function loadedOf({ fromMs, toMs, bucketMs }: PageRun, values: Float64Array): Loaded {
  return (ms) => (ms < fromMs || ms >= toMs ? undefined : (values[Math.floor(ms / bucketMs)] ?? 0) / MB_PER_GB)
}

interface Band {
  readonly ms: number
  readonly low: number
  readonly high: number
}

/** Between which values eight of ten runs lie. */
function bandOf({ data }: PageModel, lines: readonly Loaded[]): readonly Band[] {
  const { fromMs, toMs } = judgedTime(data)
  return Array.from({ length: STEPS }, (_, step) => fromMs + ((step + 0.5) / STEPS) * (toMs - fromMs)).flatMap((ms) => {
    const values = lines.flatMap((line) => line(ms) ?? []).toSorted((a, b) => a - b)
    const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
    return values.length === 0 ? [] : [{ ms, low: at(0.1), high: at(0.9) }]
  })
}

function pairOf(model: PageModel): readonly { readonly letter: string; readonly position: number }[] {
  const { a, b } = model
  return [{ letter: 'A', position: a }, ...(a === b ? [] : [{ letter: 'B', position: b }])]
}

function overTime(model: PageModel, lines: readonly Loaded[], band: readonly Band[]): void {
  const place = byId('time-chart')
  const width = Math.max(260, place.parentElement!.clientWidth)
  const height = Math.min(300, Math.max(210, Math.round(0.3 * width)))
  const { runs } = model.data
  const { fromMs, toMs } = judgedTime(model.data)
  const pair = pairOf(model)
  const points = pair.map(({ position }) => seriesOf(runs[position]!, lines[position]!))
  const most = [...band.map(({ high }) => high), ...points.flat().map(([, gb]) => gb)].reduce(
    (a, b) => Math.max(a, b),
    0,
  )
  const unit = unitOf(toMs - fromMs)
  const unitName = model.says(`page.unit.${unit.name}`)
  const x = linearScale(fromMs / unit.ms, toMs / unit.ms, LEFT, width - RIGHT)
  const y = linearScale(0, most === 0 ? 1 : 1.05 * most, height - BOTTOM, TOP)
  const at = ([ms, gb]: readonly [number, number]): string => `${x.at(ms / unit.ms).toFixed(1)},${y.at(gb).toFixed(1)}`
  const upper = band.map(({ ms, high }) => at([ms, high]))
  const lower = band.map(({ ms, low }) => at([ms, low])).toReversed()
  const paths = pair.map(({ letter, position }, index) =>
    drawing('path', {
      class: `line line-${letter}`,
      d: `M${points[index]!.map((point) => at(point)).join('L')}`,
      stroke: runs[position]!.colour,
    }),
  )
  const names = pair.map(({ letter, position }) =>
    model.says('page.time.run', { letter, label: runs[position]!.label }),
  )
  const label = model.says('page.time.label', { runs: names.join(model.says('page.pair.and')) })
  const svg = drawing(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...axes(x, y, {
      width,
      height,
      across: model.says('page.time.across', { unit: unitName }),
      upwards: model.says('page.time.upwards'),
    }),
    ...(runs.length > 2 && upper.length > 0
      ? [drawing('path', { class: 'band', d: `M${[...upper, ...lower].join('L')}Z` })]
      : []),
    ...paths,
  )
  svg.addEventListener('pointermove', (event) => {
    const ms = x.valueAt(event.clientX - svg.getBoundingClientRect().left) * unit.ms
    const facts = pair.map(
      ({ letter, position }) => [`${letter} ${runs[position]!.label}`, textOf(model, lines[position]!(ms))] as const,
    )
    showTip(event, [[`${numberText(ms / unit.ms)} ${unitName}`, model.says('page.time.loaded')], ...facts])
  })
  svg.addEventListener('pointerleave', () => hideTip())
  place.replaceChildren(svg, legend(model, pair, runs.length > 2))
}

function textOf(model: PageModel, gb: number | undefined): string {
  return gb === undefined ? model.says('page.time.notJudged') : numberText(Number(gb.toPrecision(3)))
}

function legend(model: PageModel, pair: ReturnType<typeof pairOf>, hasBand: boolean): HTMLElement {
  const entries = pair.map(({ letter, position }) => {
    const { label, colour } = model.data.runs[position]!
    return element(
      'span',
      {},
      element('i', { class: `key line-${letter}`, style: `border-color:${colour}` }),
      ` ${letter}: ${label}`,
    )
  })
  const band = hasBand
    ? [element('span', {}, element('i', { class: 'key area' }), ` ${model.says('page.time.band')}`)]
    : []
  return element('p', { class: 'legend' }, ...entries, ...band)
}

/** The points of a run's line: the middles of its intervals. */
function seriesOf({ fromMs, toMs, bucketMs }: PageRun, loaded: Loaded): (readonly [number, number])[] {
  const count = Math.ceil(toMs / bucketMs)
  return Array.from({ length: count }, (_, bucket) => {
    const from = Math.max(fromMs, bucket * bucketMs)
    return (from + Math.min(toMs, (bucket + 1) * bucketMs)) / 2
  }).flatMap((ms) => {
    const gb = ms < fromMs ? undefined : loaded(ms)
    return gb === undefined ? [] : [[ms, gb] as const]
  })
}

/** From where the first run is judged to where the last one ends. */
function judgedTime({ runs }: PageData): { readonly fromMs: number; readonly toMs: number } {
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  for (const { fromMs, toMs } of runs) {
    from = Math.min(from, fromMs)
    to = Math.max(to, toMs)
  }
  return { fromMs: from, toMs: to }
}

function unitOf(horizonMs: number): { readonly ms: number; readonly name: 'days' | 'hours' | 'minutes' } {
  if (horizonMs >= 4 * DAY) return { ms: DAY, name: 'days' }
  return horizonMs >= 3 * HOUR ? { ms: HOUR, name: 'hours' } : { ms: 60_000, name: 'minutes' }
}

interface Frame {
  readonly width: number
  readonly height: number
  readonly across: string
  readonly upwards: string
}

function axes(x: Scale, y: Scale, { width, height, across, upwards }: Frame): SVGElement[] {
  const [bottom, right] = [height - BOTTOM, width - RIGHT]
  return [
    ...y.ticks.map((tick) =>
      drawing(
        'g',
        { transform: `translate(0,${y.at(tick)})` },
        drawing('line', { class: 'grid', x1: LEFT, x2: right }),
        drawing('text', { class: 'tick', x: LEFT - 6, y: 4, 'text-anchor': 'end' }, numberText(tick)),
      ),
    ),
    ...x.ticks.map((tick) =>
      drawing('text', { class: 'tick', x: x.at(tick), y: bottom + 16, 'text-anchor': 'middle' }, numberText(tick)),
    ),
    drawing('text', { class: 'axis', x: (LEFT + right) / 2, y: height - 6, 'text-anchor': 'middle' }, across),
    drawing(
      'text',
      { class: 'axis', transform: `translate(12,${(TOP + bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      upwards,
    ),
  ]
}

/** Mean loaded memory by the hour of the day, as the clock of the trace goes. */
function hours(model: PageModel, lines: readonly Loaded[]): void {
  const place = byId('hour-chart')
  const { horizonMs, clock, runs } = model.data
  if (horizonMs < DAY) return place.replaceChildren()
  const pair = pairOf(model)
  const means = pair.map(({ position }) => hourMeans(runs[position]!, lines[position]!, clock?.midnightMs ?? 0))
  const most = means.flat().reduce<number>((a, b) => Math.max(a, b ?? 0), 0)
  const [width, height] = [Math.min(520, Math.max(260, place.parentElement!.clientWidth)), 200]
  const x = { ...linearScale(0, 24, LEFT, width - RIGHT), ticks: [0, 4, 8, 12, 16, 20, 24] }
  const y = linearScale(0, most === 0 ? 1 : 1.05 * most, height - BOTTOM, TOP)
  const paths = means.map((list, index) => {
    const d = list.flatMap((gb, hour) =>
      gb === undefined ? [] : [`${x.at(hour)},${y.at(gb)}L${x.at(hour + 1)},${y.at(gb)}`],
    )
    const { letter, position } = pair[index]!
    return drawing('path', {
      class: `line line-${letter}`,
      d: `M${d.join('L') || '0,0'}`,
      stroke: runs[position]!.colour,
    })
  })
  const svg = drawing(
    'svg',
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': model.says('page.hours.label'),
    },
    ...axes(x, y, {
      width,
      height,
      across: clock === null ? model.says('page.hours.across') : model.says('page.hours.clock', { zone: clock.zone }),
      upwards: model.says('page.time.upwards'),
    }),
    ...paths,
  )
  place.replaceChildren(element('h3', {}, model.says('page.hours')), svg)
}

function hourMeans(run: PageRun, loaded: Loaded, midnightMs: number): (number | undefined)[] {
  const [sums, weights] = [new Float64Array(24), new Float64Array(24)]
  for (const [ms, gb] of seriesOf(run, loaded)) {
    const hour = Math.floor(((ms + midnightMs) % DAY) / HOUR)
    sums[hour]! += gb
    weights[hour]! += 1
  }
  return Array.from(sums, (sum, hour) => (weights[hour] === 0 ? undefined : sum / weights[hour]!))
}

/** The cold share of each judged day, where days were kept. */
function days(model: PageModel): void {
  const place = byId('day-table')
  const pair = pairOf(model).filter(({ position }) => model.data.runs[position]!.days !== null)
  if (pair.length === 0) return place.replaceChildren()
  const from = [
    ...new Set(pair.flatMap(({ position }) => model.data.runs[position]!.days!.map(({ fromMs }) => fromMs))),
  ].toSorted((a, b) => a - b)
  const rows = pair.map(({ letter, position }) => {
    const { label, days: judged } = model.data.runs[position]!
    const cells = from.map((ms) => {
      const share = judged!.find(({ fromMs }) => fromMs === ms)?.coldShare
      return element('td', {}, share === undefined || share === null ? '–' : numberText(100 * share))
    })
    return element('tr', {}, element('th', { scope: 'row' }, `${letter}: ${label}`), ...cells)
  })
  const heads = [
    model.says('page.days.head'),
    ...from.map((ms) => model.says('page.day', { day: Math.floor(ms / DAY) + 1 })),
  ]
  place.replaceChildren(
    element('h3', {}, model.says('page.days')),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
        element('tbody', {}, ...rows),
      ),
    ),
  )
}
