import { fontsFor } from './fonts.ts'

/** Pixels a unit of the drawing: sharp on dense screens and in print. */
const ZOOM = 2

/** An SVG document as a picture of pixels, in the format PNG. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js')
  const fitTo = { mode: 'zoom', value: ZOOM } as const
  const image = await renderAsync(svg, { font: fontsFor(svg), fitTo, background: 'white' })
  return image.asPng()
}
