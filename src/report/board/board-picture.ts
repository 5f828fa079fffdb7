import { largest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { chartSvg } from '../drawing/vega.ts'
import { placeLabels } from '../drawing/label-placement.ts'
import type { BoardRow } from './board.ts'

const WIDTH = 640
const HEIGHT = 300
const FONT_SIZE = 11
/** The colours of Okabe and Ito, told apart also by those who see fewer. */
const FRONT = '#0072B2'
const BEATEN = '#8A8F94'

/** Two figures of the runs of a part against each other, the front as a line, as SVG in the reader's text colour. */
export async function boardPicture(
  rows: readonly BoardRow[],
  y: { readonly metric: string; readonly title: string },
): Promise<string> {
  const points = rows.flatMap(({ run, beatenBy }) => {
    const [memory, cold] = [run.metrics['idle-memory'], run.metrics[y.metric]]
    if (typeof memory !== 'number' || typeof cold !== 'number') return []
    return [{ label: run.label, memory, cold, front: beatenBy === 0 }]
  })
  const ends = {
    memory: 1.08 * largest(points.map(({ memory }) => memory)) || 1,
    cold: 1.08 * largest(points.map(({ cold }) => cold)) || 1,
  }
  const line = points.filter(({ front }) => front).toSorted((a, b) => a.memory - b.memory)
  // Names stand beside the front only, and cover none of the others.
  const beaten = points.filter(({ front }) => !front).map((point) => ({ ...point, label: '' }))
  const pixels = [...line, ...beaten].map(({ label, memory, cold }) => ({
    label,
    x: (memory / ends.memory) * WIDTH,
    y: HEIGHT - (cold / ends.cold) * HEIGHT,
  }))
  const places = placeLabels(pixels, { width: WIDTH, height: HEIGHT, fontSize: FONT_SIZE })
  const labels = pixels.flatMap(({ label }, index) =>
    label === '' || places[index] === undefined ? [] : [{ label, ...places[index] }],
  )
  const x = axis('memory', ends.memory)
  const up = axis('cold', ends.cold)
  return chartSvg({
    title: {
      text: y.title,
      subtitle: 'Better runs lie to the lower left; no run is better than a blue one in every figure.',
    },
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: line },
        mark: { type: 'line', color: FRONT, strokeWidth: 1, opacity: 0.35, interpolate: 'step-after' },
        encoding: { x, y: up, order: { field: 'memory', type: 'quantitative' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 80, opacity: 0.9 },
        encoding: {
          x: { ...x, title: 'Idle memory time (GB·s)', axis: { labelExpr: `format(datum.value, '~s')` } },
          y: { ...up, title: y.title },
          color: { condition: { test: 'datum.front', value: FRONT }, value: BEATEN },
          shape: { condition: { test: 'datum.front', value: 'circle' }, value: 'diamond' },
        },
      },
      {
        data: { values: labels },
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          fontSize: FONT_SIZE,
          x: { expr: 'datum.x' },
          y: { expr: 'datum.y - 8' },
        },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  } satisfies TopLevelSpec)
}

function axis(field: string, end: number) {
  return { field, type: 'quantitative' as const, scale: { domain: [0, end], nice: false } }
}
