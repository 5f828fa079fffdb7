import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { encodeCells, markCells, MOST_CELL_BYTES } from '../../../src/trace/cells/cell-code.ts'
import { CellCursors, NO_BUCKET } from '../../../src/trace/cells/cell-cursors.ts'
import { packCells, type PlainCells } from '../../../src/trace/cells/pack-cells.ts'
import { UnpackedCells } from '../../../src/trace/cells/unpacked-cells.ts'

const TRACE = { id: 'x', horizonMs: 2 ** 32 }

/** Minute after minute, a few invocations each. */
const often = fc
  .tuple(fc.nat(1900), fc.array(fc.integer({ min: 1, max: 66 }), { maxLength: 90 }))
  .map(([from, counts]) => counts.map((count, index) => [from + index, count] as const))

/** Functions with any cells at all, among them the largest minutes and counts that there are. */
const functions = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: often },
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(
          fc.tuple(
            fc.oneof(fc.nat(40), fc.nat(2 ** 16), fc.integer({ min: 0, max: 2 ** 32 - 2 })),
            fc.oneof(
              fc.integer({ min: 1, max: 3 }),
              fc.integer({ min: 60, max: 70 }),
              fc.integer({ min: 1, max: 2 ** 32 - 1 }),
            ),
          ),
          { maxLength: 40, selector: ([minute]) => minute },
        )
        .map((cells) => cells.toSorted(([one], [other]) => one - other)),
    },
  ),
  { maxLength: 5 },
)

function plain(cells: readonly (readonly (readonly [number, number])[])[]): PlainCells {
  const firstCell = new Float64Array(cells.length + 1)
  for (const [fn, own] of cells.entries()) firstCell[fn + 1] = firstCell[fn]! + own.length
  const all = cells.flat()
  return {
    bucketMs: 1,
    firstCell,
    minute: Uint32Array.from(all, ([minute]) => minute),
    count: Uint32Array.from(all, ([, count]) => count),
  }
}

describe('packed cells', () => {
  it('are unpacked as they were, those of any functions that follow one another', () => {
    fc.assert(
      fc.property(functions, fc.nat(5), fc.nat(5), (cells, one, other) => {
        const given = plain(cells)
        const columns = packCells(given)
        const unpacked = new UnpackedCells(columns, TRACE)
        const [from = 0, to = 0] = [Math.min(one, cells.length), Math.min(other, cells.length)].sort((a, b) => a - b)
        const length = unpacked.open(from, to)
        const [first, end] = [given.firstCell[from]!, given.firstCell[to]!]
        expect(unpacked.minute.subarray(0, length)).toEqual(given.minute.subarray(first, end))
        expect(unpacked.count.subarray(0, length)).toEqual(given.count.subarray(first, end))
        expect([...columns.invocations]).toEqual(cells.map((own) => own.reduce((sum, [, count]) => sum + count, 0)))
      }),
    )
  })

  it('are packed at once as they are packed one by one', () => {
    fc.assert(
      fc.property(functions, (cells) => {
        const { firstByte, cells: expected } = packCells(plain(cells))
        for (const [fn, own] of cells.entries()) {
          const { minute, count } = plain([own])
          const bytes = new Uint8Array(MOST_CELL_BYTES * own.length)
          const end = encodeCells(bytes, 0, own.length, { minute, count })
          expect(bytes.subarray(0, end)).toEqual(expected.slice(firstByte[fn], firstByte[fn + 1]))
        }
      }),
    )
    const twice = { minute: Uint32Array.of(4, 4), count: Uint32Array.of(1, 1) }
    expect(() => encodeCells(new Uint8Array(20), 0, 2, twice)).toThrow('must be in time order')
  })

  it('are added to the buckets of an app as they are unpacked, and bytes that are no cells are told', () => {
    fc.assert(
      fc.property(
        functions,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 0, max: 1 }),
        (cells, length, more) => {
          const columns = packCells(plain(cells))
          const words = Math.ceil(length / 32)
          const none = () => ({ length, active: new Int32Array(words), invocations: new Float64Array(words) })
          for (const [fn, own] of cells.entries()) {
            if (own.length === 0) continue
            const [found, expected] = [none(), none()]
            for (const [minute, count] of own.filter((cell) => cell[0] < length)) {
              expected.active[minute >>> 5]! |= 1 << minute
              expected.invocations[minute >>> 5]! += count
            }
            const isWhole = more === 0 && own.every(([minute]) => minute < length)
            const [at, end] = [columns.firstByte[fn]!, columns.firstByte[fn + 1]! + more]
            const all = isWhole ? columns.invocations[fn]! : Number.NaN
            expect(markCells(columns.cells, at, end, own.length, found)).toBe(all)
            expect(isWhole ? found : expected).toEqual(expected)
          }
        },
      ),
    )
  })

  it('come one after the other in time order, function by function', () => {
    fc.assert(
      fc.property(functions, (cells) => {
        const cursors = new CellCursors(packCells(plain(cells)), TRACE)
        const found = cells.map((_, fn) => {
          const own: [number, number][] = []
          for (; cursors.upcoming[fn] !== NO_BUCKET; cursors.advance(fn))
            own.push([cursors.upcoming[fn]!, cursors.count(fn)])
          return own
        })
        expect(found).toEqual(cells)
      }),
    )
  })

  it('take one byte where a function is invoked a few times every minute, and two where it is not every minute', () => {
    const often = packCells(plain([Array.from({ length: 100 }, (_, minute) => [minute, 1 + (minute % 64)] as const)]))
    const seldom = packCells(plain([Array.from({ length: 100 }, (_, minute) => [3 + minute * 100, 1] as const)]))
    expect([often.cells.length, seldom.cells.length]).toEqual([100, 200])
  })

  it('that no pilotlight packed are refused', () => {
    const columns = packCells(plain([[[5, 100]], [[7, 1]]]))
    const unpacked = (cells: Uint8Array, horizonMs = 100): number =>
      new UnpackedCells({ ...columns, cells }, { id: 'x', horizonMs }).open(0, 2)
    expect(unpacked(columns.cells)).toBe(2)
    const longer = columns.cells.map((byte, at) => (at === 0 ? byte & 127 : byte))
    expect(() => unpacked(longer)).toThrow(UserError)
    expect(() => unpacked(longer)).toThrow('x: it is no compiled trace: what it holds for function 0 is no cells')
    expect(() => unpacked(columns.cells, 7)).toThrow('function 1 is no cells')
    const fewer = columns.cells.map((byte, at) => (at === 0 ? byte - 2 : byte))
    expect(() => unpacked(fewer)).toThrow('function 0 is no cells')
    expect(() => new CellCursors({ ...columns, cells: fewer }, { id: 'x' })).toThrow('function 0 is no cells')
    expect(() => new CellCursors({ ...columns, cells: longer }, { id: 'x' })).toThrow('function 0 is no cells')
  })
})
