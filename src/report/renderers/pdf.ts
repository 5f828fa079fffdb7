import { pdfOf } from '../drawing/pdf.ts'
import { pictures } from '../drawing/picture.ts'
import type { Renderer } from '../renderer.ts'

export const pdf: Renderer = {
  id: 'pdf',
  isSpoken: true,
  summary: 'Every chart as a vector picture that contains its letters, for papers.',
  render: async (comparison, material) => {
    const drawn = await pictures(comparison, material)
    return await Promise.all(
      drawn.map(async ({ id, svg }) => ({ name: `${id}.pdf`, bytes: await pdfOf(svg, id, material?.figures?.font) })),
    )
  },
}
