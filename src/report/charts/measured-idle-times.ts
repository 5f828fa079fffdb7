import type { TopLevelSpec } from 'vega-lite'
import { formatSpan } from '../../core/units.ts'
import type { MeasuredBeside } from '../../metrics/measured.ts'
import { className } from '../comparison/measured-tables.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { SCREEN } from '../look.ts'

const TITLE = 'Which idle times instances of the platform survived'
/** Dark and light, so that the two differ in black and white as well. */
const OUTCOMES = { survived: '#004C75', 'did not survive': '#E69F00' } as const

export const measuredIdleTimes: Chart = {
  id: 'measured-idle-times',
  summary:
    'Idle times that instances of the platform survived and did not: its apparent keep-alive; where a trace tells which invocations were cold.',
  isOfTrace: true,
  suits: ({ measured }) => measured !== undefined && measured.keepAlive.survived + measured.keepAlive.ended > 0,
  draw: ({ measured }, look = SCREEN) => {
    const values = measured === undefined ? [] : barsOf(measured)
    if (measured === undefined || values.length === 0)
      return nothingToDraw(TITLE, 'no idle time was seen of which it is known how it ended.')
    return {
      title: {
        text: TITLE,
        subtitle: `A window of ${formatSpan(measured.keepAlive.windowMs)} tells the two apart best.`,
      },
      width: look.width,
      height: { step: look.isPaper ? 13 : 20 },
      data: { values },
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'idle', type: 'nominal', sort: null, title: 'Idle time (from, to)' },
        x: { field: 'count', type: 'quantitative', title: 'Idle times (count)' },
        color: {
          field: 'outcome',
          type: 'nominal',
          sort: null,
          scale: { domain: Object.keys(OUTCOMES), range: Object.values(OUTCOMES) },
          legend: { orient: 'bottom', title: null },
        },
        tooltip: [
          { field: 'idle', type: 'nominal', title: 'idle time' },
          { field: 'outcome', type: 'nominal', title: 'the instance' },
          { field: 'count', type: 'quantitative', title: 'idle times', format: ',' },
        ],
      },
    } satisfies TopLevelSpec
  },
}

function barsOf({ idleTimes: { fromMs, survived, ended } }: MeasuredBeside) {
  return fromMs.flatMap((_, at) => {
    if ((survived[at] ?? 0) + (ended[at] ?? 0) < 1) return []
    const idle = className(fromMs, at)
    return [
      { idle, outcome: 'survived', count: survived[at]! },
      { idle, outcome: 'did not survive', count: ended[at]! },
    ]
  })
}
