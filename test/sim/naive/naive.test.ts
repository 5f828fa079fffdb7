import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differences } from './compare.ts'
import { scenarios } from './random-scenario.ts'

it('every driver gives what the naive simulation gives', () => {
  let compared = 0
  fc.assert(
    fc.property(scenarios, (given) => {
      const found = differences(given)
      if (found === undefined) return
      compared += 1
      expect(found).toEqual([])
    }),
    { numRuns: 800, seed: 10 },
  )
  expect(compared).toBeGreaterThan(500)
})
