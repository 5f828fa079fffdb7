import { fontsFor } from '../fonts.ts'
import { pictures } from '../picture.ts'
import type { Renderer } from '../renderer.ts'

/** Pixels a unit of the drawing: sharp on dense screens and in print. */
const ZOOM = 2

export const png: Renderer = {
  id: 'png',
  summary: 'Every chart as a picture of pixels.',
  render: async (comparison) => {
    const { renderAsync } = await import('@resvg/resvg-js')
    const files = (await pictures(comparison)).map(async ({ id, svg }) => {
      const image = await renderAsync(svg, {
        font: fontsFor(svg),
        fitTo: { mode: 'zoom', value: ZOOM },
        background: 'white',
      })
      return { name: `${id}.png`, bytes: image.asPng() }
    })
    return await Promise.all(files)
  },
}
