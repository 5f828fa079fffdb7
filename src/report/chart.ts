import type { TopLevelSpec } from 'vega-lite'
import type { Described } from '../core/registry.ts'
import { ENGLISH, type Language, told } from '../language/language.ts'
import type { Comparison } from '../metrics/comparison.ts'
import { type FigureStyle, SCREEN } from './figure-style.ts'

/** One picture of a comparison. */
export interface Chart extends Described {
  /** Whether a comparison has what the chart shows; reports leave it out where not. Absent for a chart of any comparison. */
  suits?(comparison: Comparison): boolean
  /** It shows the trace alone, so it names no run. */
  readonly isOfTrace?: true
  /** It is drawn of so many runs; of more there is a note on those left out. Absent: of all. */
  readonly mostRuns?: number
  /** The file of a chart of the user's own: what is wrong with its specification is a mistake there. */
  readonly file?: string
  /**
   * Its vega-lite specification with the data inline; where there is nothing to draw, one that says so. Plain data by its
   * type, because the types of vega-lite need those of a browser, which a program for Node does not have. Without a look
   * it is drawn for a screen.
   */
  draw(comparison: Comparison, look?: FigureStyle): object
}

/** The width of every chart's plot on a screen, in pixels. */
export const CHART_WIDTH = SCREEN.width

/** A picture that has a chart's title and says why there is nothing to draw. */
export function nothingToDraw(title: string, reason: string, language: Language = ENGLISH): object {
  return {
    title,
    width: CHART_WIDTH,
    height: 80,
    data: { values: [{ reason: told(language, 'chart.nothing', { reason }) }] },
    mark: { type: 'text', fontSize: 13, fontStyle: 'italic', limit: CHART_WIDTH },
    encoding: { text: { field: 'reason', type: 'nominal' } },
  } satisfies TopLevelSpec
}

/** A text as the title of a tooltip's line: vega-lite puts it into an expression and would take a backslash for an escape. */
export function tooltipTitle(text: string): string {
  return text.replaceAll('\\', String.raw`\\`)
}
