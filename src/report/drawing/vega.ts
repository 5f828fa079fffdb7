import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Spec } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import { type FigureStyle, SCREEN } from '../figure-style.ts'
import { chartTheme } from './chart-theme.ts'
import { textWidth } from './text-width.ts'

/** The part of vega that its own types leave out: how wide a text is. */
interface TextMetrics {
  width(item: { readonly fontSize?: number; readonly limit?: number }, text: unknown): number
}

/** Loads the chart libraries, which takes a quarter of a second: only when there is something to draw. */
async function loadVega() {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  // Without a canvas to measure on, vega takes every letter for 0.8 em, which tears legends apart and cuts long labels.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics }
  textMetrics.width = (item, text) => {
    const whole = textWidth(String(text ?? ''), item.fontSize ?? 11)
    // A text that vega cuts is no wider than its limit, and a little wider than that for vega to cut it.
    return item.limit === undefined || item.limit <= 0 ? whole : Math.min(whole, item.limit + 0.01)
  }
  return { vega, vegaLite }
}

/** Translates a chart to the language of vega's runtime; `warn` hears what the compiler finds odd in it. */
export async function compileChart(
  chart: object,
  background: 'white' | 'transparent',
  warn: (message: string) => void = () => {},
  look: FigureStyle = SCREEN,
): Promise<Spec> {
  const { vega, vegaLite } = await loadVega()
  return vegaLite.compile(chart as TopLevelSpec, {
    config: chartTheme(background, look),
    logger: listening(vega, warn),
  }).spec
}

/** Draws a chart as an SVG document on white. */
export async function chartSvg(
  chart: object,
  warn: (message: string) => void = () => {},
  look: FigureStyle = SCREEN,
): Promise<string> {
  const { vega } = await loadVega()
  const spec = await compileChart(chart, 'white', warn, look)
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger: listening(vega, warn) })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

function listening(vega: typeof import('vega'), warn: (message: string) => void) {
  const say = (...messages: readonly unknown[]): void => warn(messages.join(' '))
  const logger = vega.logger(vega.Warn)
  logger.warn = (...messages) => (say(...messages), logger)
  logger.error = (...messages) => (say(...messages), logger)
  return logger
}

/** The text of vega's own bundle for browsers, which lies beside the package's main file. */
export async function vegaBrowserBundle(): Promise<string> {
  const main = pathToFileURL(createRequire(import.meta.url).resolve('vega'))
  return await readFile(new URL('vega.min.js', main), 'utf8')
}
