import type { TopLevelSpec } from 'vega-lite'
import type { RunSummary } from '../../metrics/comparison.ts'
import { formatPercent } from '../../metrics/format.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { type Look, SCREEN } from '../look.ts'

const TITLE = 'Why invocations were cold'

type Reason = keyof RunSummary['reasons']

/** What each reason is called, and its hue. Dark and light take turns, so that neighbours differ in black and white. */
const REASONS: Readonly<Record<Reason, { readonly name: string; readonly colour: string }>> = {
  first: { name: 'first load of the app', colour: '#004C75' },
  expired: { name: 'keep-alive had expired', colour: '#E69F00' },
  early: { name: 'came before the pre-warm', colour: '#A63A00' },
  evicted: { name: 'evicted for memory', colour: '#E3A6C8' },
  scaleOut: { name: 'all instances were full', colour: '#00785A' },
}

export const coldStartReasons: Chart = {
  id: 'cold-start-reasons',
  summary: 'Reasons of cold starts, one stacked bar a run.',
  mostRuns: 40,
  draw: ({ runs }, look = SCREEN) => {
    if (runs.every(({ totals }) => totals.coldStarts === 0)) return nothingToDraw(TITLE, 'there was no cold start.')
    return {
      title: {
        text: TITLE,
        subtitle: 'Cold starts as a share of all invocations, by their reason. Shorter bars are better.',
      },
      width: look.width,
      height: { step: look.isPaper ? 27 : 38 },
      layer: [bars(runs, look), labels(runs, look), totals(runs, look)],
    } satisfies TopLevelSpec
  },
}

function bars(runs: readonly RunSummary[], look: Look): Layer {
  const present = (Object.keys(REASONS) as Reason[])
    .filter((id) => runs.some(({ reasons }) => reasons[id] > 0))
    .map((id) => ({ id, ...REASONS[id] }))
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
      x: { field: 'share', type: 'quantitative', stack: 'zero', title: 'Cold starts (% of invocations)' },
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
        { field: 'run', type: 'nominal', title: 'run' },
        { field: 'reason', type: 'nominal', title: 'reason' },
        { field: 'cold', type: 'quantitative', title: 'cold starts', format: ',' },
        { field: 'share', type: 'quantitative', title: '% of invocations', format: '.4~r' },
      ],
    },
  }
}

/** Labels stand above their bars, where even long ones have room. */
function labels(runs: readonly RunSummary[], look: Look): Layer {
  return {
    data: { values: runs.map(({ label }, row) => ({ row, label })) },
    mark: { type: 'text', align: 'left', baseline: 'middle', x: 3, yOffset: 1 - offset(look), limit: look.width },
    encoding: { y: rows(runs), text: { field: 'label', type: 'nominal' } },
  }
}

function totals(runs: readonly RunSummary[], look: Look): Layer {
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
function offset({ isPaper }: Look): number {
  return isPaper ? 6 : 9
}

function rows(runs: readonly RunSummary[]) {
  return { field: 'row', type: 'ordinal', axis: null, scale: { domain: runs.map((_, row) => row) } } as const
}
