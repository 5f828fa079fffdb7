import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GrowingColumn, grown } from '../../src/core/column.ts'

describe('a growing column', () => {
  it('keeps what was pushed and set, in every block and up to 2^32 - 1', () => {
    const column = new GrowingColumn('uint32')
    const cells = [0, 1, 2 ** 16 - 1, 2 ** 16, 3 * 2 ** 16 + 5]
    for (const cell of cells) column.set(cell, 2 ** 32 - 1 - cell)
    column.push(7)
    expect(cells.map((cell) => column.at(cell))).toEqual(cells.map((cell) => 2 ** 32 - 1 - cell))
    expect([column.length, column.at(column.length - 1), column.at(2), column.at(column.length)]).toEqual([
      3 * 2 ** 16 + 7,
      7,
      0,
      0,
    ])
  })

  it('is an array of its kind, whatever is done to it', () => {
    const step = fc.record({ at: fc.nat(1000), value: fc.double({ noNaN: true }), pushes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const column = new GrowingColumn('float64')
        const plain: number[] = []
        for (const { at, value, pushes } of steps) {
          const cell = pushes ? plain.length : at
          if (pushes) column.push(value)
          else column.set(at, value)
          while (plain.length < cell) plain.push(0)
          plain[cell] = value
        }
        expect(Array.from({ length: column.length + 1 }, (_, at) => column.at(at))).toEqual([...plain, 0])
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})

describe('a column that is made longer', () => {
  it('has its cells, then zeros or what fills it, and is of the same kind', () => {
    expect(grown(Uint32Array.of(2 ** 32 - 1, 5), 4)).toEqual(Uint32Array.of(2 ** 32 - 1, 5, 0, 0))
    expect(grown(Int32Array.of(3), 3, -1)).toEqual(Int32Array.of(3, -1, -1))
    expect(grown(Float64Array.of(0.5), 2)).toEqual(Float64Array.of(0.5, 0))
    expect(grown(new Uint16Array(0), 2)).toEqual(Uint16Array.of(0, 0))
  })
})
