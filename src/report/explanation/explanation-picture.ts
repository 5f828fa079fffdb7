import type { TopLevelSpec } from 'vega-lite'
import { printable } from '../../core/printable.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { CHART_WIDTH } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { captioned } from '../drawing/caption.ts'
import { chartSvg } from '../drawing/vega.ts'
import {
  coverOf,
  type Explanation,
  idleTimeBins,
  idleTimeText,
  loadedStretches,
  sentenceOf,
  type ToldArrival,
} from './explanation.ts'

/** Colours that readers with any common colour blindness tell apart, and that differ in grey. */
const LOADED = '#BBD7EA'
const WARM = '#0072B2'
const COLD = '#D55E00'

/** Marks of one run that are drawn at most: more would cover each other. */
const MOST_MARKS = 1200
/** More letters of an app's name do not fit the title. */
const LETTERS = 32
const OPACITY = { all: 1, some: 0.45, none: 0 } as const

/** What happened to the app over time, one strip per run, as an SVG document that states where it comes from. */
export async function explanationPicture(explanation: Explanation, language: Language = ENGLISH): Promise<string> {
  const safe = printable(explanation)
  const { runs, horizonMs, facts, app } = safe
  const lines = runs.map((run) => ({ run: run.label, text: sentenceOf(run, safe, language) }))
  const y = { field: 'run', type: 'nominal', sort: runs.map(({ label }) => label), title: null } as const
  const domain: [number, number] = [0, hours(horizonMs)]
  const x = {
    field: 'from' as const,
    type: 'quantitative' as const,
    title: told(language, 'chart.sinceBegin', { unit: told(language, 'page.unit.hours') }),
    scale: { domain, nice: false },
  }
  const layers: Layer[] = [
    {
      data: {
        values: runs.flatMap((run) =>
          thinned(loadedStretches(run, horizonMs)).map(({ from, to }) => ({
            run: run.label,
            from: hours(from),
            to: hours(to),
          })),
        ),
      },
      mark: { type: 'bar', color: LOADED, height: 18 },
      encoding: { x, x2: { field: 'to' }, y },
    },
    ticks(WARM, 12, runs, ({ cold }) => cold === 0),
    ticks(COLD, 22, runs, ({ cold }) => cold > 0),
    {
      data: { values: lines },
      mark: { type: 'text', align: 'left', dy: 18, fontSize: 10, limit: CHART_WIDTH },
      encoding: { y, x: { value: 0 }, text: { field: 'text', type: 'nominal' } },
    },
  ]
  const chart: TopLevelSpec = {
    title: {
      text: told(language, 'explain.title', { app: `${app.slice(0, LETTERS)}${app.length > LETTERS ? '…' : ''}` }),
      subtitle: told(language, 'explain.read'),
    },
    vconcat: [
      { width: CHART_WIDTH, height: Math.max(1, runs.length) * 60, layer: layers },
      ...idleTimeViews(runs, language),
    ],
  }
  return captioned(await chartSvg(chart), facts)

  function ticks(colour: string, height: number, of: typeof runs, matches: (arrival: ToldArrival) => boolean): Layer {
    const values = of.flatMap((run) =>
      thinned(run.arrivals.filter(matches)).map(({ at }) => ({ run: run.label, from: hours(at) })),
    )
    return { data: { values }, mark: { type: 'tick', color: colour, thickness: 1.4, height }, encoding: { x, y } }
  }
}

type Views = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat']

/** The idle times of the app by their length, and below them for which of them the last windows of each run have it loaded. */
function idleTimeViews(runs: Explanation['runs'], language: Language): Views {
  const bins = runs[0] === undefined ? [] : idleTimeBins(runs[0].arrivals)
  if (bins.length === 0) return []
  const named = bins.map((bin) => ({ bin, name: idleTimeText(bin, language) }))
  const sort = named.map(({ name }) => name)
  const x = { field: 'time', type: 'ordinal', sort } as const
  const covers = runs.flatMap((run) =>
    named.map(({ bin, name }) => ({ run: run.label, time: name, opacity: OPACITY[coverOf(run, bin.idleMs)] })),
  )
  return [
    {
      width: CHART_WIDTH,
      height: 90,
      data: { values: named.map(({ bin, name }) => ({ time: name, count: bin.idleMs.length })) },
      mark: { type: 'bar', color: '#8C959F' },
      encoding: {
        x: { ...x, title: null, axis: { labels: false, ticks: false } },
        y: { field: 'count', type: 'quantitative', title: told(language, 'explain.idleCount'), axis: { tickCount: 4 } },
      },
    },
    {
      width: CHART_WIDTH,
      height: Math.max(1, runs.length) * 22,
      title: { text: told(language, 'explain.lastWindows'), fontSize: 11, fontWeight: 'normal', anchor: 'start' },
      data: { values: covers },
      mark: { type: 'rect', color: LOADED },
      encoding: {
        x: { ...x, title: told(language, 'explain.idleTime'), axis: { labelAngle: 0, labelOverlap: true } },
        y: {
          field: 'run',
          type: 'nominal',
          sort: runs.map(({ label }) => label),
          title: null,
          scale: { paddingInner: 0.25 },
        },
        opacity: { field: 'opacity', type: 'quantitative', scale: null, legend: null },
      },
    },
  ]
}

/** At most so many of a list, evenly chosen, the first and the last among them. */
function thinned<T>(list: readonly T[]): readonly T[] {
  if (list.length <= MOST_MARKS) return list
  return Array.from(
    { length: MOST_MARKS },
    (_, mark) => list[Math.round((mark * (list.length - 1)) / (MOST_MARKS - 1))]!,
  )
}

function hours(ms: number): number {
  return ms / 3_600_000
}
