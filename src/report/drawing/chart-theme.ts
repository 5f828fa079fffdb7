import type { Config } from 'vega-lite'
import { type FigureStyle, SCREEN } from '../figure-style.ts'

/** The colour of the text around a chart. */
export const INK = 'currentColor'

/**
 * The look of every chart. Ink is the reader's text colour, so that one drawing serves light and dark pages; in a file of
 * its own it is black on the background given.
 */
export function chartTheme(background: 'white' | 'transparent', look: FigureStyle = SCREEN): Config {
  return look.isPaper ? paperTheme(look) : screenTheme(background)
}

function screenTheme(background: 'white' | 'transparent'): Config {
  return {
    background,
    font: 'system-ui, sans-serif',
    padding: 8,
    view: { stroke: 'transparent' },
    title: {
      anchor: 'start',
      frame: 'group',
      color: INK,
      fontSize: 15,
      fontWeight: 600,
      offset: 14,
      subtitleColor: INK,
      subtitleFontSize: 11,
      subtitlePadding: 5,
      subtitleLineHeight: 15,
    },
    axis: {
      domainColor: INK,
      tickColor: INK,
      labelColor: INK,
      titleColor: INK,
      gridColor: INK,
      gridOpacity: 0.13,
      domainOpacity: 0.5,
      tickOpacity: 0.5,
      labelFontSize: 11,
      titleFontSize: 12,
      titleFontWeight: 500,
      titlePadding: 8,
      labelFlush: false,
      tickCount: 8,
    },
    legend: { labelColor: INK, titleColor: INK, labelFontSize: 11, rowPadding: 4, columnPadding: 18, offset: 14 },
    text: { color: INK, fontSize: 11 },
    rule: { color: INK },
  }
}

/** A figure in a column of a paper: letters of one size, thin lines, no room that is not needed. */
function paperTheme({ fontSize }: FigureStyle): Config {
  return {
    background: 'white',
    font: 'DejaVu Sans, sans-serif',
    padding: 1,
    view: { stroke: 'transparent' },
    axis: {
      domainColor: 'black',
      tickColor: 'black',
      labelColor: 'black',
      titleColor: 'black',
      domainWidth: 0.6,
      tickWidth: 0.6,
      tickSize: 3,
      gridColor: '#dddddd',
      gridWidth: 0.4,
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      titleFontWeight: 'normal',
      titlePadding: 3,
      labelPadding: 2,
      labelFlush: false,
      tickCount: 5,
    },
    legend: {
      labelColor: 'black',
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      symbolSize: 36,
      rowPadding: 1,
      columnPadding: 8,
      offset: 6,
    },
    text: { color: 'black', fontSize },
    rule: { color: 'black', strokeWidth: 0.6 },
  }
}
