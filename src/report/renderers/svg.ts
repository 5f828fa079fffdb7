import { pictures } from '../drawing/picture.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const svg: Renderer = {
  id: 'svg',
  summary: 'Every chart as a vector picture.',
  render: async (comparison, material) =>
    (await pictures(comparison, material)).map(({ id, svg }) => textFile(`${id}.svg`, svg)),
}
