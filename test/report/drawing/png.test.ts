import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { fontsFor } from '../../../src/report/drawing/fonts.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

const SIGNATURE = '89504e470d0a1a0a'

/** How many pixels of a drawing are not white. */
function inkOf(svg: string, font: ConstructorParameters<typeof Resvg>[1]): number {
  const { pixels } = new Resvg(svg, { ...font, background: 'white' }).render()
  let ink = 0
  for (let index = 0; index < pixels.length; index += 4) if (pixels[index]! < 200) ink += 1
  return ink
}

describe('the PNG pictures', () => {
  it('are true PNG files at twice the size of their drawings', async () => {
    const comparison = plausibleComparison({ runs: 2 })
    const drawings = await RENDERERS.get('svg', 'test').render(comparison)
    const pictures = await RENDERERS.get('png', 'test').render(comparison)
    for (const [index, { bytes }] of pictures.entries()) {
      const png = Buffer.from(bytes)
      const svg = Buffer.from(drawings[index]!.bytes).toString()
      const [, width] = /width="(\d+)/.exec(svg)!
      expect(png.subarray(0, 8).toString('hex')).toBe(SIGNATURE)
      expect(png.readUInt32BE(16)).toBe(2 * Number(width))
    }
  })

  it('show their letters with the fonts that they are given', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="25" font-family="system-ui, sans-serif" font-size="16">fixed (10 min), ä, ж</text></svg>'
    expect(inkOf(svg, { font: { loadSystemFonts: false } })).toBe(0)
    expect(inkOf(svg, { font: fontsFor(svg) })).toBeGreaterThan(300)
  })

  it('have the text of every chart with no font of the system', async () => {
    for (const { name, bytes } of await RENDERERS.get('svg', 'test').render(plausibleComparison({ runs: 3 }))) {
      const svg = Buffer.from(bytes).toString()
      const font = fontsFor(svg)
      expect(font.loadSystemFonts, name).toBe(false)
      const bare = inkOf(svg, { font: { loadSystemFonts: false } })
      expect(inkOf(svg, { font }) - bare, name).toBeGreaterThan(1000)
    }
  })

  it('look for fonts of the system where a label has letters beyond the usual scripts', () => {
    expect(fontsFor('<text>冷启动</text>').loadSystemFonts).toBe(true)
    expect(fontsFor('<text>\u{1F525}</text>').loadSystemFonts).toBe(true)
  })
})
