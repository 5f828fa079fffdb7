import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

byHand('loads 90 seconds before a tenth before the head, and unloads a tenth after the tail', () => {
  expect(after(made('production-histogram'), [60, 60, 60])).toEqual({ load: 54 - 1.5, unload: 67.1 })
})

it('does not unload where nothing is left of the head', () => {
  expect(after(made('production-histogram'), [1, 1, 1])).toEqual({ load: 0, unload: 2.2 })
})

it('keeps an app loaded for the range when new, too varied, or mostly out of bounds', () => {
  expect(after(made('production-histogram'), [])).toEqual({ load: 0, unload: 240 })
  expect(after(made('production-histogram'), [300, 300, 10])).toEqual({ load: 0, unload: 240 })
})

it('lets the present day outweigh the one before', () => {
  const yesterday = Array.from({ length: 2 }, () => 10)
  const today = Array.from({ length: 35 }, () => 30)
  // 2 x 0.8 of 36.6 are 4.4 %; without fading 2 of 37 would be 5.4 %.
  const shift = 1440 - 20
  expect(after(made('production-histogram'), [...yesterday, ...today], 0, (shift - 1) * MINUTE).load).toBe(27 - 1.5)
})

const dayOf = (at: number): number => Math.floor(at / DAY)

asNaive('is the same as counting all idle times of the last days anew', () => {
  expectAsNaive(
    () => made('production-histogram', { days: 2, cv: 1 }),
    ({ arrivals, gaps }) => {
      const standard = { load: 0, unload: 4 * HOUR }
      const newest = dayOf(arrivals.at(-1)!)
      const known = gaps
        .map((gap, index) => ({ gap, age: newest - dayOf(arrivals[index + 1]!) }))
        .filter(({ age }) => age < 2)
      const bins = Array.from({ length: 241 }, () => 0)
      for (const { gap, age } of known) bins[Math.min(240, Math.floor(gap / MINUTE))]! += 0.8 ** age
      const beyond = bins.pop()!
      const within = bins.reduce((sum, weight) => sum + weight, 0)
      if (within === 0 || beyond > 0.5 * (within + beyond)) return standard
      const mean = within / 240
      const deviation = Math.sqrt(bins.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / 240)
      if (deviation / mean < 1) return standard
      const upTo = (bin: number): number => bins.slice(0, bin + 1).reduce((sum, weight) => sum + weight, 0)
      const first = (percent: number): number =>
        bins.findIndex((_, bin) => upTo(bin) > 0 && 100 * upTo(bin) >= percent * within - 1e-9)
      const load = Math.max(0, first(5) * MINUTE * 0.9 - 90_000)
      return { load, unload: (first(99) + 1) * MINUTE * 1.1 }
    },
    300,
  )
})
