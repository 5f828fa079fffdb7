import { withFonts } from '../drawing/embedded-fonts.ts'
import { pictures } from '../drawing/picture.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const svg: Renderer = {
  id: 'svg',
  isSpoken: true,
  summary: 'Every chart as a vector picture. In the style `paper` it contains its letters.',
  render: async (comparison, material) => {
    const { embedsFonts, paper, font } = material?.figures ?? {}
    const drawn = await pictures(comparison, material)
    return await Promise.all(
      drawn.map(async ({ id, svg }) =>
        textFile(`${id}.svg`, (embedsFonts ?? paper !== undefined) ? await withFonts(svg, font) : svg),
      ),
    )
  },
}
