import { describe, expect, it } from 'vitest'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { LOOKS, plausibleComparison } from '../plausible-comparison.ts'

describe.each(['pdf', 'png'])('the renderer %s', (id) => {
  it.each(LOOKS)('draws every chart the same each time, with $name', async (look) => {
    const comparison = plausibleComparison(look)
    const { render } = RENDERERS.get(id, 'test')
    const files = await render(comparison)
    const charts = await RENDERERS.get('svg', 'test').render(comparison)
    expect(files.map(({ name }) => name)).toEqual(charts.map(({ name }) => name.replace(/svg$/, id)))
    for (const { bytes } of files) expect(bytes.length).toBeGreaterThan(1000)
    expect(await render(comparison)).toEqual(files)
  })
})
