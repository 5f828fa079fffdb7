import type { TopLevelSpec } from 'vega-lite'
import { formatPercent, formatQuantity } from '../../metrics/figure-text.ts'
import { captioned } from '../drawing/caption.ts'
import { CHART_WIDTH, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { memoryAxis, memoryUnit, percentAxis } from '../drawing/log-axis.ts'
import { printable } from '../../core/printable.ts'
import type { Fact } from '../comparison/provenance.ts'
import { onAxis } from '../comparison/run-lines.ts'
import { SCREEN } from '../figure-style.ts'
import { chartSvg } from '../drawing/vega.ts'

const TITLE = 'How much memory LRU keep-alive needs'
const COLOUR = '#0072B2'

interface CurveDot {
  readonly memoryMb: number
  /** 0 to 1. */
  readonly coldShare: number
}

/** What the picture of an exact curve shows. */
export interface CurvePicture {
  /** By growing memory. */
  readonly points: readonly CurveDot[]
  readonly knee: CurveDot | null
  /** The share of first invocations, which no memory saves. */
  readonly floorShare: number
  /** Where it comes from, for the small print. */
  readonly facts: readonly Fact[]
}

/** The curve as an SVG document that states where its figures come from. */
export async function curvePicture(picture: CurvePicture): Promise<string> {
  const { points, facts } = picture
  const isEmpty = points.every(({ coldShare }) => coldShare === 0)
  const chart = isEmpty ? nothingToDraw(TITLE, 'no app was invoked.') : curveChart(picture)
  return captioned(await chartSvg(chart), printable(facts))
}

function curveChart({ points, knee, floorShare }: CurvePicture): TopLevelSpec {
  const unit = memoryUnit(points.at(-1)!.memoryMb)
  const onChart = ({ memoryMb, coldShare }: CurveDot) => ({ memory: memoryMb / unit.size, cold: 100 * coldShare })
  const values = points.map(onChart)
  const sizes = values.map(({ memory }) => memory)
  const shares = values.map(({ cold }) => cold)
  const x = onAxis(memoryAxis('memory', 'Memory', sizes, unit.name), SCREEN.width, SCREEN)
  const y = onAxis(percentAxis('cold', 'Cold starts (% of invocations)', [...shares, 100 * floorShare]), 340, SCREEN)
  const floor = `first invocations: ${spelt(100 * floorShare)} %`
  const mark = knee === null ? [] : [{ ...onChart(knee), text: kneeText(onChart(knee), unit.name) }]
  const line: Layer = {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8, color: COLOUR, point: values.length === 1 },
    encoding: { x, y },
  }
  return {
    title: {
      text: TITLE,
      subtitle:
        'One node, executions and loads of no time, the least recently used app goes first; exact. Lower is better.',
    },
    width: CHART_WIDTH,
    height: 340,
    layer: [...floorRule(100 * floorShare, floor), line, ...kneeMark(mark)],
  }
}

function floorRule(cold: number, text: string): Layer[] {
  const data = { values: [{ cold, text }] }
  const y = { field: 'cold', type: 'quantitative' } as const
  return [
    { data, mark: { type: 'rule', strokeDash: [2, 3], opacity: 0.6 }, encoding: { y } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'bottom', x: 4, dy: -4 },
      encoding: { y, text: { field: 'text', type: 'nominal' } },
    },
  ]
}

function kneeMark(
  values: readonly { readonly memory: number; readonly cold: number; readonly text: string }[],
): Layer[] {
  const x = { field: 'memory', type: 'quantitative' } as const
  const y = { field: 'cold', type: 'quantitative' } as const
  const data = { values: [...values] }
  return [
    { data, mark: { type: 'point', filled: true, size: 60, color: COLOUR, opacity: 1 }, encoding: { x, y } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 7, dy: -5 },
      encoding: { x, y, text: { field: 'text', type: 'nominal' } },
    },
  ]
}

function kneeText({ memory, cold }: { readonly memory: number; readonly cold: number }, unit: string): string {
  return `knee: ${formatQuantity(memory)} ${unit}, ${spelt(cold)} %`
}

/** A percentage with as many digits as small ones need. */
function spelt(percent: number): string {
  return percent < 1 ? formatQuantity(Number(percent.toPrecision(2))) : formatPercent(percent)
}
