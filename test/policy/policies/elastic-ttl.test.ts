import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

it('keeps an app for miss cost over rent: half as long where it is twice as large as the average of the others', () => {
  const facts = { apps: 2, memoryMb: new Float64Array([1, 3]) }
  const policy = made('elastic-ttl', { form: 'deterministic', worth: 12 * MINUTE }, facts)
  expect(after(policy, [], 0)).toEqual({ load: 0, unload: 24 })
  expect(after(policy, [], 1)).toEqual({ load: 0, unload: 8 })
})

it('counts a miss by the loading time where asked', () => {
  const facts = { apps: 2, memoryMb: new Float64Array([1, 1]), coldStartMs: new Float64Array([500, 1500]) }
  const policy = made('elastic-ttl', { form: 'deterministic', missCost: 'loading', worth: 12 * MINUTE }, facts)
  expect([after(policy, [], 0).unload, after(policy, [], 1).unload]).toEqual([6, 18])
})

byHand('learns, by hand: three idle times of 5 and one of 100 are best held for 5, four of 100 for nothing', () => {
  // Worth 10: for 5 minutes each 4 x 5 + one miss of 10 = 30; for none 4 x 10 = 40; for 100 minutes 15 + 100.
  expect(after(made('elastic-ttl'), [5, 5, 100, 5])).toEqual({ load: 0, unload: 5 })
  expect(after(made('elastic-ttl'), [100, 100, 100, 100])).toEqual({ load: 0, unload: 0 })
})

it('draws until there is an idle time to learn from, and then learns', () => {
  const policy = made('elastic-ttl', { form: 'learningRandomised' })
  const { unload } = after(policy, [])
  expect(unload).toBeGreaterThan(0)
  expect(unload).toBeLessThan(10)
  expect(after(policy, [5])).toEqual({ load: 0, unload: 5 })
})

asNaive('holds for what would have cost least, as found by trying every whole minute', () => {
  expectAsNaive(
    () => made('elastic-ttl'),
    ({ gaps }) => {
      if (gaps.length === 0) return { load: 0, unload: 10 * MINUTE }
      const bins = gaps.map((gap) => Math.min(Math.ceil(gap / MINUTE), 1441))
      const costOf = (ttl: number): number => bins.reduce((sum, bin) => sum + (bin <= ttl ? bin : ttl + 10), 0)
      const tries = Array.from({ length: 700 }, (_, ttl) => costOf(ttl))
      return { load: 0, unload: tries.indexOf(Math.min(...tries)) * MINUTE }
    },
  )
})
