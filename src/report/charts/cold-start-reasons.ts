import type { TopLevelSpec } from 'vega-lite'
import { type Language, told } from '../../language/language.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import { type Reason, REASONS } from '../../metrics/run.ts'
import { formatPercent } from '../../metrics/figure-text.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { type FigureStyle, SCREEN } from '../figure-style.ts'

/** The hue of each reason. Dark and light take turns, so that neighbours differ in black and white. */
const COLOURS: Readonly<Record<Reason, string>> = {
  first: '#004C75',
  expired: '#E69F00',
  early: '#A63A00',
  evicted: '#E3A6C8',
  scaleOut: '#00785A',
}

/** The same without colours: all apart, and dark and light in turn. */
const GREYS: Readonly<Record<Reason, string>> = {
  first: '#1A1A1A',
  expired: '#BEBEBE',
  early: '#5A5A5A',
  evicted: '#E2E2E2',
  scaleOut: '#8C8C8C',
}

export const coldStartReasons: Chart = {
  id: 'cold-start-reasons',
  summary: 'Reasons of cold starts, one stacked bar per run.',
  mostRuns: 40,
  draw: ({ runs, language }, look = SCREEN) => {
    const title = told(language, 'chart.reasons')
    if (runs.every(({ totals }) => totals.coldStarts === 0))
      return nothingToDraw(title, told(language, 'chart.reasons.none'), language)
    return {
      title: {
        text: title,
        subtitle: told(language, 'chart.reasons.read'),
      },
      width: look.width,
      height: { step: look.isPaper ? 27 : 38 },
      layer: [bars(runs, look, language), labels(runs, look), totals(runs, look)],
    } satisfies TopLevelSpec
  },
}

function bars(runs: readonly RunSummary[], look: FigureStyle, language: Language): Layer {
  const present = REASONS.filter((id) => runs.some(({ reasons }) => reasons[id] > 0)).map((id) => ({
    id,
    name: told(language, `meaning.${id}`),
    colour: (look.isGrey ? GREYS : COLOURS)[id],
  }))
  const values = runs.flatMap((run, row) =>
    present.map(({ id, name }, rank) => {
      const cold = run.reasons[id]
      return {
        row,
        run: run.label,
        reason: name,
        rank,
        cold,
        share: (100 * cold) / Math.max(1, run.totals.invocations),
      }
    }),
  )
  return {
    data: { values },
    mark: { type: 'bar', height: look.isPaper ? 10 : 15, yOffset: offset(look) },
    encoding: {
      y: rows(runs),
      x: { field: 'share', type: 'quantitative', stack: 'zero', title: told(language, 'chart.coldShare') },
      order: { field: 'rank', type: 'quantitative' },
      color: {
        field: 'reason',
        type: 'nominal',
        sort: null,
        scale: { domain: present.map(({ name }) => name), range: present.map(({ colour }) => colour) },
        legend: {
          orient: 'bottom',
          title: null,
          columns: look.width < 400 ? 1 : 3,
          symbolType: 'square',
          labelLimit: 200,
        },
      },
      tooltip: [
        { field: 'run', type: 'nominal', title: told(language, 'chart.run') },
        { field: 'reason', type: 'nominal', title: told(language, 'chart.reasons.reason') },
        { field: 'cold', type: 'quantitative', title: told(language, 'chart.coldStarts'), format: ',' },
        { field: 'share', type: 'quantitative', title: told(language, 'chart.reasons.share'), format: '.4~r' },
      ],
    },
  }
}

/** Labels stand above their bars, where even long ones have room. */
function labels(runs: readonly RunSummary[], look: FigureStyle): Layer {
  return {
    data: { values: runs.map(({ label }, row) => ({ row, label })) },
    mark: { type: 'text', align: 'left', baseline: 'middle', x: 3, yOffset: 1 - offset(look), limit: look.width },
    encoding: { y: rows(runs), text: { field: 'label', type: 'nominal' } },
  }
}

function totals(runs: readonly RunSummary[], look: FigureStyle): Layer {
  const values = runs.map(({ coldShare }, row) => ({
    row,
    share: 100 * coldShare,
    text: `${formatPercent(100 * coldShare)} %`,
  }))
  return {
    data: { values },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 5, yOffset: offset(look) },
    encoding: { y: rows(runs), x: { field: 'share', type: 'quantitative' }, text: { field: 'text', type: 'nominal' } },
  }
}

/** How far below the middle of its row a bar stands, and its label above. */
function offset({ isPaper }: FigureStyle): number {
  return isPaper ? 6 : 9
}

function rows(runs: readonly RunSummary[]) {
  return { field: 'row', type: 'ordinal', axis: null, scale: { domain: runs.map((_, row) => row) } } as const
}
