import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { curvePicture } from '../../../src/report/curve/curve-picture.ts'
import { pngOf } from '../../../src/report/drawing/png.ts'

const FACTS = [{ term: 'trace', text: '</text><script>alert(1)</script> \u001B[31m' }]
const POINTS = [1, 2, 4, 8, 16, 32].map((gb) => ({ memoryMb: 1024 * gb, coldShare: 0.4 / gb ** 2 }))

function textsOf(svg: string): string[] {
  return svg
    .replaceAll(/<[^>]*>/g, '\n')
    .split('\n')
    .map((text) => text.trim())
}

describe('the picture of an exact curve', () => {
  it('has both axes with their units, the knee, the floor and where it comes from', async () => {
    const svg = await curvePicture({ points: POINTS, knee: POINTS[2]!, floorShare: 0.0003, facts: FACTS })
    const texts = textsOf(svg)
    expect(texts).toEqual(expect.arrayContaining(['Memory (GB)', '1', '4', '32']))
    expect(texts).toEqual(expect.arrayContaining(['Cold starts (% of invocations)', '0.1', '10']))
    expect(texts).toEqual(expect.arrayContaining(['knee: 4 GB, 2.50 %', 'first invocations: 0.03 %']))
    expect(svg).toContain(String.raw`&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; \u001b[31m`)
    expect(svg).not.toMatch(/NaN|undefined|<script/)
  })

  it.each([
    ['one point', POINTS.slice(0, 1)],
    ['a narrow range', POINTS.slice(0, 2)],
    ['everything cold', POINTS.map((point) => ({ ...point, coldShare: 1 }))],
    ['less than one MB', [{ memoryMb: 1 / 64, coldShare: 0.5 }]],
  ])('is drawn as sound XML with %s', async (_, points) => {
    const svg = await curvePicture({ points, knee: null, floorShare: points.at(-1)!.coldShare, facts: FACTS })
    expect(svg).not.toMatch(/NaN|undefined|knee/)
    expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBeGreaterThan(600)
    expect(
      Buffer.from(await pngOf(svg))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it('says plainly that there is nothing to draw where nothing was invoked', async () => {
    const none = [{ memoryMb: 0, coldShare: 0 }]
    const svg = await curvePicture({ points: none, knee: null, floorShare: 0, facts: FACTS })
    expect(textsOf(svg)).toContain('Nothing to draw: no app was invoked.')
  })
})
