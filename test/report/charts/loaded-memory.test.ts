import { expect, it } from 'vitest'
import { loadedMemory } from '../../../src/report/charts/loaded-memory.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

const HOUR = 3_600_000

/** The points of each line as [time, loaded memory]. */
function linesOf(drawing: object): Record<string, [number, number][]> {
  const { layer } = drawing as { layer: { data: { values: { run: string; time: number; loaded: number }[] } }[] }
  const lines: Record<string, [number, number][]> = {}
  for (const { run, time, loaded } of layer[0]!.data.values) (lines[run] ??= []).push([time, loaded])
  return lines
}

it('Each run has its own intervals, from where it is judged to where that ends', () => {
  const made = plausibleComparison({ runs: 2 })
  const [whole, part] = made.runs
  const runs = [
    { ...whole!, label: 'whole', charts: { ...whole!.charts, bucketMs: 12 * HOUR, loadedMb: [1, 2, 3, 4] } },
    {
      ...part!,
      label: 'part',
      judged: { fromMs: 6 * HOUR, toMs: 20 * HOUR },
      // Accounts begin at 6 h: the mean of the first 8 h is over the last two of them.
      charts: { ...part!.charts, bucketMs: 8 * HOUR, loadedMb: [1, 4, 6] },
    },
  ]
  expect(linesOf(loadedMemory.draw({ ...made, runs }))).toEqual({
    whole: [
      [6, 1],
      [18, 2],
      [30, 3],
      [42, 4],
    ],
    part: [
      [7, 4],
      [12, 4],
      [18, 6],
    ],
  })
})
