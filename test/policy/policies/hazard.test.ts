import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, expectAsNaive, made } from './made-context.ts'

it('rents like on skis before it knows anything', () => {
  expect(after(made('hazard'), [])).toEqual({ load: 0, unload: 10 })
})

byHand('stays, by hand, while a stretch of age has one ending for every ten minutes that were waited in it', () => {
  // Minute 1: 2 endings in 3 x 1 minutes. Minute 2: none in 1. So it stays for one minute.
  expect(after(made('hazard'), [1, 1, 60])).toEqual({ load: 0, unload: 1 })
  // All end within the third stretch, from 2 to 4 minutes: the first is worth nothing.
  expect(after(made('hazard'), [3, 3, 3])).toEqual({ load: 0, unload: 0 })
  expect(after(made('hazard', { preload: true }), [3, 3, 3])).toEqual({ load: 2, unload: 4 })
})

it('wants twice the hazard for an app of twice the memory', () => {
  const policy = made('hazard', {}, { apps: 2, memoryMb: new Float64Array([2, 6]) })
  // One ending in 7 minutes and a half waited in the minute: above 1/20, below 1.5/10.
  const idles = [1, 60, 60, 60, 60, 60, 60, 60]
  expect(after(policy, idles, 0).unload).toBe(1)
  expect(after(policy, idles, 1).unload).toBe(0)
})

asNaive('is the same as counting endings and waiting time anew for each stretch', () => {
  const edges = [0, 1, 2, 4, 6, 10, 14, 22, 30, 46, 62, 94, 126, 190, 254, 382, 510, 766, 1022, 1440].map(
    (m) => m * MINUTE,
  )
  expectAsNaive(
    () => made('hazard'),
    ({ gaps }) => {
      if (gaps.length === 0) return { load: 0, unload: 10 * MINUTE }
      let at = 0
      for (; at + 1 < edges.length; at += 1) {
        const [from, to] = [edges[at]!, edges[at + 1]!]
        const waited = gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap, to) - from), 0)
        const ended = gaps.filter((gap) => gap <= to && (gap > from || (from === 0 && gap === 0))).length
        if (ended === 0 || ended * 10 * MINUTE < waited) break
      }
      return { load: 0, unload: edges[at]! }
    },
  )
})
