import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitMargins } from '../../../src/trace/synth/proportional-fitting.ts'

const rows = [0, 0, 1, 1]
const columns = [0, 1, 0, 1]

it('Equal weights become the product of the margins', () => {
  const cells = fitMargins(
    [1, 1, 1, 1],
    [
      { group: rows, total: [0.6, 0.4] },
      { group: columns, total: [0.5, 0.5] },
    ],
  )
  for (const [cell, wanted] of [0.3, 0.3, 0.2, 0.2].entries()) expect(cells[cell]).toBeCloseTo(wanted, 8)
})

it('A cell of weight 0 stays 0, and the others make up for it', () => {
  const cells = fitMargins(
    [1, 1, 0, 1],
    [
      { group: rows, total: [0.6, 0.4] },
      { group: columns, total: [0.5, 0.5] },
    ],
  )
  for (const [cell, wanted] of [0.5, 0.1, 0, 0.4].entries()) expect(cells[cell]).toBeCloseTo(wanted, 8)
})

it('Margins that contradict each other are a bug of the caller, and said to be', () => {
  const margins = [
    { group: rows, total: [0.6, 0.4] },
    { group: columns, total: [0.9, 0.9] },
  ]
  expect(() => fitMargins([1, 1, 1, 1], margins)).toThrow('contradict')
})

it('Margins of a table that exists are met, and odds ratios of the weights kept', () => {
  const positive = fc.double({ min: 0.05, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.tuple(positive, positive, positive, positive),
      fc.tuple(positive, positive, positive, positive),
      (weights, table) => {
        const of = (group: readonly number[]) =>
          [0, 1].map((index) => sum(table.filter((_, cell) => group[cell] === index)))
        const cells = fitMargins(weights, [
          { group: rows, total: of(rows) },
          { group: columns, total: of(columns) },
        ])
        for (const group of [rows, columns]) {
          expect(sum(cells.filter((_, cell) => group[cell] === 0))).toBeCloseTo(of(group)[0]!, 6)
        }
        expect(odds(cells) / odds(weights)).toBeCloseTo(1, 6)
      },
    ),
  )
})

function odds([a, b, c, d]: readonly number[]): number {
  return (a! * d!) / (b! * c!)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
