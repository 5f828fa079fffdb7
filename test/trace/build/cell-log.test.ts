import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CellLog } from '../../../src/trace/build/cell-log.ts'
import { countColumns } from '../../../src/trace/table/count-columns.ts'
import { encodeCells, MOST_CELL_BYTES } from '../../../src/trace/cells/cell-code.ts'
import type { PlainCells } from '../../../src/trace/cells/pack-cells.ts'
import { UnpackedCells } from '../../../src/trace/cells/unpacked-cells.ts'
import { GrowingColumn } from '../../../src/core/column.ts'

const BLOCK = 65_536

/** The cells of a log's rows, in that order. */
function cellsIn(log: CellLog, order: readonly number[]): PlainCells {
  const options = { bucketMs: 1, nameOf: (row: number) => `row ${row}` }
  const columns = countColumns(log, Uint32Array.from(order), options)
  const cells = new UnpackedCells(columns, { id: 'log', horizonMs: 1e9 })
  const length = cells.open(0, order.length)
  const { bucketMs, firstCell } = columns
  return { bucketMs, firstCell, minute: cells.minute.subarray(0, length), count: cells.count.subarray(0, length) }
}

/** Adds the first `length` cells of two columns as a run. */
function append(log: CellLog, row: number, minute: Uint32Array, count: Uint32Array, length: number): number {
  const bytes = new Uint8Array(length * MOST_CELL_BYTES)
  const sum = count.subarray(0, length).reduce((all, each) => all + each, 0)
  const runs = {
    cells: Uint32Array.of(length),
    first: Uint32Array.of(length === 0 ? 0 : minute[0]!),
    last: Uint32Array.of(length === 0 ? 0 : minute[length - 1]!),
    invocations: Float64Array.of(sum),
    end: Uint32Array.of(encodeCells(bytes, 0, length, { minute, count })),
    bytes,
  }
  const run = log.addRun(row, runs, 0)
  expect(log.isRun(run, runs, 0)).toBe(true)
  return run
}

function bytesOf(column: Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}

describe('a log of cells', () => {
  it('keeps runs whole where a block of memory ends', () => {
    const log = new CellLog()
    const lengths = [BLOCK - 3, 5, 0, BLOCK, 0, 1, 3]
    const minutes = Uint32Array.from({ length: BLOCK }, (_, index) => index)
    const counts = minutes.map((minute) => minute + 1)
    const runs = lengths.map((length, row) => append(log, row, minutes, counts, length))
    expect(runs).toEqual([0, 1, 2, 3, 4, 5, 6])
    for (const [run, length] of lengths.entries()) {
      expect(log.rowOf(run)).toBe(run)
      expect(log.cellsOf(run)).toEqual({ minute: minutes.subarray(0, length), count: counts.subarray(0, length) })
    }
  })

  it('keeps single cells where a block of memory ends', () => {
    const log = new CellLog()
    // Five bytes each, and so more than a block of 2^20 bytes.
    const [cells, large] = [4 * BLOCK, 2 ** 32 - 1]
    for (let minute = 0; minute < cells; minute += 1) log.add(7, minute, large)
    const { minute, count } = cellsIn(log, [7])
    expect([log.runs, minute.length, minute.at(-1), count.at(-1)]).toEqual([2, cells, cells - 1, large])
  })

  it('keeps runs whole on large blocks, which come after 32 MB, and gives up what has left it', () => {
    const shelves = 3
    const log = new CellLog((row) => row % shelves)
    const minutes = Uint32Array.from({ length: BLOCK }, (_, index) => index)
    // Five bytes a cell, and so a third of a MB a run.
    const counts = minutes.map((minute) => 2 ** 32 - 1 - minute)
    const rows = Array.from({ length: 130 }, (_, row) => row)
    // A day may list a function and have no invocation of it.
    for (const row of rows) {
      append(log, row, minutes, counts, BLOCK - row)
      append(log, row, minutes, counts, 0)
    }
    const order = rows.toSorted((one, other) => (one % shelves) - (other % shelves) || one - other)
    const { firstCell, minute, count } = cellsIn(log, order)
    for (const [place, row] of order.entries()) {
      const [from, to] = [firstCell[place]!, firstCell[place + 1]!]
      expect(Buffer.compare(bytesOf(minute.subarray(from, to)), bytesOf(minutes.subarray(0, BLOCK - row)))).toBe(0)
      expect(Buffer.compare(bytesOf(count.subarray(from, to)), bytesOf(counts.subarray(0, BLOCK - row)))).toBe(0)
    }
    for (let run = 0; run < log.runs; run += 1) expect(() => log.cellsOf(run)).toThrow('detached')
  })

  it('gives the cells of each row by minute, whatever was added when', () => {
    const cell = fc.record({
      row: fc.nat(3),
      cells: fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
      single: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), (additions) => {
        const log = new CellLog((row) => row % 2)
        const plain = [0, 1, 2, 3].map(() => new Map<number, number>())
        for (const { row, cells, single } of additions) {
          const rising = [...new Map(cells)].sort(([one], [other]) => one - other)
          const minutes = Uint32Array.from(rising, ([minute]) => minute)
          const counts = Uint32Array.from(rising, ([, count]) => count)
          const added = single ? cells : rising
          if (single) for (const [minute, count] of cells) log.add(row, minute, count)
          else append(log, row, minutes, counts, rising.length)
          for (const [minute, count] of added) plain[row]!.set(minute, (plain[row]!.get(minute) ?? 0) + count)
        }
        const columns = cellsIn(log, [2, 0, 3, 1])
        const found = [2, 0, 3, 1].map((_, place) => {
          const [from, to] = [columns.firstCell[place]!, columns.firstCell[place + 1]!]
          return Array.from({ length: to - from }, (_, index) => [
            columns.minute[from + index],
            columns.count[from + index],
          ])
        })
        expect(found).toEqual([2, 0, 3, 1].map((row) => [...plain[row]!].sort(([a], [b]) => a - b)))
      }),
    )
  })
})

describe('a growing column', () => {
  it('keeps its cells however many there are, and is 0 beyond its end', () => {
    const column = new GrowingColumn('float64')
    for (let index = 0; index < 10_000; index += 1) column.push(index / 2)
    column.set(20_000, 5)
    column.set(4096, -1)
    expect([0, 4095, 4096, 9999, 10_000, 20_000, 20_001, 1e6].map((index) => column.at(index))).toEqual([
      0, 2047.5, -1, 4999.5, 0, 5, 0, 0,
    ])
    expect(column.length).toBe(20_001)
  })
})
