import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OffsetSorter } from '../../../src/trace/arrivals/offset-sorter.ts'

describe('the sorter of offsets', () => {
  it('sorts the first ones as plain sorting does, equal ones as they stood, and leaves those behind them out', () => {
    const limit = fc.constantFrom(1, 2, 1000, 60_000, 86_400_000, 2 ** 32 - 1)
    const sorter = new OffsetSorter()
    fc.assert(
      fc.property(
        limit,
        fc.infiniteStream(fc.nat()),
        fc.nat(2000),
        fc.constantFrom(3, 2 ** 31),
        (most, draws, length, crowd) => {
          const offsets = [...draws.take(length)].map((draw) => draw % Math.min(most, crowd))
          sorter.reserve(length + 1)
          for (const [row, offset] of offsets.entries()) {
            sorter.offsets[row] = offset
            sorter.tags[row] = row
          }
          sorter.sort(length, most, true)
          const sorted = offsets.map((offset, row) => [offset, row] as const).sort(([a], [b]) => a - b)
          expect([...sorter.offsets.subarray(0, length)]).toEqual(sorted.map(([offset]) => offset))
          expect([...sorter.tags.subarray(0, length)]).toEqual(sorted.map(([, row]) => row))
          for (const [row, offset] of offsets.entries()) sorter.offsets[row] = offset
          sorter.sort(length, most, false)
          expect([...sorter.offsets.subarray(0, length)]).toEqual(sorted.map(([offset]) => offset))
        },
      ),
      { numRuns: 60 },
    )
  })
})
