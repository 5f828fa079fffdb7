import { pictures } from '../drawing/picture.ts'
import { pngOf } from '../drawing/png.ts'
import type { Renderer } from '../renderer.ts'

export const png: Renderer = {
  id: 'png',
  isSpoken: true,
  summary: 'Every chart as a pixel picture.',
  render: async (comparison, material) => {
    const drawn = await pictures(comparison, material)
    return await Promise.all(
      drawn.map(async ({ id, svg }) => ({ name: `${id}.png`, bytes: await pngOf(svg, material?.figures?.font) })),
    )
  },
}
