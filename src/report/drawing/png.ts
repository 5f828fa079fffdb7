import { fontsFor } from './fonts.ts'

/** Pixels a unit of the drawing: sharp on dense screens and in print. */
const ZOOM = 2

/** Viewers and browsers show no longer sides; a drawing that is larger is made smaller as a whole. */
const MOST_PIXELS = 16_384

/** An SVG document as a picture of pixels, in the format PNG. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js')
  const [, width = 0, height = 0] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? []
  const fitTo = { mode: 'zoom', value: Math.min(ZOOM, MOST_PIXELS / Math.max(1, width, height)) } as const
  const image = await renderAsync(svg, { font: fontsFor(svg), fitTo, background: 'white' })
  return image.asPng()
}
