// What happened to an app over time: packed in the page for some apps, asked of the server where the page is served; for
// others the command that tells it.
import { type AppStrip, STRIP_STEPS, type StripColumns, type StripRun } from '../page-contents.ts'
import { drawing, element } from './element.ts'
import { counts, unpacked } from './packed.ts'
import type { PageModel } from './page-model.ts'
import { swatch } from './run-table.ts'

/** Runs that a strip shows besides A and B. */
const MOST_OTHERS = 4
const [LANE, GAP, AXIS, MARGIN] = [16, 26, 22, 6] as const
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Distances of marks of time. */
const MARKS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400].map((minutes) => minutes * 60_000)

/** The strips that the page has, unpacked when the first of them is asked for. */
export class Strips {
  private readonly columns: StripColumns | null
  private bytes: Promise<readonly Uint8Array[]> | undefined

  constructor(columns: StripColumns | null) {
    this.columns = columns
  }

  /** The apps that have one. */
  get apps(): ReadonlySet<string> {
    return new Set(this.columns?.apps.map(({ app }) => app))
  }

  async of(app: string): Promise<AppStrip | undefined> {
    const { columns } = this
    const found = columns?.apps.find((each) => each.app === app)
    if (columns === null || found === undefined) return undefined
    const bytes = await (this.bytes ??= unpacked(columns.packed))
    const { fromMs, toMs, midnightMs } = columns
    const runs = found.runs.map(({ key, sentence, columns: places }): StripRun => {
      const [arrivals, cold, loaded] = places.map((place) => sums(counts(bytes[place]!)))
      return { key, sentence, arrivals: arrivals!, cold: cold!, loaded: loaded! }
    })
    return { app, fromMs, toMs, midnightMs, runs }
  }
}

/** A list from its first number and what each is more than the one before. */
function sums(gaps: Float64Array): number[] {
  let sum = 0
  return Array.from(gaps, (gap) => (sum += gap))
}

/** A text as one word of a shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** The place of an app's strip, which is drawn in it as soon as it is known. */
export function stripOf(model: PageModel, strips: Strips, app: string): HTMLElement {
  const place = element('div', { class: 'strip' })
  if (document.documentElement.dataset['served'] === 'yes') void askFor(model, app, place)
  else void fromPage(model, strips, app, place)
  return place
}

async function fromPage(model: PageModel, strips: Strips, app: string, place: HTMLElement): Promise<void> {
  const typed = `pilotlight explain ${word(model.data.command)} --app ${word(app)}`
  const strip = await strips.of(app)
  const told = strip === undefined ? [] : [strip]
  const here = strip?.runs.map(({ key }) => key) ?? []
  const missing = [model.a, model.b].filter((run) => !here.includes(model.data.runs[run]!.key))
  const hint = strip === undefined ? model.says('page.strip.whole') : model.says('page.strip.rest')
  const command = missing.length === 0 ? [] : [element('p', { class: 'hint' }, `${hint} `, element('code', {}, typed))]
  place.replaceChildren(...told.map((each) => drawn(model, each)), ...command)
}

async function askFor(model: PageModel, app: string, place: HTMLElement): Promise<void> {
  const keys = [...new Set([model.data.runs[model.a]!.key, model.data.runs[model.b]!.key])]
  const words = new URLSearchParams([['app', app], ...keys.map((key) => ['run', key])])
  place.replaceChildren(element('p', { role: 'status' }, model.says('page.strip.again')))
  try {
    const answer = await fetch(`explain?${words}`)
    if (!answer.ok) throw new Error(await answer.text())
    place.replaceChildren(drawn(model, (await answer.json()) as AppStrip))
  } catch (error) {
    place.replaceChildren(element('p', { role: 'status' }, error instanceof Error ? error.message : String(error)))
  }
}

/** One lane a run, A and B first, over one axis of time. */
function drawn(model: PageModel, strip: AppStrip): HTMLElement {
  const { runs } = model.data
  const position = ({ key }: StripRun): number => runs.findIndex((run) => run.key === key)
  const rank = (run: StripRun): number => (position(run) === model.a ? 0 : position(run) === model.b ? 1 : 2)
  const known = strip.runs.filter((run) => position(run) >= 0).toSorted((one, other) => rank(one) - rank(other))
  const pair = known.filter((run) => rank(run) < 2).length
  const shown = known.slice(0, pair + MOST_OTHERS)
  const width = Math.max(240, Math.min(1060, innerWidth - 120))
  const lanes = shown.map((told) => {
    const run = runs[position(told)]!
    const letter = ['A ', 'B '][rank(told)] ?? ''
    const name = element('p', { class: 'told' }, letter, swatch(run), ` ${run.label}: ${told.sentence}`)
    const label = model.says('page.strip.label', { label: run.label, sentence: told.sentence })
    const svg = drawing(
      'svg',
      { width, height: LANE + 4, viewBox: `0 0 ${width} ${LANE + 4}`, role: 'img', 'aria-label': label },
      ...lane(told, width),
    )
    return element('div', {}, name, svg)
  })
  const key = element(
    'p',
    { class: 'legend' },
    element('span', {}, element('i', { class: 'key loaded' }), ` ${model.says('page.strip.loaded')}`),
    element('span', {}, element('i', { class: 'key warm' }), ` ${model.says('page.strip.warm')}`),
    element('span', {}, element('i', { class: 'key cold' }), ` ${model.says('page.strip.cold')}`),
  )
  return element('div', {}, ...lanes, axis(model, strip, width), key)
}

function lane({ arrivals, cold, loaded }: StripRun, width: number): SVGElement[] {
  const at = (step: number): number => MARGIN + (step / STRIP_STEPS) * (width - 2 * MARGIN)
  const isCold = new Set(cold)
  const ticks = (steps: readonly number[], from: number, to: number): string =>
    steps.map((step) => `M${at(step).toFixed(1)},${from}V${to}`).join('')
  const stretches = Array.from({ length: loaded.length / 2 }, (_, index) => {
    const [from, to] = [at(loaded[2 * index]!), at(loaded[2 * index + 1]!)]
    return `M${from.toFixed(1)},4H${Math.max(to, from + 0.6).toFixed(1)}V${LANE}H${from.toFixed(1)}Z`
  })
  return [
    drawing('path', { class: 'ground', d: `M${MARGIN},${LANE}H${width - MARGIN}` }),
    drawing('path', { class: 'loaded', d: stretches.join('') }),
    drawing('path', {
      class: 'warm',
      d: ticks(
        arrivals.filter((step) => !isCold.has(step)),
        8,
        LANE,
      ),
    }),
    drawing('path', { class: 'cold', d: ticks(cold, 1, LANE + 3) }),
  ]
}

function axis(model: PageModel, { fromMs, toMs, midnightMs }: AppStrip, width: number): SVGElement {
  const most = Math.max(2, Math.floor(width / 90))
  const step = MARKS.find((each) => (toMs - fromMs) / each <= most) ?? DAY * Math.ceil((toMs - fromMs) / DAY / most)
  const first = Math.ceil((fromMs + midnightMs) / step) * step - midnightMs
  const marks = Array.from(
    { length: Math.max(0, Math.floor((toMs - first) / step) + 1) },
    (_, index) => first + index * step,
  )
  const at = (ms: number): number => MARGIN + ((ms - fromMs) / (toMs - fromMs)) * (width - 2 * MARGIN)
  const parts = marks.flatMap((ms) => {
    const anchor = at(ms) < 30 ? 'start' : at(ms) > width - 40 ? 'end' : 'middle'
    return [
      drawing('path', { class: 'ground', d: `M${at(ms).toFixed(1)},0v4` }),
      drawing(
        'text',
        { class: 'tick', x: at(ms).toFixed(1), y: GAP - 10, 'text-anchor': anchor },
        clock(model, ms + midnightMs),
      ),
    ]
  })
  return drawing('svg', { width, height: AXIS, viewBox: `0 0 ${width} ${AXIS}`, 'aria-hidden': 'true' }, ...parts)
}

/** A time by the clock: `07:28`, at midnight after the first day `day 2`. */
function clock(model: PageModel, ms: number): string {
  const [days, hours, minutes] = [Math.floor(ms / DAY), Math.floor(ms / HOUR) % 24, Math.floor(ms / 60_000) % 60]
  const text = [hours, minutes].map((value) => String(value).padStart(2, '0')).join(':')
  if (days === 0) return text
  return text === '00:00' ? model.says('page.day', { day: days + 1 }) : text
}
