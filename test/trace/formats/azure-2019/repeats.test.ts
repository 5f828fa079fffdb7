import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Repeats } from '../../../../src/trace/formats/azure-2019/repeats.ts'

/** The same by its description, with a text for each row. */
function plainly(days: readonly (readonly (readonly [string | number, string])[])[]): string[][] {
  return days.map((rows) => {
    const seen = new Map<string | number, string[]>()
    return rows.map(([key, text]) => {
      const known = seen.get(key) ?? []
      if (known.includes(text)) return 'repeated'
      seen.set(key, [...known, text])
      return known.length === 0 ? 'new' : 'differing'
    })
  })
}

function judged(days: Parameters<typeof plainly>[0]): string[][] {
  const repeats = new Repeats()
  return days.map((rows) => {
    repeats.clear()
    return rows.map(([key, text]) => repeats.judge(Buffer.from(text), key))
  })
}

describe('rows that repeat another of their day', () => {
  it('are told by their bytes from those that differ, day by day', () => {
    const key = fc.oneof(fc.nat(3), fc.constantFrom('0', '1', ''))
    const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(key, text), { maxLength: 30 }), { maxLength: 3 }), (days) => {
        expect(judged(days)).toEqual(plainly(days))
      }),
    )
  })

  it('are told among more rows than there was room for at first, and again on the next day', () => {
    const rows = Array.from({ length: 3000 }, (_, row) => [row % 1000, `${row % 2000}`.padEnd(90, '-')] as const)
    const days = [rows, rows.toReversed()]
    expect(judged(days)).toEqual(plainly(days))
    expect(judged(days)[0]!.filter((found) => found === 'repeated')).toHaveLength(1000)
  })
})
