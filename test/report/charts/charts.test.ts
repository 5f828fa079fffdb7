import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { CHARTS, chartsFor } from '../../../src/report/charts/index.ts'
import { printable } from '../../../src/core/printable.ts'
import { marked, runMarks } from '../../../src/report/comparison/run-style.ts'
import { chartSvg } from '../../../src/report/drawing/vega.ts'
import { LOOKS, plausibleComparison } from '../plausible-comparison.ts'

/** What a reader sees: the texts of a picture, part after part. */
function textsOf(svg: string): string {
  return svg
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

describe.each(CHARTS.all)('the chart $id', (chart) => {
  it('describes itself in one sentence', () => {
    expect(chart.summary).toMatch(/^[A-Z].*\.$/)
  })

  it.each(LOOKS)('is drawn without a warning, as sound XML, with $name', async (look) => {
    const warnings: string[] = []
    const svg = await chartSvg(
      chart.draw(printable(plausibleComparison({ ...look, cluster: true, measured: true }))),
      (message) => warnings.push(message),
    )
    expect(warnings).toEqual([])
    expect(svg).not.toMatch(/NaN|undefined|<script/)
    const drawing = new Resvg(svg, { font: { loadSystemFonts: false } })
    expect(drawing.width).toBeGreaterThan(600)
    expect(drawing.width).toBeLessThan(850)
  })

  it('names every run, and its title, whatever the labels hold', async () => {
    const comparison = printable(plausibleComparison({ runs: 4, hostile: true, cluster: true, measured: true }))
    const drawing = chart.draw(comparison)
    const texts = textsOf(await chartSvg(drawing))
    expect(drawing).toMatchObject({ title: { text: expect.stringMatching(/^[A-Z]/) } })
    for (const { label } of chart.isOfTrace ? [] : comparison.runs) expect(texts).toContain(label.slice(0, 60))
  })

  it('says plainly that there is nothing to draw when nothing was invoked', async () => {
    const svg = await chartSvg(
      chart.draw(plausibleComparison({ runs: 2, cold: 'none', cluster: true, measured: true })),
    )
    expect(textsOf(svg)).toMatch(/Nothing to draw: .+\./)
  })

  it('states the unit of its axes', async () => {
    expect(
      textsOf(await chartSvg(chart.draw(plausibleComparison({ runs: 3, cluster: true, measured: true })))),
    ).toMatch(/\([^()\n]+\)/)
  })
})

describe('a report', () => {
  it('has the charts that suit its runs', () => {
    const others = CHARTS.all.filter(({ id }) => id !== 'capacity')
    const unmeasured = others.filter(({ id }) => !id.startsWith('measured-'))
    expect(chartsFor(plausibleComparison({ runs: 2, cluster: true, measured: true }))).toEqual(CHARTS.all)
    expect(chartsFor(plausibleComparison({ runs: 1, cluster: true, measured: true }))).toEqual(others)
    expect(chartsFor(plausibleComparison({ runs: 2 }))).toEqual(unmeasured)
  })
})

describe('the trade-off chart', () => {
  it('leaves out runs that have no idle memory relative to the baseline, and says how many', async () => {
    const comparison = plausibleComparison({ runs: 3 })
    const [first, second, third] = comparison.runs
    const alone = { ...third!, relative: { idleMbS: null, coldStarts: null } }
    const drawing = CHARTS.get('cold-vs-memory', 'test').draw({ ...comparison, runs: [first!, second!, alone] })
    const texts = textsOf(await chartSvg(drawing))
    expect(texts).toContain('Left out: 1 of 3 runs')
    expect(texts).not.toContain(third!.label)
  })
})

describe('the chart of measured starts over time', () => {
  it('draws what was measured in the ink of the text and thicker, and runs in the colours of every other chart', async () => {
    const comparison = plausibleComparison({ runs: 3, measured: true })
    const svg = await chartSvg(CHARTS.get('measured-over-time', 'test').draw(comparison))
    const lines = [...svg.matchAll(/aria-roledescription="line mark"[^>]* stroke="([^"]+)" stroke-width="([^"]+)"/g)]
    const strokes = lines.map(([, colour, width]) => ({ colour, width: Number(width) }))
    const ink = strokes.filter(({ colour }) => colour === 'currentColor')
    const runs = strokes.filter(({ colour }) => colour !== 'currentColor')
    expect(ink).toHaveLength(1)
    expect(runs.map(({ colour }) => colour)).toEqual(runMarks(comparison.runs.map(marked)).map(({ colour }) => colour))
    for (const { width } of runs) expect(ink[0]!.width).toBeGreaterThan(1.5 * width)
  })
})
