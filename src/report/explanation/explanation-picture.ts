import type { TopLevelSpec } from 'vega-lite'
import { printable } from '../../core/printable.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { CHART_WIDTH } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { captioned } from '../drawing/caption.ts'
import { chartSvg } from '../drawing/vega.ts'
import { type Explanation, loadedStretches, sentenceOf, type ToldArrival } from './explanation.ts'

/** Colours that readers with any common colour blindness tell apart, and that differ in grey. */
const LOADED = '#BBD7EA'
const WARM = '#0072B2'
const COLD = '#D55E00'

/** Marks of one run that are drawn at most: more would cover each other. */
const MOST_MARKS = 1200

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
      text: told(language, 'explain.title', { app: `${app.slice(0, 40)}${app.length > 40 ? '…' : ''}` }),
      subtitle: told(language, 'explain.read'),
    },
    width: CHART_WIDTH,
    height: Math.max(1, runs.length) * 60,
    layer: layers,
  }
  return captioned(await chartSvg(chart), facts)

  function ticks(colour: string, height: number, of: typeof runs, matches: (arrival: ToldArrival) => boolean): Layer {
    const values = of.flatMap((run) =>
      thinned(run.arrivals.filter(matches)).map(({ at }) => ({ run: run.label, from: hours(at) })),
    )
    return { data: { values }, mark: { type: 'tick', color: colour, thickness: 1.4, height }, encoding: { x, y } }
  }
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
