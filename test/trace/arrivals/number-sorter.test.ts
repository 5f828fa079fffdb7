import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberSorter } from '../../../src/trace/arrivals/number-sorter.ts'

describe('the sorter of numbers', () => {
  it('sorts what lies between two rows as plain sorting does, and leaves the rest alone', () => {
    const limit = 1000
    const even = fc.double({ min: 0, max: limit, maxExcluded: true, noNaN: true })
    const crowded = fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(limit - 1) })
    const rows = fc.oneof(fc.array(even, { maxLength: 200 }), fc.array(crowded, { minLength: 20, maxLength: 400 }))
    const sorter = new NumberSorter()
    fc.assert(
      fc.property(rows, fc.nat(5), fc.nat(5), (numbers, before, after) => {
        const padded = Float64Array.of(...Array(before).fill(7), ...numbers, ...Array(after).fill(3))
        sorter.sort(padded, before, before + numbers.length, limit)
        const sorted = numbers.map((number) => number + 0).sort((a, b) => a - b)
        expect([...padded]).toEqual([...Array(before).fill(7), ...sorted, ...Array(after).fill(3)])
      }),
    )
  })
})
