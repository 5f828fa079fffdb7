import type { TopLevelSpec } from 'vega-lite'
import { type Language, told } from '../../language/language.ts'
import { toldSpan } from '../../language/told-span.ts'
import type { MeasuredBeside } from '../../metrics/measured.ts'
import { className } from '../comparison/measured-tables.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { SCREEN } from '../figure-style.ts'

/** Dark and light, so that the two differ in black and white as well. */
const COLOURS = { survived: '#004C75', ended: '#E69F00' } as const

export const measuredIdleTimes: Chart = {
  id: 'measured-idle-times',
  summary:
    'Idle times that instances of the platform survived and did not survive: its apparent keep-alive. Needs a trace that tells which invocations were cold.',
  isOfTrace: true,
  suits: ({ measured }) => measured !== undefined && measured.keepAlive.survived + measured.keepAlive.ended > 0,
  draw: ({ measured, language }, look = SCREEN) => {
    const title = told(language, 'chart.idle')
    const values = measured === undefined ? [] : barsOf(measured, language)
    if (measured === undefined || values.length === 0)
      return nothingToDraw(title, told(language, 'chart.idle.none'), language)
    const outcomes = [told(language, 'chart.idle.survived'), told(language, 'chart.idle.ended')]
    return {
      title: {
        text: title,
        subtitle: told(language, 'chart.idle.read', { window: toldSpan(language, measured.keepAlive.windowMs) }),
      },
      width: look.width,
      height: { step: look.isPaper ? 13 : 20 },
      data: { values },
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'idle', type: 'nominal', sort: null, title: told(language, 'chart.idle.y') },
        x: { field: 'count', type: 'quantitative', title: told(language, 'chart.idle.x') },
        color: {
          field: 'outcome',
          type: 'nominal',
          sort: null,
          scale: { domain: outcomes, range: [COLOURS.survived, COLOURS.ended] },
          legend: { orient: 'bottom', title: null },
        },
        tooltip: [
          { field: 'idle', type: 'nominal', title: told(language, 'chart.idle.time') },
          { field: 'outcome', type: 'nominal', title: told(language, 'chart.idle.instance') },
          { field: 'count', type: 'quantitative', title: told(language, 'chart.idle.count'), format: ',' },
        ],
      },
    } satisfies TopLevelSpec
  },
}

function barsOf({ idleTimes: { fromMs, survived, ended } }: MeasuredBeside, language: Language) {
  return fromMs.flatMap((_, at) => {
    if ((survived[at] ?? 0) + (ended[at] ?? 0) < 1) return []
    const idle = className(fromMs, at, language)
    return [
      { idle, outcome: told(language, 'chart.idle.survived'), count: survived[at]! },
      { idle, outcome: told(language, 'chart.idle.ended'), count: ended[at]! },
    ]
  })
}
