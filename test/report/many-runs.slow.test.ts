import { expect, it } from 'vitest'
import { RENDERERS } from '../../src/report/renderers/index.ts'
import { pngOf } from '../../src/report/drawing/png.ts'
import { plausibleComparison } from './plausible-comparison.ts'

const RUNS = 2000
const made = plausibleComparison({ runs: RUNS, cluster: true })
// Every run with a seed of its own, and the baseline at the end.
const MANY = {
  ...made,
  baseline: { label: made.runs.at(-1)!.label, variant: made.runs.at(-1)!.variant },
  runs: made.runs.map((run, seed) => ({ ...run, seed })),
}
const MOST_BYTES: Readonly<Record<string, number>> = { html: 20_000_000, json: 20_000_000 }

/** Width and height of a PNG, as its header has them. */
const sides = (png: Uint8Array): [number, number] => {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

/** The files of a format, as bytes and as text. */
async function filesOf(id: string) {
  const files = await RENDERERS.get(id, 'test').render(MANY)
  return files.map(({ name, bytes }) => ({ name, bytes, text: new TextDecoder().decode(bytes) }))
}

it.each(RENDERERS.ids)('Two thousand runs fit the format %s', async (id) => {
  const sizes = (await filesOf(id)).map(({ bytes }) => bytes.length)
  expect(sizes.length).toBeGreaterThan(0)
  expect(Math.max(...sizes)).toBeLessThan(MOST_BYTES[id] ?? 8_000_000)
})

it('Pictures of two thousand runs have sides that viewers can show', async () => {
  const pictures = await filesOf('png')
  expect(Math.max(...pictures.flatMap(({ bytes }) => sides(bytes)))).toBeLessThan(16_384)
})

it('Every chart of two thousand runs says how many it leaves out, and has the baseline', async () => {
  const pictures = await filesOf('svg')
  for (const { name, text } of pictures) expect(text, name).toContain('of 2,000 are not drawn')
  const reasons = pictures.find(({ name }) => name === 'cold-start-reasons.svg')
  expect(reasons!.text).toContain(`>${MANY.baseline.label}<`)
  expect(reasons!.text).toContain('1,960 of 2,000 are not drawn')
})

it('No table leaves a run out', async () => {
  const [table] = await filesOf('csv')
  expect(table!.text.trim().split('\n')).toHaveLength(RUNS + 1)
})

it('A drawing of any height becomes a picture that viewers can show', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="76174"><rect width="9" height="76174"/></svg>'
  expect(sides(await pngOf(svg))[1]).toBeLessThanOrEqual(16_384)
})
