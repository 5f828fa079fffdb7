import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { BOLD_FONT } from '../../../src/report/drawing/fonts.ts'
import { fontsFor, pngOf } from '../../../src/report/drawing/png.ts'
import { systemFonts } from '../../../src/report/drawing/system-fonts.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

const SIGNATURE = '89504e470d0a1a0a'
const [chineseFont] = await systemFonts()
const because = chineseFont === undefined ? ' (skipped: this system has no font with Chinese letters)' : ''

/** How many pixels of a drawing are not white. */
function inkOf(svg: string, font: ConstructorParameters<typeof Resvg>[1]): number {
  const { pixels } = new Resvg(svg, { ...font, background: 'white' }).render()
  let ink = 0
  for (let index = 0; index < pixels.length; index += 4) if (pixels[index]! < 200) ink += 1
  return ink
}

function written(text: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="25" font-family="system-ui, sans-serif" font-size="16">${text}</text></svg>`
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

  it('show their letters with the fonts that they are given', async () => {
    const svg = written('fixed (10 min), ä, ж')
    expect(inkOf(svg, { font: { loadSystemFonts: false } })).toBe(0)
    expect(inkOf(svg, { font: await fontsFor(svg) })).toBeGreaterThan(300)
  })

  it('have the text of every chart with no font of the system', async () => {
    for (const { name, bytes } of await RENDERERS.get('svg', 'test').render(plausibleComparison({ runs: 3 }))) {
      const svg = Buffer.from(bytes).toString()
      const font = await fontsFor(svg)
      expect(font.fontFiles, name).toHaveLength(2)
      const bare = inkOf(svg, { font: { loadSystemFonts: false } })
      expect(inkOf(svg, { font }) - bare, name).toBeGreaterThan(1000)
    }
  })

  it('are refused where no font has a letter, instead of a box in its place', async () => {
    // An unassigned code point, which no font has.
    await expect(pngOf(written('\u{E0FFF}'))).rejects.toThrow(/no font was found with the letters/)
    await expect(pngOf(written('冷启动'), BOLD_FONT)).rejects.toThrow(/no font was found with the letters 冷 启 动/)
  })

  it('are refused where the font that is named is not there, or is no font', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pilotlight-font-'))
    try {
      writeFileSync(join(folder, 'notes.ttf'), 'not a font')
      await expect(pngOf(written('冷'), join(folder, 'none.ttf'))).rejects.toThrow(/--font/)
      await expect(pngOf(written('冷'), join(folder, 'notes.ttf'))).rejects.toThrow(
        /no font was found with the letters 冷/,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.skipIf(chineseFont === undefined)(`have Chinese letters from one font of the system${because}`, async () => {
    const svg = written('冷启动率')
    const font = await fontsFor(svg)
    expect(font.fontFiles).toHaveLength(3)
    expect(existsSync(font.fontFiles[2]!)).toBe(true)
    // Four boxes all look the same: letters differ from each other.
    const single = [...'冷启动率'].map((letter) => inkOf(written(letter), { font }))
    expect(new Set(single).size).toBeGreaterThan(1)
    expect(inkOf(svg, { font })).toBe(single.reduce((sum, ink) => sum + ink, 0))
  })
})
