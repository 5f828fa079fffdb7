import { expect, it } from 'vitest'
import { Blob, Face } from 'harfbuzzjs'
import { withFonts } from '../../../src/report/drawing/embedded-fonts.ts'
import { lettersOf } from '../../../src/report/drawing/fonts.ts'
import { pdfOf } from '../../../src/report/drawing/pdf.ts'
import { systemFonts } from '../../../src/report/drawing/system-fonts.ts'
import { svg } from '../../../src/report/renderers/svg.ts'
import { pdf } from '../../../src/report/renderers/pdf.ts'
import { besideFigures } from '../../../src/report/drawing/beside-figure.ts'
import { pictures } from '../../../src/report/drawing/picture.ts'
import { plausibleComparison } from '../plausible-comparison.ts'
import { contentOf, letterSizes, widthMm } from './pdf-letters.ts'

const [font] = await systemFonts()
const because = font === undefined ? ' (skipped: this system has no font with Chinese letters)' : ''
const WIDTH = 84 * (72 / 25.4)
const FIGURE = { ids: ['cold-vs-memory'], paper: { width: WIDTH, fontSize: 8 } }

it('A figure of 84 mm has that width and letters of 8 pt, in a face that is embedded', async () => {
  const [file] = await pdf.render(plausibleComparison({ runs: 6 }), { figures: FIGURE })
  expect(file!.name).toBe('cold-vs-memory.pdf')
  const text = Buffer.from(file!.bytes).toString('latin1')
  expect(widthMm(file!.bytes)).toBeCloseTo(84, 1)
  const sizes = letterSizes(contentOf(file!.bytes))
  expect(sizes.length).toBeGreaterThan(15)
  for (const size of sizes) expect(size).toBeCloseTo(8, 6)
  expect(text).toContain('/FontFile2')
  expect(text).not.toContain('/BaseFont /Helvetica')
})

it('A figure fills its width and draws nothing beyond it', async () => {
  const [{ svg } = { svg: '' }] = await pictures(plausibleComparison({ runs: 6 }), { figures: FIGURE })
  const [, width] = /<svg[^>]* width="([\d.]+)"/.exec(svg)!
  expect(Number(width)).toBeCloseTo(WIDTH, 1)
})

it('Without colours there are only greys, and runs differ in lightness or shape', async () => {
  const [{ svg } = { svg: '' }] = await pictures(plausibleComparison({ runs: 6 }), {
    figures: { ...FIGURE, isGrey: true },
  })
  const colours = [...svg.matchAll(/#[\da-f]{6}/gi)].map(([colour]) => colour.toLowerCase())
  expect(colours.length).toBeGreaterThan(0)
  for (const colour of colours) expect(colour).toMatch(/^#(..)\1\1$/)
})

it('Beside a figure stand its caption, its entry for a bibliography, its data and its specification', async () => {
  const comparison = plausibleComparison({ runs: 6 })
  const files = new Map(
    (await besideFigures(comparison, { figures: FIGURE })).map(({ name, bytes }) => [
      name,
      Buffer.from(bytes).toString(),
    ]),
  )
  expect([...files.keys()]).toEqual(['caption.txt', 'bib', 'csv', 'vl.json'].map((end) => `cold-vs-memory.${end}`))
  expect(files.get('cold-vs-memory.caption.txt')).toMatch(/^What fewer cold starts cost in idle memory\./)
  expect(files.get('cold-vs-memory.bib')).toMatch(/^@misc\{pilotlight-plausible,/)
  const [head, ...rows] = files.get('cold-vs-memory.csv')!.trim().split('\n')
  expect(head).toBe('run,front,cold,memory')
  expect(rows).toHaveLength(6)
  expect(JSON.parse(files.get('cold-vs-memory.vl.json')!)).toMatchObject({
    $schema: expect.stringContaining('vega-lite'),
  })
})

it('An SVG for a paper has its letters in it, as far as they are used, and one for a screen where that is asked for', async () => {
  const comparison = plausibleComparison({ runs: 6 })
  const texts = await Promise.all(
    [{ figures: FIGURE }, { figures: { ids: FIGURE.ids } }, { figures: { ids: FIGURE.ids, embedsFonts: true } }].map(
      async (material) => new TextDecoder().decode((await svg.render(comparison, material))[0]!.bytes),
    ),
  )
  const [paper, screen, asked] = texts as [string, string, string]
  expect(screen).not.toContain('@font-face')
  for (const text of [paper, asked]) {
    const [, data] =
      /@font-face{font-family:'DejaVu Sans';src:url\(data:font\/sfnt;base64,([^)]+)\);font-weight:400}/.exec(text)!
    const font = Buffer.from(data!, 'base64')
    expect(new Face(new Blob(font)).collectUnicodes()).toEqual(
      Uint32Array.from([...lettersOf(text.replace(/<style>.*<\/style>/, ''))].toSorted((a, b) => a - b)),
    )
    expect(font.length).toBeLessThan(40_000)
    expect(text).not.toContain('system-ui')
    expect(
      new Set(
        [...text.matchAll(/font-family="([^"]+)"/g)].map(([, family]) =>
          family!.split(',')[0]!.replaceAll(/'|&#39;/g, ''),
        ),
      ),
    ).toEqual(new Set(['DejaVu Sans']))
  }
})

it.skipIf(font === undefined)(
  `Letters that the face lacks stand in a font that is embedded beside it${because}`,
  async () => {
    const text =
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="25" font-size="8">p75 冷启动率</text></svg>'
    const bytes = Buffer.from(await pdfOf(text, 'figure', font)).toString('latin1')
    expect(bytes.match(/\/FontFile[23]?/g)).toHaveLength(2)
    const embedded = await withFonts(text, font)
    expect(embedded).toContain('unicode-range:U+51B7,U+542F,U+52A8,U+7387')
  },
)
