import { BOLD_FONT, FAMILY, furtherFont, REGULAR_FONT } from './fonts.ts'

/** Pixels a unit of the drawing: sharp on dense screens and in print. */
const ZOOM = 2

/** Viewers and browsers show no longer sides; a drawing that is larger is made smaller as a whole. */
const MOST_PIXELS = 16_384

/** How resvg finds its letters: with no font of the system but one that has what the face of pictures lacks. */
export async function fontsFor(svg: string, own?: string) {
  const further = await furtherFont(svg, own)
  return {
    fontFiles: [REGULAR_FONT, BOLD_FONT, ...(further === undefined ? [] : [further.path])],
    loadSystemFonts: false,
    defaultFontFamily: FAMILY,
    sansSerifFamily: FAMILY,
  }
}

/** An SVG document as a picture of pixels, in the format PNG. `own` is the user's font file for letters that the face lacks. */
export async function pngOf(svg: string, own?: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js')
  const [, width = 0, height = 0] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? []
  const fitTo = { mode: 'zoom', value: Math.min(ZOOM, MOST_PIXELS / Math.max(1, width, height)) } as const
  const image = await renderAsync(svg, { font: await fontsFor(svg, own), fitTo, background: 'white' })
  return image.asPng()
}
