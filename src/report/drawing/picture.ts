import { UserError } from '../../core/user-error.ts'
import { nearest } from '../../core/registry.ts'
import { told } from '../../language/language.ts'
import { printable } from '../../core/printable.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { Chart } from '../chart.ts'
import { chartsFor } from '../charts/index.ts'
import { provenance } from '../comparison/provenance.ts'
import { POINTER_LAYER } from '../comparison/run-lines.ts'
import { type FigureStyle, SCREEN } from '../figure-style.ts'
import type { FigureRequest, Material } from '../renderer.ts'
import { captioned } from './caption.ts'
import { drawnChart } from './drawn-chart.ts'
import { greyed } from './greyed.ts'
import { chartSvg } from './vega.ts'

/** A chart as a file of its own. */
export interface Picture {
  /** The chart's id. */
  readonly id: string
  readonly svg: string
  /** Its specification in Vega-Lite, as it was drawn, and the look that it was drawn for. */
  readonly spec: object
  readonly look: FigureStyle
  readonly chart: Chart
}

/**
 * The chosen charts as SVG documents. For a screen each states where its figures come from; a figure for a paper is as wide
 * as was asked for and has no title: its caption stands beside it.
 */
export async function pictures(comparison: Comparison, material: Material = {}): Promise<readonly Picture[]> {
  const { figures } = material
  const safe = printable(comparison)
  const facts = [{ term: told(safe.language, 'fact.experiment'), text: safe.experiment }, ...provenance(safe)]
  return await Promise.all(
    chosenCharts(safe, material).map(async (chart) => {
      const drawn = await ofOwnFile(chart, () => drawnFor(chart, safe, figures ?? {}))
      const svg = figures?.paper === undefined ? captioned(drawn.svg, facts) : drawn.svg
      return { ...drawn, id: chart.id, chart, svg: figures?.isGrey === true ? greyed(svg) : svg }
    }),
  )
}

/** The charts that are asked for, by default all that suit the comparison. Throws a UserError for an id of none. */
export function chosenCharts(comparison: Comparison, { charts: own, figures }: Material): readonly Chart[] {
  const charts = chartsFor(comparison, own)
  const ids = figures?.ids
  if (ids === undefined) return charts
  return ids.map((id) => {
    const found = charts.find((chart) => chart.id === id)
    if (found !== undefined) return found
    const all = charts.map((chart) => chart.id)
    const near = nearest(id, all)
    const problem = `expected the id of a chart that suits these runs, found ${JSON.stringify(id)}`
    const hint = near === undefined ? `The charts are: ${all.join(', ')}.` : `Did you mean "${near}"?`
    throw new UserError({ where: '--figure', problem, hint })
  })
}

/** How near to its width a figure is made, in points. */
const NEAR = 0.25

async function drawnFor(chart: Chart, comparison: Comparison, { paper, isGrey = false }: FigureRequest) {
  let look: FigureStyle = { ...SCREEN, isGrey }
  if (paper === undefined) {
    const spec = still(drawnChart(chart, comparison, look))
    return { spec, look, svg: await chartSvg(spec, undefined, look) }
  }
  const { width, fontSize } = paper
  look = { width: Math.round(0.8 * width), fontSize, isPaper: true, isGrey }
  // The room for axes and their letters is known only when they are drawn.
  for (let attempt = 0; ; attempt += 1) {
    const spec = ofWidth(untitled(still(drawnChart(chart, comparison, look))), look.width)
    const svg = await chartSvg(spec, undefined, look)
    const [, drawn = 0] = WIDTH.exec(svg)?.map(Number) ?? []
    if (Math.abs(drawn - width) <= NEAR || attempt === 4) return { spec, look, svg: exactly(svg, width) }
    look = { ...look, width: Math.max(40, look.width + width - drawn) }
  }
}

const WIDTH = /<svg[^>]* width="([\d.]+)"/

/** The same drawing on a sheet that is exactly so wide; nothing in it is scaled. */
function exactly(svg: string, width: number): string {
  const wide = Number(width.toFixed(2))
  return svg.replace(
    /(<svg[^>]*) width="[\d.]+" height="([\d.]+)" viewBox="[^"]*"/,
    (_tag, begin: string, height: string) =>
      `${begin} width="${wide}" height="${height}" viewBox="0 0 ${wide} ${height}"`,
  )
}

/** A chart of the user's own may have a width of its own: it is drawn as wide as the others. */
function ofWidth(chart: object, width: number): object {
  return 'width' in chart && typeof chart.width === 'number' ? { ...chart, width } : chart
}

function untitled(chart: object): object {
  const { title: _title, ...rest } = chart as { readonly title?: unknown }
  return rest
}

/** Makes something of a chart; where that fails with a chart of the user's own, its file is at fault. */
export async function ofOwnFile<T>({ file }: Pick<Chart, 'file'>, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (file === undefined || error instanceof UserError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError({ where: file, problem: `draw() gives what cannot be drawn: ${reason}` })
  }
}

/** A chart without the layers that only serve a pointer. */
function still(chart: object): object {
  if (!('layer' in chart) || !Array.isArray(chart.layer)) return chart
  return { ...chart, layer: chart.layer.filter(({ name }: { readonly name?: string }) => name !== POINTER_LAYER) }
}
