import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { pilotlight } from '../pilotlight.ts'

const SAMPLE = fileURLToPath(new URL('../../../traces/sample', import.meta.url))
const HERE = fileURLToPath(new URL('.', import.meta.url))

it('bounds --json prints one document whose curves fall and end with the first uses', async () => {
  const { code, stdout } = await pilotlight(HERE, 'bounds', SAMPLE, '--json', '--quiet', '--capacity', '64GB')
  expect(code).toBe(0)
  const study = JSON.parse(stdout) as {
    firstUses: number
    bounds: { id: string; points: { idle: number; coldStarts: number }[] }[]
    capacity: { memoryMb: number; coldStarts: number }[]
  }
  expect(study.bounds.map(({ id }) => id)).toContain('hold-or-drop')
  for (const { id, points } of study.bounds) {
    const colds = points.map(({ coldStarts }) => coldStarts)
    expect(points.length, id).toBeLessThanOrEqual(200)
    expect(colds, id).toEqual(colds.toSorted((one, other) => other - one))
    expect(colds.at(-1), id).toBeCloseTo(study.firstUses, 6)
  }
  expect(study.capacity[0]!.memoryMb).toBe(65_536)
  expect(study.capacity[0]!.coldStarts).toBeGreaterThanOrEqual(study.firstUses)
})

it('bounds refuses a lead that is no duration', async () => {
  const { code, stderr } = await pilotlight(HERE, 'bounds', SAMPLE, '--lead', 'soon', '--quiet')
  expect(code).toBe(2)
  expect(stderr).toContain('--lead: expected a duration such as 30s or 1m, found "soon"')
})
