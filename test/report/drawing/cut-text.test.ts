import { expect, it } from 'vitest'
import { chartSvg } from '../../../src/report/drawing/vega.ts'

it('a text that is cut takes no more room than it is given', async () => {
  const svg = await chartSvg({
    data: { values: [{ label: 'x'.repeat(200) }] },
    width: 100,
    height: 20,
    mark: { type: 'text', align: 'left', x: 0, limit: 100 },
    encoding: { text: { field: 'label', type: 'nominal' } },
  })
  expect(svg).toMatch(/>x{5,20}…</)
  const [, width] = /<svg[^>]* width="([\d.]+)"/.exec(svg)!
  expect(Number(width)).toBeLessThan(120)
})
